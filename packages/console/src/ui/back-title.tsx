import { IconChevronLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '#strings/strings.ts';
import classes from './back-title.module.css';

/** What a screen beside the inbox is called, and the way back. */
export function BackTitle({ title }: { title: string }) {
  return (
    <>
      <Link to="/inbox/$view" params={{ view: 'queue' }} className={classes.back} aria-label={t.back}>
        <IconChevronLeft size={20} />
      </Link>
      <h1 className={classes.title}>{title}</h1>
    </>
  );
}
