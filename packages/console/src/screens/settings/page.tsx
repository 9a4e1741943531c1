import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { sayError } from '#data/api.ts';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';

interface PageProps {
  title: string;
  text: string;
  action?: ReactNode;
  /** The way back, where this is a page below another. */
  back?: ReactNode;
  children: ReactNode;
}

/** One screen of the settings. */
export function Page({ title, text, action, back, children }: PageProps) {
  return (
    <div className={classes.page}>
      {back}
      <header className={classes.head}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          <p className={classes.text}>{text}</p>
        </div>
        {action && <div className={classes.action}>{action}</div>}
      </header>
      {children}
    </div>
  );
}

interface SaveBarProps {
  dirty: boolean;
  busy: boolean;
  error: Error | null;
  onSave: () => void;
  onRevert: () => void;
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/** Shows what was read; until then its shape, and when it fails why. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    return (
      <div className={classes.failed} role="alert">
        <p>
          {t.settings.failed} {sayError(query.error)}
        </p>
        <Button variant="default" onClick={() => void query.refetch()}>
          {t.retry}
        </Button>
      </div>
    );
  }
  return (
    <div role="status" aria-label={t.loading}>
      {[0, 1, 2].map((each) => (
        <Skeleton key={each} height={64} radius="lg" mb={10} />
      ))}
    </div>
  );
}

/** A group of fields under a heading. */
export function Card({ title, hint, children }: { title?: ReactNode; hint?: string; children: ReactNode }) {
  return (
    <section className={classes.card}>
      {title && <h3 className={classes.cardTitle}>{title}</h3>}
      {hint && <p className={classes.hint}>{hint}</p>}
      {children}
    </section>
  );
}

/** A problem with what was entered. */
export function Trouble({ error }: { error: Error | null }) {
  return error ? (
    <p className={classes.trouble} role="alert">
      {sayError(error)}
    </p>
  ) : null;
}

/** Stands at the bottom while there is something to save. */
export function SaveBar({ dirty, busy, error, onSave, onRevert }: SaveBarProps) {
  if (!dirty) return null;
  return (
    <div className={classes.bar} role="status">
      {error ? <Trouble error={error} /> : <span>{t.settings.unsaved}</span>}
      <span className={classes.barButtons}>
        <Button variant="default" onClick={onRevert} disabled={busy}>
          {t.settings.revert}
        </Button>
        <Button onClick={onSave} loading={busy}>
          {t.settings.save}
        </Button>
      </span>
    </div>
  );
}
