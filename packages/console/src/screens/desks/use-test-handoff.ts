import type { EventItem, HandoffAnswer } from '@baton/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';

const words = t.settings.desks.handoffNames;
/** How often it is looked at while it is under way, and while an answer is waited for. */
const LOOK_MS = 1_500;

/** A handoff to one desk that is only tried out, followed while somebody looks. */
export function useTestHandoff(desk: string) {
  const { call, live } = useConsole();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: () => call<HandoffAnswer>('POST', '/v1/handoffs', { body: testOf(desk) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['health', desk] }),
  });
  const sent = send.data;
  const conversation = sent?.conversation.id;
  const handoff = useQuery({
    queryKey: ['test-handoff', sent?.handoff.id],
    queryFn: ({ signal }) => call<HandoffAnswer>('GET', `/v1/handoffs/${sent?.handoff.id}`, { signal }),
    enabled: sent !== undefined,
    initialData: sent,
    refetchInterval: ({ state }) => (state.data && isOver(state.data, desk) ? false : LOOK_MS),
    staleTime: 0,
  });
  const log = useQuery({
    queryKey: ['test-handoff', sent?.handoff.id, 'log'],
    queryFn: async ({ signal }) =>
      (
        await call<{ items: EventItem[] }>('GET', `/v1/conversations/${conversation}/events`, {
          query: { limit: 500 },
          signal,
        })
      ).items,
    enabled: sent !== undefined,
    refetchInterval: handoff.data && isOver(handoff.data, desk) ? false : LOOK_MS,
    staleTime: 0,
  });
  const end = useMutation({
    mutationFn: async () => {
      if (conversation === undefined) return;
      // Who ends it there must hold it: an agent of the desk may have taken it.
      await live.ask({ type: 'take', conversation, force: true });
      await call('POST', `/v1/conversations/${conversation}/close`, { body: {} });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['test-handoff'] }),
  });
  // What has arrived once has, also after somebody else took it.
  const ticket = useRef<HandoffAnswer['handoff']['ticket']>(null);
  const answer = handoff.data;
  if (answer?.handoff.desk === desk && answer.handoff.ticket) ticket.current = answer.handoff.ticket;
  return { send, end, answer, events: log.data ?? [], ticket: ticket.current };
}

/** It has ended, or has gone to another desk than the one that is tried. */
export function isOver({ handoff }: HandoffAnswer, desk: string): boolean {
  return handoff.phase === 'ended' || handoff.desk !== desk;
}

/** The same person each time, so that trying it often leaves one contact there. */
function testOf(desk: string) {
  return {
    desk,
    customer: { externalId: 'baton-test', name: words.customer },
    reason: 'customer_asked',
    summary: words.summary,
    flags: ['test'],
    transcript: [
      { role: 'customer', text: words.asked },
      { role: 'bot', text: words.answered },
    ],
  };
}
