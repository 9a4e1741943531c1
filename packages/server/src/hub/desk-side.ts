import {
  type Conversation,
  type IntegrationId,
  type Logged,
  type Message,
  nextDesk,
  type Outlook,
  type Ticket,
  textOf,
} from '@baton/core';
import type { Pool } from 'pg';
import type { Desk, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { advance, finish, type Lease, retryLater, wakeCursor } from '#store/cursors.ts';
import { deliveryOf, noteDelivery } from '#store/deliveries.ts';
import { type AtDesk, atDesk, ticketOf } from '#store/tickets.ts';
import type { Circuits } from './circuits.ts';
import { contextOf } from './contexts.ts';
import type { Desks } from './desks.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';

/** Between two tries, doubled each time. */
const RETRY_MS = 1_000;
const RETRY_MOST_MS = 60_000;
/** An open handoff is tried fast: its deadlines (10 s a desk) decide how long. */
const OPEN_RETRY_MS = 1_000;
/** After a time-out the other side may still be at it: looked for only after this. */
const LOOK_AFTER_MS = 1_500;
/** A new ticket is asked for lost webhooks after this. */
const POLL_AFTER_MS = 15_000;
/** Tries of one message before it counts as failed and the agent is told. */
const MOST_TRIES = 20;

export interface DeskSideDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  directory: Directory;
  desks: Desks;
  circuits: Circuits;
  /** A signed link to the whole transcript, for the desk's agents. */
  transcriptUrl(conversation: Conversation['id']): string;
  inboundUrl(integration: IntegrationId): string;
}

/** What came of one event: done, or to be tried again after so many milliseconds. */
type Step = 'done' | { again: number; why: string };

interface At {
  deps: DeskSideDeps;
  lease: Lease;
  state: Conversation;
  desk: Desk;
  id: IntegrationId;
}

/** Brings conversations to outside desks: one cursor, event after event, in the order of the log. */
export function deskSide(deps: DeskSideDeps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const id = lease.side.slice('desk:'.length) as IntegrationId;
    let { seq } = lease;
    for (;;) {
      const events = await eventsAfter(deps.pool, lease.conversation, seq);
      for (const logged of events) {
        const step = await carry(deps, lease, id, logged);
        if (step !== 'done') return retryLater(deps.pool, lease, step.again, step.why);
        seq = logged.seq;
        await advance(deps.pool, lease, seq);
        lease.attempts = 0;
      }
      if (events.length < PAGE) return finish(deps.pool, lease, seq);
    }
  };
}

async function carry(deps: DeskSideDeps, lease: Lease, id: IntegrationId, logged: Logged): Promise<Step> {
  if (!concerns(logged)) return 'done';
  // Another node may have written it: what is known here must be as new as the event that is looked at.
  const state = await deps.ledger.read(lease.conversation, logged.seq);
  const desk = state && (await deps.desks.get(state.workspace, id));
  if (!state) return 'done';
  if (!desk) return gone(deps, state, id, logged);
  const at: At = { deps, lease, state, desk, id };
  const { event, seq } = logged;
  if (event.type === 'handoff.requested')
    return event.desk === id
      ? open(at, event.handoff, seq)
      : leave(at, seq, 'This conversation went on to another desk.');
  const there = await atDesk(deps.pool, state.id, id, seq);
  if (!there) return 'done';
  switch (event.type) {
    case 'message':
      return send(at, there, seq, event.message, logged.at);
    case 'handoff.accepted':
      return event.agent.desk === id ? 'done' : leave(at, seq, `${event.agent.name} answers in Baton.`);
    case 'handoff.ended':
      return close(at, there, `Ended in Baton: ${event.outcome}.`);
    default:
      return 'done';
  }
}

function concerns({ event }: Logged): boolean {
  if (event.type === 'message')
    return !event.message.imported && event.message.author.role !== 'bot' && event.message.author.role !== 'system';
  return event.type === 'handoff.requested' || event.type === 'handoff.accepted' || event.type === 'handoff.ended';
}

