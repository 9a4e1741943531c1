import { memo } from 'react';
import type { Outgoing } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { dayOf } from '#ui/duration.ts';
import { useMinutes } from '#ui/now.ts';
import { Bubble } from './bubble.tsx';
import type { Entry } from './entries.ts';
import { LineView } from './line-view.tsx';
import { NoteView } from './note-view.tsx';
import { OutgoingView } from './outgoing-view.tsx';
import classes from './timeline.module.css';

interface EntryViewProps {
  entry: Entry;
  customer: { id: string; name: string; given: string | null };
  me: string | undefined;
  mayReply: boolean;
  onJump: (seq: number) => void;
  onEdit: (text: string, kind: Outgoing['kind']) => void;
}

export const EntryView = memo(function EntryView(given: EntryViewProps) {
  const { entry } = given;
  return (
    <>
      {entry.day !== undefined && <Day at={entry.day} />}
      {entry.unread && <p className={classes.unread}>{t.timeline.unread}</p>}
      <Inside {...given} />
    </>
  );
});

function Inside({ entry, customer, me, mayReply, onJump, onEdit }: EntryViewProps) {
  switch (entry.kind) {
    case 'message':
      return <Bubble entry={entry} customer={customer} me={me} />;
    case 'note':
      return <NoteView note={entry} me={me} />;
    case 'line':
      return <LineView line={entry.line} at={entry.at} onJump={onJump} />;
    case 'outgoing':
      return <OutgoingView one={entry.outgoing} mayReply={mayReply} onEdit={onEdit} />;
  }
}

function Day({ at }: { at: number }) {
  const now = useMinutes();
  return <h2 className={classes.day}>{dayOf(at, now, t.timeline)}</h2>;
}
