import { IconFlag3Filled } from '@tabler/icons-react';
import classes from './flag-pill.module.css';
import { plainWord } from './names.ts';

/** Flags that mean trouble are red, those that mean care are amber, the rest is quiet. */
const TONES: Record<string, 'bad' | 'warn'> = {
  frustrated: 'bad',
  anger: 'bad',
  angry: 'bad',
  loop_guard: 'bad',
  legal: 'warn',
  vip: 'warn',
  billing: 'warn',
};

export function FlagPill({ name, title }: { name: string; title?: string | undefined }) {
  return (
    <span className={classes.pill} data-tone={TONES[name]} title={title}>
      <IconFlag3Filled size={11} aria-hidden />
      <span dir="auto">{plainWord(name)}</span>
    </span>
  );
}
