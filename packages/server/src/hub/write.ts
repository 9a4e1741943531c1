import { type Conversation, type Logged, nextDeadline, type Rules, react } from '@baton/core';
import type { Write } from '#store/flush.ts';
import { changesHead, handoffRows, headOf } from '#store/projection.ts';
import type { WebhookEntry } from './directory.ts';
import { wants } from './webhook-side.ts';

/** After this many plain messages the state is stored anyway, so that loading plays at most so many on top. */
const STATE_EVERY = 64;

export interface Decided {
  before: Conversation | null;
  state: Conversation;
  /** The events of each command, in order. */
  batches: readonly (readonly Logged[])[];
  /** seq of what is written so far. */
  written: number;
  /** The stored deadline as far as known. */
  deadline: number | null;
  now: number;
  rules: Rules | undefined;
  /** Endpoints of the workspace that are told of events. */
  webhooks: readonly Pick<WebhookEntry, 'id' | 'events'>[];
}

/** What a flush has to write for one conversation, and the JSON of each event, made here once for log and sockets. */
export function toWrite(decided: Decided): { write: Write; json: string[][] } {
  const { before, state, batches, written } = decided;
  const events = batches.length === 1 ? (batches[0] as readonly Logged[]) : batches.flat();
  const rows: Write['events'] = [];
  const json = batches.map((batch) =>
    batch.map(({ seq, at, event, key }) => {
      const text = JSON.stringify(event);
      rows.push({ seq, at, type: event.type, json: text, key });
      return text;
    }),
  );
  const moved = before === null || events.some((logged) => changesHead(logged.event));
  // Messages alone change a handoff only where its object is another one.
  const handoffs = moved || before.handoff !== state.handoff ? handoffRows(before, events, state) : [];
  const shows = moved || handoffs.length > 0;
  const stale = Math.floor(written / STATE_EVERY) !== Math.floor(state.seq / STATE_EVERY);
  const write: Write = {
    id: state.id,
    workspace: state.workspace,
    expected: written,
    next: state.seq,
    at: rows.at(-1)?.at ?? decided.now,
    events: rows,
    state: shows || stale ? JSON.stringify(state) : null,
    head: shows ? headOf(state, events) : null,
    handoffs,
    people: moved ? peopleIn(events) : [],
    wakes: wakes(decided, events),
    deadline: earlier(decided),
  };
  return { write, json };
}

function peopleIn(events: readonly Logged[]): Write['people'] {
  return events.flatMap(({ event }) =>
    event.type === 'customer.updated' ? { customer: event.customer, changes: event.changes } : [],
  );
}

/** Bots, desks and channels that have something to do, and the endpoints that want one of these events. */
function wakes({ before, state, webhooks }: Decided, events: readonly Logged[]): string[] {
  const sides: string[] = [];
  for (const effect of react(before, events, state)) if (effect.type === 'wake') sides.push(effect.side);
  for (const { id, events: wanted } of webhooks) {
    if (events.some(({ event }) => wants(wanted, event.type))) sides.push(`webhook:${id}`);
  }
  return sides;
}

/**
 * The deadline to store, or null to leave the stored one. One that is too early only costs a look; one that has passed
 * may have been moved by another node, so it counts as unknown.
 */
function earlier({ state, rules, deadline, now }: Decided): number | null {
  const next = rules ? nextDeadline(state, rules) : null;
  if (next === null) return null;
  return deadline === null || deadline <= now || next < deadline ? next : null;
}
