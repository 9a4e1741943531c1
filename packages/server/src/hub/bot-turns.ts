import {
  type Conversation,
  choiceOf,
  forCustomer,
  type IntegrationId,
  type Logged,
  type Message,
  messagesOf,
  textOf,
} from '@baton/core';
import type { Pool } from 'pg';
import type { BotTurn, HistoryItem, QueueOutlook } from '#ports/bot.ts';
import { eventsBefore } from '#store/conversations.ts';
import { turnId } from './bot-actions.ts';
import { customerCard, pageOf, returnContextOf } from './contexts.ts';
import type { Directory } from './directory.ts';

/** Messages of what was said before that a bot gets with each turn. */
const HISTORY = 40;
/** Events read for them: notes, flags and control changes lie between. */
const HISTORY_EVENTS = 200;

/** What an event asks of a bot. */
export type Asked = { type: 'message'; seq: number; message: Message } | { type: 'returned'; seq: number };

/**
 * Does this event ask this bot for an answer, as things stand now? A message whose turn is settled, or that was said
 * under another control, does not: the bot never answers what a human has handled.
 */
export function asks(logged: Logged, state: Conversation, bot: IntegrationId): Asked | null {
  const { control } = state;
  if (state.status === 'closed' || control.holder !== 'bot' || control.bot !== bot) return null;
  const { event, seq } = logged;
  if (event.type === 'message' && event.message.turn) {
    const open = event.message.epoch === control.epoch && state.turns.some((turn) => turn.seq === seq);
    return open ? { type: 'message', seq, message: event.message } : null;
  }
  if (
    event.type === 'control.changed' &&
    event.to.holder === 'bot' &&
    event.epoch === control.epoch &&
    event.why !== 'reopened' &&
    // Baton has just asked "what can I do?": with nothing open there is nothing to say.
    (event.why !== 'meanwhile' || state.turns.length > 0)
  ) {
    return { type: 'returned', seq };
  }
  return null;
}

export interface TurnDeps {
  pool: Pool;
  directory: Directory;
  /** What may be promised right now to somebody of this language, per queue; from memory. */
  outlooks(workspace: Conversation['workspace'], locale: string | null): Promise<QueueOutlook[]>;
}

/** Everything that a bot gets with its turn. */
export async function botTurn(deps: TurnDeps, state: Conversation, asked: Asked): Promise<BotTurn> {
  const { pool, directory } = deps;
  const [customer, page, returned, recent, availability] = await Promise.all([
    customerCard(pool, state.workspace, state.customer),
    pageOf(pool, state.id),
    state.ended ? returnContextOf(pool, state) : null,
    eventsBefore(pool, state.id, null, HISTORY_EVENTS),
    deps.outlooks(state.workspace, state.locale),
  ]);
  const pending =
    asked.type === 'message' ? { seq: asked.seq, message: asked.message } : unansweredMessage(state, recent);
  const seq = pending?.seq ?? asked.seq;
  const { name, email, externalId, verified, attributes } = customer;
  return {
    id: turnId(state.id, seq, state.control.epoch),
    seq,
    type: asked.type === 'message' ? 'message.created' : 'conversation.returned',
    conversation: {
      id: state.id,
      channel: directory.integration(state.workspace, state.channel)?.kind ?? 'unknown',
      locale: state.locale,
      epoch: state.control.epoch,
      attributes,
      page,
    },
    customer: { id: customer.id, name, email, externalId, verified },
    message: pending ? asMessage(pending) : null,
    history: historyOf(recent, seq),
    returned,
    whispers: whispersOf(recent),
    flags: state.flags.map((flag) => flag.name),
    fallbacks: state.memory.fallbacksInARow,
    capabilities: { choices: true, typing: true, maxText: 8_000 },
    availability,
  };
}

function asMessage({ seq, message }: { seq: number; message: Message }): NonNullable<BotTurn['message']> {
  const choice = choiceOf(message.parts);
  return {
    id: message.id,
    seq,
    text: textOf(message.parts),
    parts: message.parts,
    ...(choice === undefined ? {} : { choice }),
  };
}

/** What nobody has answered when control comes back is the bot's to answer now (I6). */
function unansweredMessage(state: Conversation, recent: readonly Logged[]): { seq: number; message: Message } | null {
  const seq = state.turns[0]?.seq;
  if (seq === undefined) return null;
  // It is the newest of them: earlier ones are in the history, and one answer serves them all.
  const found = recent.find((one) => one.seq === seq);
  return found?.event.type === 'message' ? { seq, message: found.event.message } : null;
}

function historyOf(recent: readonly Logged[], before: number): HistoryItem[] {
  const visible = recent.filter(({ seq, event }) => seq < before && forCustomer(event) !== null);
  return messagesOf(visible)
    .slice(-HISTORY)
    .map(({ seq, message }) => ({
      seq,
      role: message.author.role,
      ...(message.author.name ? { name: message.author.name } : {}),
      text: textOf(message.parts),
    }));
}

/** Whispers since the bot last said something. */
function whispersOf(recent: readonly Logged[]): string[] {
  let list: string[] = [];
  for (const { event } of recent) {
    if (event.type === 'note' && event.note.whisper) list.push(event.note.text);
    if (event.type === 'message' && event.message.author.role === 'bot') list = [];
  }
  return list;
}
