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
  const handoffs = handoffRows(before, events, state);
  const shows = before === null || handoffs.length > 0 || events.some((logged) => changesHead(logged.event));
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
    people: events.flatMap(({ event }) =>
      event.type === 'customer.updated' ? [{ customer: event.customer, changes: event.changes }] : [],
    ),
    wakes: [...sidesOf(before, events, state), ...listeners(decided.webhooks, events)],
    deadline: earlier(decided),
  };
  return { write, json };
}

function sidesOf(before: Conversation | null, events: readonly Logged[], state: Conversation): string[] {
  return react(before, events, state).flatMap((effect) => (effect.type === 'wake' ? [effect.side] : []));
}

/** The sides of the endpoints that want one of these events. */
function listeners(webhooks: Decided['webhooks'], events: readonly Logged[]): string[] {
  return webhooks
    .filter((webhook) => events.some(({ event }) => wants(webhook.events, event.type)))
    .map(({ id }) => `webhook:${id}`);
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
