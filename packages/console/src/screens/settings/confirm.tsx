import { Button, Modal } from '@mantine/core';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';
import { Trouble } from './page.tsx';

interface ConfirmProps {
  opened: boolean;
  title: string;
  text: string;
  submit: string;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that others would notice. */
export function Confirm({ opened, title, text, submit, busy, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={440}>
      <div className={classes.form}>
        <p className={classes.quiet}>{text}</p>
        <Trouble error={error} />
        <footer className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button color="red.8" onClick={onConfirm} loading={busy} data-autofocus>
            {submit}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