/** The integration was removed or switched off while something was on its way. */
async function gone(
  { ledger, directory }: DeskSideDeps,
  state: Conversation,
  id: IntegrationId,
  { event }: Logged,
): Promise<Step> {
  if (event.type !== 'handoff.requested' || event.desk !== id) return 'done';
  await failed({ ledger, directory }, state, id, event.handoff, 'This desk is not connected any more.');
  return 'done';
}

/** The desk cannot take it: the next one of the queue's list, or the truth. */
async function failed(
  { ledger, directory }: Pick<DeskSideDeps, 'ledger' | 'directory'>,
  state: Conversation,
  id: IntegrationId,
  handoff: `hnd_${string}`,
  detail: string,
): Promise<void> {
  const rules = directory.rules(state.workspace);
  const next = rules && state.handoff ? nextDesk(rules, state.handoff.queue, id) : undefined;
  await ledger.commit(state.id, { type: 'desk-failed', handoff, detail, ...(next === undefined ? {} : { next }) });
}

async function open(at: At, handoff: `hnd_${string}`, seq: number): Promise<Step> {
  const { deps, lease, state, desk, id } = at;
  const waits = state.handoff?.id === handoff && state.handoff.phase === 'requested' && state.handoff.desk === id;
  if (!waits) return 'done';
  try {
    const ticket = await openTicket(at, handoff, seq);
    await note(at, seq, 'sent', ticket.id, null);
    const outlook = await outlookOf(at, ticket);
    await deps.ledger.commit(state.id, { type: 'acknowledge', handoff, ticket, outlook });
    if (desk.poll) await wakeCursor(deps.pool, state.id, `poll:${id}`, POLL_AFTER_MS);
    return 'done';
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind === 'uncertain') await note(at, seq, 'unknown', null, failure.message);
    if (failure.kind === 'retry' || failure.kind === 'uncertain') {
      return {
        again: failure.retryAfterMs ?? Math.min(OPEN_RETRY_MS * 2 ** lease.attempts, 5_000),
        why: failure.message,
      };
    }
    await note(at, seq, 'failed', null, failure.message);
    await failed(deps, state, id, handoff, failure.message);
    return 'done';
  }
}

/** A try that was cut off may have arrived, in whole or in part: the adapter is told to look first. */
async function openTicket({ deps, state, desk, id }: At, handoff: `hnd_${string}`, seq: number): Promise<Ticket> {
  const side = `desk:${id}`;
  const again = (await deliveryOf(deps.pool, state.id, side, seq)) !== null;
  const context = await contextOf(deps, state, seq);
  if (!context || !state.handoff) throw new AdapterFailure('rejected', 'The handoff is over.');
  const { queue } = state.handoff;
  await noteDelivery(deps.pool, {
    conversation: state.id,
    side,
    seq,
    state: 'pending',
    externalId: null,
    detail: null,
  });
  return deps.circuits.call(id, 'open ticket', () =>
    desk.open(
      {
        handoff,
        context,
        group: deps.desks.group(state.workspace, id, queue),
        transcriptUrl: deps.transcriptUrl(state.id),
        inboundUrl: deps.inboundUrl(id),
      },
      again,
    ),
  );
}

/** What the desk itself says of the wait; null where it says nothing, and nothing is promised. */
async function outlookOf({ deps, state, desk, id }: At, ticket: Ticket): Promise<Outlook | null> {
  if (!desk.can.position && !desk.can.availability) return null;
  try {
    const group = state.handoff ? deps.desks.group(state.workspace, id, state.handoff.queue) : null;
    const {
      state: availability,
      position,
      estimate,
    } = await deps.circuits.call(id, 'availability', () => desk.availability(group, ticket));
    return { availability, position, ahead: position === null ? null : position - 1, estimate };
  } catch {
    // That it cannot tell the wait must not cost the customer his place.
    return null;
  }
}

