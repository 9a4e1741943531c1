import { type Outlook, type QueueId, textOf } from '@baton/core';
import type {
  Availability,
  Conversation,
  ConversationSummary,
  Customer,
  Handoff,
  HandoffAnswer,
} from '@baton/protocol';
import type { QueueAvailability } from '#hub/queue-availability.ts';
import type { CustomerRow } from '#store/customers.ts';
import type { ConversationRow, HandoffRow } from '#store/lists.ts';
import { presentControl } from './control.ts';
import { presentEstimate, presentFlag, presentTime, presentTimeOrNull } from './event.ts';

export function presentCustomer({ createdAt, ...row }: CustomerRow): Customer {
  return { ...row, createdAt: presentTime(createdAt) };
}

export function presentHandoff({ waitingSince: _, ...row }: HandoffRow): Handoff {
  return {
    ...row,
    requestedAt: presentTime(row.requestedAt),
    queuedAt: presentTimeOrNull(row.queuedAt),
    acceptedAt: presentTimeOrNull(row.acceptedAt),
    endedAt: presentTimeOrNull(row.endedAt),
  };
}

/** `last` is the handoff that ended last. */
export function presentConversation(row: ConversationRow, last: HandoffRow | null): Conversation {
  const { state } = row;
  return {
    id: row.id,
    status: row.status,
    channel: row.channel.id,
    customer: presentCustomer(row.customer),
    control: presentControl(state.control),
    handoff: row.handoff && presentHandoff(row.handoff),
    lastHandoff: last && presentHandoff(last),
    flags: state.flags.map(presentFlag),
    participants: state.participants.map(({ agent, role }) => ({ agent, role })),
    seq: row.seq,
    openedAt: presentTime(row.openedAt),
    closedAt: presentTimeOrNull(row.closedAt),
    lastMessageAt: presentTime(row.last?.at ?? row.openedAt),
    locale: state.locale,
    page: row.page,
    rating: row.rating,
  };
}

/** Characters of the last message that a list shows. */
const PREVIEW = 200;

export function presentSummary(row: ConversationRow): ConversationSummary {
  const { state, handoff, last } = row;
  const { id, name, email, verified } = row.customer;
  return {
    id: row.id,
    status: row.status,
    channel: row.channel,
    customer: { id, name, email, verified },
    control: presentControl(state.control),
    handoff: handoff && {
      id: handoff.id,
      phase: handoff.phase,
      reason: handoff.reason,
      queue: handoff.queue,
      waitingSince: presentTime(handoff.waitingSince),
      meanwhile: handoff.meanwhile,
      agent: handoff.agent,
    },
    flags: state.flags.map((flag) => flag.name),
    watchers: state.participants.flatMap(({ agent, role }) => (role === 'watcher' ? [agent] : [])),
    last: last && {
      role: last.role,
      text: textOf(last.parts).slice(0, PREVIEW),
      at: presentTime(last.at),
      seq: last.seq,
    },
    waiting: row.status === 'open' && last?.role === 'customer',
    seq: row.seq,
    openedAt: presentTime(row.openedAt),
    activeAt: presentTime(row.activeAt),
  };
}

/** `opensAt` is null while queues have no hours. */
export function presentAvailability(queue: QueueId, of: QueueAvailability): Availability {
  return { queue, ...of, estimate: presentEstimate(of.estimate), opensAt: presentTimeOrNull(of.opensAt) };
}

/** `outlook` is null for a handoff that waits no more. */
export function presentHandoffAnswer({
  handoff,
  conversation,
  last,
  availability,
  outlook,
  reply,
}: HandoffParts): HandoffAnswer {
  return {
    handoff: presentHandoff(handoff),
    conversation: presentConversation(conversation, last),
    availability: presentAvailability(handoff.queue, availability),
    position: outlook?.position ?? null,
    estimate: presentEstimate(outlook?.estimate ?? null),
    replyWebhook: reply,
  };
}

export interface HandoffParts {
  handoff: HandoffRow;
  conversation: ConversationRow;
  /** The conversation's handoff that ended last. */
  last: HandoffRow | null;
  availability: QueueAvailability;
  outlook: Outlook | null;
  reply: HandoffAnswer['replyWebhook'];
}
