import { Button, Modal } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { sayError } from '#data/api.ts';
import type { Ask } from '#data/live.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { sends } from '#ui/sends.ts';
import classes from './ask-dialog.module.css';

interface AskDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  text?: string;
  submit: string;
  danger?: boolean;
  /** Made when it is submitted; null when something is missing. */
  frame: () => Ask | null;
  children?: ReactNode;
}

/** A deed with a question: stays open until the hub has done it, and says why when it has not. */
export function AskDialog({ opened, onClose, title, ...form }: AskDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={460} returnFocus={false}>
      <Form onClose={onClose} {...form} />
    </Modal>
  );
}

function Form({ onClose, text, submit, danger, frame, children }: Omit<AskDialogProps, 'opened' | 'title'>) {
  const { live } = useConsole();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    const asked = frame();
    if (!asked || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await live.ask(asked);
      onClose();
    } catch (error) {
      setProblem(sayError(error));
    } finally {
      setBusy(false);
    }
  };
  // In a note as in the composer: Enter sends, Shift+Enter breaks the line.
  const press = (event: KeyboardEvent) => {
    const inNote = event.target instanceof HTMLTextAreaElement && sends(event);
    if (!inNote && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    void send();
  };
  return (
    <form className={classes.form} onSubmit={(event) => void send(event)} onKeyDown={press}>
      {text && <p className={classes.text}>{text}</p>}
      {children}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button
          type="submit"
          loading={busy}
          {...(danger && { color: 'red.8' })}
          {...(!children && { 'data-autofocus': true })}
        >
          {submit}
        </Button>
      </footer>
    </form>
  );
}
