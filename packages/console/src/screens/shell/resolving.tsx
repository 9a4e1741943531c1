import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useMemo } from 'react';
import { sayError } from '#data/api.ts';
import { type Command, useCommands } from '#data/commands.ts';
import type { Live } from '#data/live.ts';
import { dueOf } from '#data/resolving.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';
import { customerName } from '#ui/names.ts';
import classes from './resolving.module.css';

/** What was resolved with one key can be taken back for a moment, wherever the agent is by then. */
export function ResolvingBar() {
  const { live } = useConsole();
  const resolving = usePicture((state) => state.resolving);
  const last = resolving.at(-1);
  const row = usePicture((state) => (last ? state.rows[last.conversation]?.summary : undefined));
  useTelling();

  const conversation = last?.conversation;
  const undo = useCallback(() => {
    if (conversation) live.dispatch({ type: 'unresolve', conversation });
  }, [live, conversation]);
  const commands = useMemo(
    (): Command[] =>
      conversation ? [{ id: 'undo', label: t.deeds.undo, keys: 'z', group: 'conversation', run: undo }] : [],
    [conversation, undo],
  );
  useCommands('undo', commands);

  return (
    <div className={classes.place} role="status">
      {last && (
        <p className={classes.bar} data-undo>
          <span className={classes.text}>{t.deeds.resolving(row ? customerName(row.customer) : '')}</span>
          <Button size="compact-sm" variant="light" onClick={undo} rightSection={<Keys keys="z" />}>
            {t.deeds.undo}
          </Button>
        </p>
      )}
    </div>
  );
}

/** Tells the hub when the time is over, and at once when the page goes. */
function useTelling(): void {
  const { live } = useConsole();
  const next = usePicture((state) => state.resolving[0]?.until);
  useEffect(() => {
    if (next === undefined) return;
    const timer = setTimeout(() => tellResolved(live, next), Math.max(0, next - live.now()));
    return () => clearTimeout(timer);
  }, [live, next]);
  useEffect(() => {
    const go = () => tellResolved(live);
    window.addEventListener('pagehide', go);
    return () => window.removeEventListener('pagehide', go);
  }, [live]);
}

/** @param until those whose time is over by then; without it all of them */
export function tellResolved(live: Live, until = Number.POSITIVE_INFINITY): void {
  for (const { conversation } of dueOf(live.state, until)) {
    live.dispatch({ type: 'unresolve', conversation });
    live
      .ask({ type: 'close', conversation, outcome: 'resolved' })
      .catch((error) =>
        notifications.show({ color: 'red', title: t.deeds.failed(t.deeds.resolve), message: sayError(error) }),
      );
  }
}
