import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';

/** Something to copy: a key, a link, a piece of a page. */
export function Copied({ label, text, hint }: { label?: string; text: string; hint?: string }) {
  return (
    <div>
      {label && <span className={classes.label}>{label}</span>}
      <div className={classes.secret}>
        <pre className={classes.code}>{text}</pre>
        <Copy text={text} />
      </div>
      {hint && <p className={classes.below}>{hint}</p>}
    </div>
  );
}

/** A secret: covered until one wants to see it. */
export function Secret({ label, text, hint }: { label: string; text: string; hint?: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <span className={classes.label}>{label}</span>
      <div className={classes.secret}>
        <pre className={classes.code}>{shown ? text : '•'.repeat(24)}</pre>
        <Button
          variant="default"
          leftSection={shown ? <IconEyeOff size={16} /> : <IconEye size={16} />}
          onClick={() => setShown(!shown)}
          aria-label={`${shown ? t.settings.hide : t.settings.reveal}: ${label}`}
        >
          {shown ? t.settings.hide : t.settings.reveal}
        </Button>
        <Copy text={text} />
      </div>
      {hint && <p className={classes.below}>{hint}</p>}
    </div>
  );
}

function Copy({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={copy}
        >
          {copied ? t.copied : t.copy}
        </Button>
      )}
    </CopyButton>
  );
}
