import { UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconCheck, IconClock, IconHelpCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sayError } from '#data/api.ts';
import type { Reach } from '#data/reach.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import classes from './reach-line.module.css';

const words = t.settings.desks;

/** How far a message came toward its desk: said where it is news, with a way to mend what failed. */
export function ReachLine({ conversation, reach, desk }: { conversation: ConversationId; reach: Reach; desk: string }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const { side, seq, state, detail } = reach;
  const again = useMutation({
    mutationFn: () => call('POST', `/v1/conversations/${conversation}/deliveries/replay`, { body: { side, seq } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries', conversation] }),
  });
  switch (state) {
    case 'there':
      return reach.last ? (
        <p className={classes.line}>
          <IconCheck size={14} aria-hidden /> {words.there(desk)}
        </p>
      ) : null;
    case 'going':
      return (
        <p className={classes.line}>
          <IconClock size={13} aria-hidden /> {words.going(desk)}
        </p>
      );
    case 'again':
      return (
        <p className={classes.line} data-tone="warn" role="status">
          <IconClock size={13} aria-hidden />
          <span>
            {words.again(desk)}
            {detail && `: ${detail}`}
          </span>
        </p>
      );
    case 'failed':
    case 'unknown':
      return (
        <p className={classes.line} data-tone={state === 'failed' ? 'bad' : 'warn'} role="alert">
          {state === 'failed' ? <IconAlertCircle size={14} aria-hidden /> : <IconHelpCircle size={14} aria-hidden />}
          <span>
            {state === 'failed' ? words.notIn(desk) : words.maybeIn(desk)}
            {again.error ? `: ${sayError(again.error)}` : detail && `: ${detail}`}{' '}
            <UnstyledButton className={classes.again} onClick={() => again.mutate()} disabled={again.isPending}>
              {state === 'failed' ? words.replay : words.lookAndSend}
            </UnstyledButton>
          </span>
        </p>
      );
  }
}
