import { Loader } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '#strings/strings.ts';
import classes from './told.module.css';

interface ToldProps {
  /** `busy`: it is still being tried. */
  tone: 'good' | 'bad' | 'busy';
  title: string;
  ms?: number | undefined;
  children?: ReactNode;
}

/** What came of something that was tried. */
export function Told({ tone, title, ms, children }: ToldProps) {
  return (
    <div className={classes.told} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      {tone === 'busy' && <Loader size={18} color="var(--accent)" />}
      {tone === 'good' && <IconCircleCheck size={19} stroke={1.8} aria-hidden />}
      {tone === 'bad' && <IconAlertCircle size={19} stroke={1.8} aria-hidden />}
      <div className={classes.toldMain}>
        <strong>{title}</strong>
        {children}
      </div>
      {ms !== undefined && <span className={classes.took}>{t.settings.desks.took(Math.round(ms))}</span>}
    </div>
  );
}
