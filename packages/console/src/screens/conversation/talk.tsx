import type { ConversationSummary } from '@baton/protocol';
import { useLocation } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCommands } from '#data/commands.ts';
import { controlOf, type Stance, stanceOf } from '#data/picture.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { customerName } from '#ui/names.ts';
import { Composer, type Kind, kindsFor } from './composer.tsx';
import classes from './conversation.module.css';
import { type DialogName, useDeeds } from './deeds.tsx';
import { Dialogs } from './dialogs.tsx';
import { Header } from './header.tsx';
import { isHeld } from './held.ts';
import type { Names } from './lines.ts';
import { Locked } from './locked.tsx';
import { Timeline } from './timeline.tsx';
import { TypingLine } from './typing-line.tsx';

interface TalkProps {
  id: ConversationId;
  row: ConversationSummary;
  names: Omit<Names, 'reason'>;
  jump: { seq: number; count: number } | null;
  onJump: (seq: number) => void;
  panel: boolean;
  onTogglePanel: () => void;
}

/** Header, timeline and composer of one conversation. */
export function Talk({ id, row, names, jump, onJump, panel, onTogglePanel }: TalkProps) {
  const stance = useStance(row);
  const held = usePicture((state) => isHeld(state.timelines[id]?.events));
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const { kind, setKind, write, edit, field } = useWriting(id, stance);
  const deeds = useDeeds({
    row,
    stance,
    me: names.me,
    held: held && stance.is === 'mine',
    openDialog: setDialog,
    write,
    togglePanel: onTogglePanel,
  });
  useCommands('conversation', deeds);

  return (
    <div className={classes.talk}>
      <Header row={row} stance={stance} held={held && stance.is === 'mine'} deeds={deeds} panel={panel} />
      <Timeline
        id={id}
        row={row}
        names={names}
        mayReply={stance.is === 'mine'}
        jump={jump}
        onJump={onJump}
        onEdit={edit}
      />
      <TypingLine id={id} row={row} />
      <Composer
        id={id}
        customer={customerName(row.customer)}
        stance={stance}
        kind={kind}
        onKind={setKind}
        locked={<Locked stance={stance} deeds={deeds} />}
        field={field}
      />
      <Dialogs row={row} stance={stance} name={dialog} onClose={() => setDialog(null)} />
    </div>
  );
}

/** The same object while nothing about it changes, whatever else the picture does: commands and memos hang on it. */
function useStance(row: ConversationSummary): Stance {
  const said = usePicture((state) =>
    JSON.stringify(stanceOf(row, controlOf(state, row.id) ?? row.control, state.me?.id)),
  );
  return useMemo(() => JSON.parse(said), [said]);
}

/** Which field is open, and how to put words into it. */
function useWriting(id: ConversationId, stance: Stance) {
  const { drafts } = useConsole();
  const [wanted, setKind] = useState<Kind>('reply');
  const [opened, setOpened] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const kind = kindsFor(stance).includes(wanted) ? wanted : 'reply';

  const write = useCallback((next: Kind) => {
    setKind(next);
    setOpened((before) => before + 1);
  }, []);
  useEffect(() => {
    if (opened > 0) field.current?.focus();
  }, [opened]);
  // Whoever accepts or takes over wants to write.
  const accepted = useLocation({ select: (location) => location.state.write === true });
  const mine = stance.is === 'mine';
  const before = useRef(mine && !accepted);
  useEffect(() => {
    if (mine && !before.current) write('reply');
    before.current = mine;
  }, [mine, write]);
  const edit = useCallback(
    (text: string, back: Kind) => {
      const draft = drafts.get(id, back);
      drafts.set(id, back, draft === '' ? text : `${text}\n${draft}`);
      // Through another kind and back: the field reads its draft when it is made.
      setKind(back === 'note' ? 'reply' : 'note');
      requestAnimationFrame(() => write(back));
    },
    [drafts, id, write],
  );
  return { kind, setKind: write, write, edit, field };
}