async function send(at: At, { handoff }: AtDesk, seq: number, message: Message, saidAt: number): Promise<Step> {
  const { deps, lease, state, desk, id } = at;
  const { author } = message;
  // What this desk's own agents said it knows.
  if (author.role === 'agent' && author.desk === id) return 'done';
  const ticket = await ticketOf(deps.pool, handoff);
  if (!ticket) return 'done';
  const out = outMessage(state, seq, message, saidAt);
  const side = `desk:${id}`;
  const before = await deliveryOf(deps.pool, state.id, side, seq);
  if (before?.state === 'sent') return 'done';
  try {
    if (before === null) await note(at, seq, 'pending', null, null);
    const { externalId } = await deps.circuits.call(id, 'send message', () => desk.send(ticket, out, before !== null));
    await note(at, seq, 'sent', externalId, null);
    return 'done';
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind === 'uncertain') {
      await note(at, seq, 'unknown', null, failure.message);
      return { again: LOOK_AFTER_MS, why: failure.message };
    }
    if (failure.kind === 'retry' && lease.attempts + 1 < MOST_TRIES) {
      await note(at, seq, 'failed', null, failure.message);
      return {
        again: failure.retryAfterMs ?? Math.min(RETRY_MS * 2 ** lease.attempts, RETRY_MOST_MS),
        why: failure.message,
      };
    }
    await note(at, seq, 'failed', null, failure.message);
    await deps.ledger.commit(state.id, {
      type: 'delivery-failed',
      side,
      seq,
      kind: failure.kind,
      detail: failure.message,
    });
    return 'done';
  }
}

function outMessage(state: Conversation, seq: number, { author, parts }: Message, at: number): OutMessage {
  const files = parts.flatMap((part) => (part.type === 'file' ? [part.file] : []));
  const text = textOf(parts.filter((part) => part.type !== 'file'));
  return {
    key: `${state.id}:${seq}`,
    seq,
    author: { role: author.role, name: author.name ?? 'Customer' },
    text,
    files,
    at,
  };
}

/** It is answered elsewhere now: the ticket there is closed. */
async function leave(at: At, seq: number, why: string): Promise<Step> {
  const there = await atDesk(at.deps.pool, at.state.id, at.id, seq);
  return there ? close(at, there, why) : 'done';
}

async function close(at: At, { handoff, requestedSeq }: AtDesk, why: string): Promise<Step> {
  const { deps, lease, state, desk, id } = at;
  try {
    // An acknowledgement that came too late was refused: the ticket is known by its delivery only.
    const opened = await deliveryOf(deps.pool, state.id, `desk:${id}`, requestedSeq);
    const stored = await ticketOf(deps.pool, handoff);
    let ticket = stored ?? (opened?.externalId ? { id: opened.externalId } : null);
    if (!ticket && opened) ticket = await deps.circuits.call(id, 'find ticket', () => desk.findTicket(handoff));
    if (ticket) {
      const known = ticket;
      await deps.circuits.call(id, 'close ticket', () => desk.close(known, why));
    }
    return 'done';
  } catch (error) {
    const failure = asFailure(error);
    if ((failure.kind === 'retry' || failure.kind === 'uncertain') && lease.attempts + 1 < MOST_TRIES) {
      return {
        again: failure.retryAfterMs ?? Math.min(RETRY_MS * 2 ** lease.attempts, RETRY_MOST_MS),
        why: failure.message,
      };
    }
    deps.world.log.warn({ conversation: state.id, desk: id, reason: failure.message }, 'a ticket could not be closed');
    return 'done';
  }
}

function note(
  { deps, state, id }: At,
  seq: number,
  as: 'pending' | 'sent' | 'failed' | 'unknown',
  externalId: string | null,
  detail: string | null,
): Promise<void> {
  return noteDelivery(deps.pool, { conversation: state.id, side: `desk:${id}`, seq, state: as, externalId, detail });
}

function asFailure(error: unknown): AdapterFailure {
  if (error instanceof AdapterFailure) return error;
  // A bug of the adapter or a database that is away: the lease runs out and it is tried again.
  throw error;
}
