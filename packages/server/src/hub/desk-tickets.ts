import {
  type Conversation,
  closedOutlook,
  type HandoffId,
  hoursOf,
  type IntegrationId,
  nextDesk,
  type Outlook,
  type Ticket,
} from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import { wakeCursor } from '#store/cursors.ts';
import { type Delivery, deliveryOf, noteDelivery } from '#store/deliveries.ts';
import { openingOf, settleEarlier } from '#store/desk-openings.ts';
import { type AtDesk, atDesk, ticketOf } from '#store/tickets.ts';
import { Paused } from './circuits.ts';
import { contextOf, customerCard } from './contexts.ts';
import { type At, type DeskSideDeps, failureOf, nextTry, type Step } from './desk-step.ts';

/** An open handoff is tried fast: its deadlines (10 s a desk) decide how long. */
const OPEN_RETRY_MS = 1_000;
const OPEN_RETRY_MOST_MS = 5_000;
/** A desk that is down for longer is not waited for where there is another. */
const WAIT_FOR_DESK_MS = 5_000;
/** A new ticket is asked for lost webhooks after this. */
const POLL_AFTER_MS = 15_000;

/** Brings the handoff to the desk; the desk has it only when it says so. */
export async function openHandoff(at: At, handoff: HandoffId, seq: number, retried: boolean): Promise<Step> {
  const { deps, attempts, state, id } = at;
  const waits = state.handoff?.id === handoff && state.handoff.phase === 'requested' && state.handoff.desk === id;
  if (!waits) return 'done';
  const before = await deliveryOf(deps.pool, state.id, `desk:${id}`, seq);
  // Nobody knows what a call did that was not answered, or was under way when we were killed: a later one that failed for sure says nothing of it.
  const unsure = before?.state === 'unknown' || before?.state === 'pending';
  try {
    const ticket = await openTicket(at, handoff, seq, { isFirst: before === null, again: retried || before !== null });
    await note(at, seq, 'sent', ticket.id, null);
    if (retried) await settleEarlier(deps.pool, { conversation: state.id, desk: id, handoff }, ticket.id);
    const outlook = await outlookOf(at, ticket);
    // Refused where it went on meanwhile: the event that says so closes the ticket.
    await deps.ledger.commit(state.id, { type: 'acknowledge', handoff, desk: id, ticket, outlook });
    await watch(at);
    return 'done';
  } catch (error) {
    const failure = failureOf(error);
    const { kind, retryAfterMs, message: why } = failure;
    await note(at, seq, unsure || kind === 'uncertain' ? 'unknown' : 'failed', null, why);
    const passes = kind === 'retry' || kind === 'uncertain';
    const tooLong = (retryAfterMs ?? 0) > WAIT_FOR_DESK_MS && next(deps, state, id) !== undefined;
    if (passes && !tooLong) {
      const again = retryAfterMs ?? Math.min(OPEN_RETRY_MS * 2 ** attempts, OPEN_RETRY_MOST_MS);
      return { again, why, ...(failure instanceof Paused ? { untried: true } : {}) };
    }
    await toNextDesk(deps, state, id, handoff, why);
    return 'done';
  }
}

/** From now on the ticket is asked for what its webhooks lose. */
export async function watch({ deps, state, desk, id }: At): Promise<void> {
  if (desk.poll) await wakeCursor(deps.pool, state.id, `poll:${id}`, POLL_AFTER_MS);
}

async function openTicket(
  at: At,
  handoff: HandoffId,
  seq: number,
  { isFirst, again }: { isFirst: boolean; again: boolean },
): Promise<Ticket> {
  const { deps, state, desk, id } = at;
  const context = await contextOf(deps, state, seq);
  if (!context || !state.handoff) throw new AdapterFailure('rejected', 'The handoff is over.');
  const { queue } = state.handoff;
  if (isFirst) await note(at, seq, 'pending', null, null);
  const ticket = {
    handoff,
    context,
    group: deps.desks.group(state.workspace, id, queue),
    transcriptUrl: deps.links.transcript(state.id),
    inboundUrl: deps.links.inbound(id, deps.desks.inboundSecret(state.workspace, id)),
  };
  return deps.circuits.call(id, 'open ticket', () => desk.open(ticket, again));
}

