import { type Logged, textOf } from '@baton/core';
import type { Conversation, ConversationSummary, EventItem, HandoffContext } from '@baton/protocol';
import type { Talk } from './hub.ts';

const time = (at: number) => new Date(at).toISOString();
export const CHANNEL = { id: 'int_widget', kind: 'widget', name: 'Shop website' } as const;

export function eventOf({ seq, at, event }: Logged): EventItem {
  const plain = JSON.parse(
    JSON.stringify(event, (key, value) =>
      ['expiresAt', 'asOf', 'saidAt'].includes(key) && typeof value === 'number' ? time(value) : value,
    ),
  );
  if (plain.type === 'message') {
    delete plain.message.turn;
    delete plain.message.answers;
  }
  return { seq, at: time(at), event: plain };
}

export function summaryOf({ state, log, customer }: Talk): ConversationSummary {
  const last =
    log.findLast(({ event }) => event.type === 'message' && event.message.author.role !== 'system') ??
    log.findLast(({ event }) => event.type === 'message');
  const { handoff } = state;
  return {
    id: state.id,
    status: state.status,
    channel: CHANNEL,
    customer: { id: customer.id as 'cus_', name: customer.name, email: customer.email, verified: customer.verified },
    control: { ...state.control, since: time(state.control.since) },
    handoff: handoff && {
      id: handoff.id,
      phase: handoff.phase,
      reason: handoff.reason,
      queue: handoff.queue,
      waitingSince: time(handoff.waitingSince),
      agent: 'agent' in handoff ? handoff.agent : null,
    },
    flags: state.flags.map((flag) => flag.name),
    watchers: state.participants.flatMap(({ agent, role }) => (role === 'watcher' ? [agent] : [])),
    last:
      last?.event.type === 'message'
        ? {
            role: last.event.message.author.role,
            text: textOf(last.event.message.parts).slice(0, 200),
            at: time(last.at),
            seq: last.seq,
          }
        : null,
    waiting: state.status === 'open' && last?.event.type === 'message' && last.event.message.author.role === 'customer',
    seq: state.seq,
    openedAt: time(state.openedAt),
    activeAt: time(log.at(-1)?.at ?? state.openedAt),
  };
}

export function conversationOf(talk: Talk): Conversation {
  const { state, customer, page } = talk;
  const { handoff } = state;
  const rating = talk.log.findLast(({ event }) => event.type === 'rating.given')?.event;
  return {
    id: state.id,
    status: state.status,
    channel: CHANNEL.id,
    customer: { ...customer, id: customer.id as 'cus_', createdAt: time(state.openedAt - 40 * 86_400_000) },
    control: { ...state.control, since: time(state.control.since) },
    handoff: handoff && {
      id: handoff.id,
      conversation: state.id,
      phase: handoff.phase,
      reason: handoff.reason,
      evidence: handoff.evidence,
      summary: handoff.summary ?? null,
      queue: handoff.queue,
      desk: handoff.desk,
      priority: handoff.priority,
      skills: handoff.skills,
      agent: 'agent' in handoff ? handoff.agent : null,
      ticket: null,
      outcome: null,
      requestedAt: time(handoff.requestedAt),
      queuedAt: 'queuedAt' in handoff ? time(handoff.queuedAt) : null,
      acceptedAt: 'acceptedAt' in handoff ? time(handoff.acceptedAt) : null,
      endedAt: null,
    },
    flags: state.flags.map((flag) => ({ ...flag, at: time(flag.at) })),
    participants: state.participants.map(({ agent, role }) => ({ agent, role })),
    seq: state.seq,
    openedAt: time(state.openedAt),
    closedAt: state.closedAt === null ? null : time(state.closedAt),
    lastMessageAt: time(state.lastMessageAt),
    locale: state.locale,
    page,
    rating: rating?.type === 'rating.given' ? { score: rating.score, comment: rating.comment ?? null } : null,
  };
}

export function contextOf(talk: Talk): HandoffContext | null {
  const { state, log, customer, page } = talk;
  const { handoff } = state;
  if (!handoff) return null;
  return {
    handoff: handoff.id,
    conversation: state.id,
    reason: handoff.reason,
    evidence: handoff.evidence,
    summary: handoff.summary ?? '',
    waitingSince: time(handoff.waitingSince),
    queue: handoff.queue,
    priority: handoff.priority,
    skills: handoff.skills,
    customer: { ...customer, id: customer.id as 'cus_' },
    page,
    language: state.locale,
    channel: CHANNEL,
    flags: state.flags.map((flag) => ({ ...flag, at: time(flag.at) })),
    botTried: [],
    transcript: log.flatMap(({ seq, at, event }) =>
      event.type === 'message'
        ? [{ seq, role: event.message.author.role, text: textOf(event.message.parts), at: time(at) }]
        : [],
    ),
    earlier: [],
  };
}
