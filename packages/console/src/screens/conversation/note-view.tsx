import { IconAlertTriangle, IconEar, IconLock } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import { hourOf, momentOf } from '#ui/duration.ts';
import { authorName } from '#ui/names.ts';
import type { Entry } from './entries.ts';
import classes from './note-view.module.css';
import { Words } from './words.tsx';

/** Words among staff: a note, a whisper to the bot, a warning of Baton. They must never look like something the customer sees. */
export function NoteView({ note, me }: { note: Extract<Entry, { kind: 'note' }>; me: string | undefined }) {
  const { author, whisper, warning, text, at } = note;
  return (
    <article className={classes.note} data-kind={whisper ? 'whisper' : warning ? 'warning' : 'note'}>
      <header className={classes.head}>
        {whisper ? (
          <IconEar size={14} aria-hidden />
        ) : warning ? (
          <IconAlertTriangle size={14} aria-hidden />
        ) : (
          <IconLock size={14} aria-hidden />
        )}
        <span>{whisper ? t.timeline.toBot : warning ? t.timeline.warning : t.timeline.note}</span>
        <span className={classes.author} dir="auto">
          {author.id === me ? t.list.you : authorName(author, '')}
        </span>
        <time dateTime={new Date(at).toISOString()} title={momentOf(at)}>
          {hourOf(at)}
        </time>
      </header>
      <Words text={text} rich={false} />
    </article>
  );
}
