import { UnstyledButton } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ConversationId } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import classes from './jump-down.module.css';

/** While one reads further up: the way back to the newest, with how much came meanwhile. */
export function JumpDown({ id, atEnd, onJump }: { id: ConversationId; atEnd: boolean; onJump: () => void }) {
  const came = useCame(id, atEnd);
  if (atEnd) return null;
  return (
    <UnstyledButton className={classes.jump} data-new={came > 0 || undefined} onClick={onJump}>
      <IconArrowDown size={16} aria-hidden />
      {came > 0 ? t.timeline.newMessages(came) : <span className="visually-hidden">{t.timeline.jump}</span>}
    </UnstyledButton>
  );
}

/** Messages of others since the reader left the end. */
function useCame(id: ConversationId, atEnd: boolean): number {
  const { live } = useConsole();
  const me = usePicture((state) => state.me?.id);
  const [came, setCame] = useState(0);
  const away = useRef(false);
  away.current = !atEnd;
  useEffect(() => {
    if (atEnd) setCame(0);
  }, [atEnd]);
  useEffect(
    () =>
      live.onFrame((frame) => {
        const message =
          frame.type === 'event' && frame.conversation === id && frame.event.type === 'message'
            ? frame.event.message
            : null;
        if (message && message.author.id !== me && away.current) setCame((before) => before + 1);
      }),
    [live, id, me],
  );
  return came;
}
