import type { AgentRef, Millis } from '@baton/core';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent } from '#ports/desk.ts';
import type { Conversation, Freshchat, Message } from './client.ts';
import { messagesSince } from './conversations.ts';
import { noteForBot, said } from './inbound.ts';

/** Messages this young are asked for again: an older one may appear after them. */
const SETTLING_MS: Millis = 30_000;

/** What was known of a conversation when it was asked last. */
interface Cursor {
  /** Messages up to here are settled. */
  since: Millis;
  /** Counts changes of its state, so that each has a key of its own. */
  changes: number;
  agent: string | null;
  over: boolean;
  returned: boolean;
  /** What the bot is to know when it has the conversation back. */
  note: string | null;
}

const START: Cursor = { since: 0, changes: 0, agent: null, over: false, returned: false, note: null };

export interface Asking {
  api: Freshchat;
  /** The agent in whose name Baton writes. */
  us: string;
  botGroup: string | null;
  now: Millis;
  agentOf(id: string): Promise<AgentRef>;
}

/** What has happened in a conversation since `cursor`: its words, and where its state differs from what was seen last. */
export async function pollConversation(
  asking: Asking,
  id: string,
  cursor: string | null,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const { api, us, botGroup, now, agentOf } = asking;
  const seen: Cursor = cursor === null ? START : JSON.parse(cursor);
  // Its state first: what is said later than that is read with the next poll at the latest.
  const conversation = await unless([404], api.conversation(id));
  if (conversation === null)
    return { events: [{ type: 'closed', ticket: id, key: `gone:${id}`, agent: null }], cursor: JSON.stringify(seen) };
  const messages = (await messagesSince(api, id, seen.since))
    .filter(({ created_time }) => timeOf(created_time) > seen.since)
    .sort((a, b) => timeOf(a.created_time) - timeOf(b.created_time));
  const settled = messages.filter(({ created_time }) => timeOf(created_time) < now - SETTLING_MS);
  const assigned = conversation.assigned_agent_id;
  const next: Cursor = {
    since: Math.max(seen.since, ...settled.map(({ created_time }) => timeOf(created_time))),
    changes: seen.changes,
    agent: assigned === us ? null : assigned,
    over: conversation.status === 'resolved',
    returned: botGroup !== null && conversation.assigned_group_id === botGroup,
    note: messages.map((message) => noteForBot(message, us)).findLast((note) => note !== null) ?? seen.note,
  };
  const events = [
    ...(await wordsOf(asking, id, messages)),
    ...statesSince(seen, next, conversation, next.agent === null ? null : await agentOf(next.agent)),
  ];
  const changes = seen.changes + events.filter(({ type }) => type !== 'agent.said').length;
  return { events, cursor: JSON.stringify({ ...next, changes }) };
}

async function wordsOf(
  { us, botGroup, agentOf }: Asking,
  id: string,
  messages: readonly Message[],
): Promise<DeskEvent[]> {
  const names = new Map<string, AgentRef>();
  for (const { actor_type, actor_id } of messages)
    if (actor_type === 'agent' && actor_id !== null && actor_id !== us) names.set(actor_id, await agentOf(actor_id));
  const reading = { agent: us, botGroup, agentOf: (who: string) => names.get(who) };
  return messages.map((message) => said(message, id, reading)).filter(({ type }) => type === 'agent.said');
}

function statesSince(
  seen: Cursor,
  now: Cursor,
  { conversation_id: ticket, updated_time }: Conversation,
  agent: AgentRef | null,
): DeskEvent[] {
  const time = Date.parse(updated_time ?? '');
  const at = Number.isNaN(time) ? {} : { at: time };
  const moment = (what: string) => ({ ticket, key: `poll:${what}:${ticket}:${seen.changes}:${at.at ?? ''}`, ...at });
  // Whatever is done besides (put back, resolved) comes after that, and finds the handoff ended.
  if (now.returned && !seen.returned)
    return [{ type: 'returned', ...moment('returned'), agent, ...(now.note === null ? {} : { note: now.note }) }];
  const events: DeskEvent[] = [];
  if (now.agent !== seen.agent)
    events.push(
      agent
        ? { type: 'assigned', ...moment(`assigned:${agent.id}`), agent }
        : { type: 'unassigned', ...moment('unassigned') },
    );
  if (now.over !== seen.over)
    events.push(
      now.over ? { type: 'closed', ...moment('closed'), agent } : { type: 'reopened', ...moment('reopened') },
    );
  return events;
}

function timeOf(time: string): Millis {
  return Date.parse(time) || 0;
}
