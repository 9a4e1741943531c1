import type { Millis } from '@baton/core';
import { noteDelivery } from '#store/deliveries.ts';
import { settleEarlier, type UnsettledOpening, unsettledOpenings } from '#store/desk-openings.ts';
import { ofTicket } from '#store/tickets.ts';
import { customerCard } from './contexts.ts';
import { type At, failureOf } from './desk-step.ts';

/** What a vendor was still at work on when it was looked for is there after this, or never will be. */
const LATE_MS: Millis = 60_000;
const LATE = 'Its handoff had ended before Baton knew of this ticket.';
const NEVER = 'Nobody answered whether it arrived; it was looked for later, and it is not there.';

/**
 * Looks for tickets whose opening was not answered and whose handoff has gone on meanwhile: one that is there after all is
 * closed, so that no agent works for somebody who does not wait. Gives the milliseconds until it must be looked again; null: all is
 * settled.
 */
export async function settleOpenings(at: At): Promise<Millis | null> {
  const waits: Millis[] = [];
  for (const opening of await unsettledOpenings(at.deps.pool, at.state.id, at.id)) {
    const wait = opening.ageMs < LATE_MS ? LATE_MS - opening.ageMs : await settle(at, opening);
    if (wait !== null) waits.push(wait);
  }
  return waits.length === 0 ? null : Math.min(...waits);
}

/** Null: it is known now. A desk that cannot be asked is asked ever more seldom. */
async function settle(
  { deps, state, desk, id }: At,
  { handoff, seq, ageMs }: UnsettledOpening,
): Promise<Millis | null> {
  const { pool, circuits } = deps;
  try {
    const customer = await customerCard(pool, state.workspace, state.customer);
    const ticket = await circuits.call(id, 'find ticket', () => desk.findTicket(handoff, customer));
    const isInUse = ticket !== null && (await ofTicket(pool, id, ticket.id))?.open === true;
    if (ticket && !isInUse) await circuits.call(id, 'close ticket', () => desk.close(ticket, LATE));
    if (ticket) await settleEarlier(pool, { conversation: state.id, desk: id, handoff }, ticket.id);
    else
      await noteDelivery(pool, {
        conversation: state.id,
        side: `desk:${id}`,
        seq,
        state: 'failed',
        externalId: null,
        detail: NEVER,
      });
    return null;
  } catch (error) {
    return Math.max(failureOf(error).retryAfterMs ?? 0, ageMs);
  }
}
