import type {
  Conversation,
  ConversationContext,
  ConversationSummary,
  EventItem,
  Integration,
  Queue,
} from '@baton/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Call } from './api.ts';
import { previewOf } from './rows.ts';
import type { ConversationId } from './state.ts';

/** A conversation with everything about its customer. Events say when it must be read again. */
export function conversationQuery(call: Call, id: ConversationId) {
  return queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => call<Conversation>('GET', `/v1/conversations/${id}`, { signal }),
    staleTime: 10_000,
  });
}

/** What it is about, in a few lines that the server puts together where nobody has said it. */
export function summaryQuery(call: Call, id: ConversationId, handoff: string) {
  return queryOptions({
    queryKey: ['summary', id, handoff],
    queryFn: async ({ signal }) =>
      (
        await call<ConversationContext>('GET', `/v1/conversations/${id}/context`, {
          query: { transcript: 'none' },
          signal,
        })
      ).handoff?.summary ?? null,
    staleTime: 60_000,
  });
}

/** What the customer wrote before, newest first. */
export function earlierQuery(call: Call, customer: string) {
  return queryOptions({
    queryKey: ['earlier', customer],
    queryFn: async ({ signal }) =>
      (
        await call<{ items: ConversationSummary[] }>('GET', '/v1/conversations', {
          query: { customer, limit: 20 },
          signal,
        })
      ).items,
  });
}

export function queuesQuery(call: Call) {
  return queryOptions({
    queryKey: ['queues'],
    queryFn: async ({ signal }) =>
      (await call<{ items: Queue[] }>('GET', '/v1/queues', { query: { limit: 100 }, signal })).items,
  });
}

export function integrationsQuery(call: Call) {
  return queryOptions({
    queryKey: ['integrations'],
    queryFn: async ({ signal }) =>
      (await call<{ items: Integration[] }>('GET', '/v1/integrations', { query: { limit: 100 }, signal })).items,
  });
}

/** A conversation that no list holds (opened by its address), as a row of the lists. */
export function summaryOf(
  conversation: Conversation,
  channels: readonly Integration[],
  events: readonly EventItem[],
): ConversationSummary {
  const { id, status, customer, control, handoff, flags, participants, seq, openedAt, lastMessageAt } = conversation;
  const channel = channels.find((one) => one.id === conversation.channel);
  const last = lastOf(events);
  return {
    id,
    status,
    channel: { id: conversation.channel, kind: channel?.kind ?? '', name: channel?.name ?? '' },
    customer: { id: customer.id, name: customer.name, email: customer.email, verified: customer.verified },
    control,
    handoff:
      handoff && handoff.phase !== 'ended'
        ? {
            id: handoff.id,
            phase: handoff.phase,
            reason: handoff.reason,
            queue: handoff.queue,
            waitingSince: handoff.requestedAt,
            meanwhile: handoff.meanwhile,
            agent: handoff.agent,
          }
        : null,
    flags: flags.map((flag) => flag.name),
    watchers: participants.filter((one) => one.role === 'watcher').map((one) => one.agent),
    last,
    waiting: status === 'open' && last?.role === 'customer',
    seq,
    openedAt,
    activeAt: lastMessageAt,
  };
}

function lastOf(events: readonly EventItem[]): ConversationSummary['last'] {
  const found = events.findLast(({ event }) => event.type === 'message' && event.message.author.role !== 'system');
  if (found?.event.type !== 'message') return null;
  const { author, parts } = found.event.message;
  return { role: author.role, text: previewOf(parts), at: found.at, seq: found.seq };
}
