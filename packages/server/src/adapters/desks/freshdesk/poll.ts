import type { Millis } from '@baton/core';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent } from '#ports/desk.ts';
import type { Agent, Entry, Freshdesk } from './client.ts';
import { agentRef, agentSaid, noteForBot, TICK_MS } from './inbound.ts';
import { isOver } from './tickets.ts';

/** Entries this young are asked for again: one with a lower number may appear after them. */
const SETTLING_MS: Millis = 30_000;

/** What was known of a ticket when it was asked last. */
interface Cursor {
  /** The last entry that is settled, and how many pages there were. */
  after: number;
  page: number;
  /** Counts changes of its state, so that each has a key of its own. */
  changes: number;
  responder: number | null;
  over: boolean;
  returned: boolean;
  /** What the bot is to know when it has the conversation back. */
  note: string | null;
}

const START: Cursor = {
  after: 0,
  page: 1,
  changes: 0,
  responder: null,
  over: false,
  returned: false,
  note: null,
};

export interface Asking {
  api: Freshdesk;
  /** Who has this tag goes back to the bot. */
  returnTag: string;
  now: Millis;
  agentOf(id: number): Promise<Agent | null>;
}

/** What has happened in a ticket since `cursor`: its words, and where its state differs from what was seen last. */
export async function pollTicket(
  { api, returnTag, now, agentOf }: Asking,
  id: string,
  cursor: string | null,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const seen: Cursor = cursor === null ? START : JSON.parse(cursor);
  // Its state first: what is said later than that is read with the next poll at the latest.
  const ticket = await unless([404], api.ticket(id));
  if (ticket === null)
    return { events: [{ type: 'closed', ticket: id, key: `gone:${id}`, agent: null }], cursor: JSON.stringify(seen) };
  const { entries, page } = await entriesSince(api, id, seen);
  const events: DeskEvent[] = [];
  for (const entry of entries) {
    const agent = entry.private || entry.incoming || !entry.user_id ? null : await agentOf(entry.user_id);
    const event = agentSaid(id, entry, agent);
    if (event.type === 'agent.said') events.push(event);
  }
  const settled = entries.filter(({ created_at }) => Date.parse(created_at) < now - SETTLING_MS);
  const next: Cursor = {
    after: settled.at(-1)?.id ?? seen.after,
    page,
    changes: seen.changes,
    responder: ticket.responder_id ?? null,
    over: isOver(ticket),
    returned: ticket.tags?.some((tag) => tag.toLowerCase() === returnTag) ?? false,
    note: entries.map(noteForBot).findLast((note) => note !== null) ?? seen.note,
  };
  const who = next.responder === null ? null : await agentOf(next.responder);
  // Words after the end must not come before it: a ticket is updated by both.
  const since = next.over === seen.over ? null : await api.statusSince(id);
  const states = statesSince(seen, next, { ticket: id, updated: ticket.updated_at, since }, who);
  return { events: [...events, ...states], cursor: JSON.stringify({ ...next, changes: seen.changes + states.length }) };
}

/** `updated`: when anything in it changed last; `since`: when its status did, where that is known. */
function statesSince(
  seen: Cursor,
  now: Cursor,
  { ticket, updated, since }: { ticket: string; updated: string; since: string | null },
  who: Agent | null,
): DeskEvent[] {
  const moment = (what: string, when = updated) => {
    const at = Date.parse(when);
    const key = `${what}:${ticket}:${seen.changes}:${updated}`;
    return { ticket, key, ...(Number.isNaN(at) ? {} : { at, tick: TICK_MS }) };
  };
  const agent = now.responder === null ? null : agentRef(now.responder, who);
  // Whatever is done besides (put back, solved) comes after that, and finds the handoff ended.
  if (now.returned && !seen.returned)
    return [{ type: 'returned', ...moment('returned'), agent, ...(now.note === null ? {} : { note: now.note }) }];
  const events: DeskEvent[] = [];
  if (now.responder !== seen.responder)
    events.push(
      agent
        ? { type: 'assigned', ...moment(`assigned:${agent.id}`), agent }
        : { type: 'unassigned', ...moment('unassigned') },
    );
  if (now.over !== seen.over)
    events.push(
      now.over
        ? { type: 'closed', ...moment('closed', since ?? updated), agent }
        : { type: 'reopened', ...moment('reopened', since ?? updated) },
    );
  return events;
}

/** Entries with a higher number than the last that is settled, in their order: from the page where they were, or before it. */
async function entriesSince(
  api: Freshdesk,
  id: string,
  { after, page }: Cursor,
): Promise<{ entries: Entry[]; page: number }> {
  const found: Entry[] = [];
  let last = page;
  for (let full = true; full; last++) {
    const read = await api.entries(id, last);
    found.push(...read.entries);
    full = read.full;
  }
  // Where entries were deleted, later ones have moved to the page before.
  for (let before = page - 1; before > 0 && !found.some((entry) => entry.id <= after); before--)
    found.unshift(...(await api.entries(id, before)).entries);
  const entries = found.filter((entry) => entry.id > after).sort((a, b) => a.id - b.id);
  return { entries, page: Math.max(1, last - 1) };
}