/** What is known of the wait: by the desk, else by what we see of its line; null where nobody knows, and nothing is promised. */
export async function outlookOf(at: At, ticket: Ticket): Promise<Outlook | null> {
  const told = await toldOutlook(at, ticket);
  const { deps, state } = at;
  if (told?.estimate || told?.availability === 'closed' || !state.handoff) return told;
  const { id: handoff, queue } = state.handoff;
  const { estimate } = (await deps.line.fresh(state.workspace)).outlook(queue, handoff);
  if (estimate === null) return told;
  const unseen = { availability: 'unknown', position: null, ahead: null } as const;
  return { ...(told ?? unseen), estimate };
}

/** That it is closed, or what the desk itself says. */
async function toldOutlook({ deps, state, desk, id }: At, ticket: Ticket): Promise<Outlook | null> {
  const rules = deps.directory.rules(state.workspace);
  const hours = rules && state.handoff ? hoursOf(rules, state.handoff.queue) : null;
  const closed = closedOutlook(hours, deps.world.now());
  if (closed) return closed;
  if (!desk.can.position && !desk.can.availability) return null;
  try {
    const group = state.handoff ? deps.desks.group(state.workspace, id, state.handoff.queue) : null;
    const told = await deps.circuits.call(id, 'availability', () => desk.availability(group, ticket));
    const { state: availability, position, estimate } = told;
    return { availability, position, ahead: position === null ? null : position - 1, estimate };
  } catch (error) {
    // That it cannot tell the wait must not cost the customer his place.
    failureOf(error);
    return null;
  }
}

/** The desk cannot take it: the next one of the queue's list, or the truth. */
export async function toNextDesk(
  deps: DeskSideDeps,
  state: Conversation,
  desk: IntegrationId,
  handoff: HandoffId,
  detail: string,
): Promise<void> {
  const other = next(deps, state, desk);
  await deps.ledger.commit(state.id, {
    type: 'desk-failed',
    handoff,
    desk,
    detail,
    ...(other === undefined ? {} : { next: other }),
  });
}

function next({ directory }: DeskSideDeps, state: Conversation, desk: IntegrationId): IntegrationId | null | undefined {
  const rules = directory.rules(state.workspace);
  return rules && state.handoff ? nextDesk(rules, state.handoff.queue, desk) : undefined;
}

/** It is answered elsewhere now: the ticket there is closed. */
export async function leaveDesk(at: At, seq: number, why: string): Promise<Step> {
  const there = await atDesk(at.deps.pool, at.state.id, at.id, seq);
  return there ? closeTicket(at, there, why) : 'done';
}

export async function closeTicket(at: At, there: AtDesk, why: string): Promise<Step> {
  const { deps, state, desk, id } = at;
  try {
    const ticket = await knownTicket(at, there);
    if (ticket) await deps.circuits.call(id, 'close ticket', () => desk.close(ticket, why));
    return 'done';
  } catch (error) {
    const failure = failureOf(error);
    const again = nextTry(at, failure);
    if (again) return again;
    deps.world.log.warn({ conversation: state.id, desk: id, reason: failure.message }, 'a ticket could not be closed');
    return 'done';
  }
}

/** An acknowledgement that came too late was refused: then the ticket is known by its delivery, or to the desk only. */
async function knownTicket(at: At, { handoff }: AtDesk): Promise<Ticket | null> {
  const { deps, state, desk, id } = at;
  const stored = await ticketOf(deps.pool, handoff);
  if (stored) return stored;
  // A desk that did not answer in time is asked once more under another seq: any of these may have made the ticket.
  const opened = await openingOf(deps.pool, { conversation: state.id, desk: id, handoff });
  if (opened?.externalId) return { id: opened.externalId };
  if (!opened) return null;
  const customer = await customerCard(deps.pool, state.workspace, state.customer);
  const found = await deps.circuits.call(id, 'find ticket', () => desk.findTicket(handoff, customer));
  // One that is not there yet may come: `settleOpenings` looks again.
  if (found) await settleEarlier(deps.pool, { conversation: state.id, desk: id, handoff }, found.id);
  return found;
}

function note(
  { deps, state, id }: At,
  seq: number,
  as: Delivery['state'],
  externalId: string | null,
  detail: string | null,
): Promise<void> {
  return noteDelivery(deps.pool, { conversation: state.id, side: `desk:${id}`, seq, state: as, externalId, detail });
}
