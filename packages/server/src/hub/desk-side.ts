import type { Conversation, HandoffId, IntegrationId, Logged, Millis } from '@baton/core';
import { ConfigProblem } from '#ports/adapter.ts';
import type { Desk } from '#ports/desk.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { advance, finish, giveBack, type Lease } from '#store/cursors.ts';
import { noteDelivery } from '#store/deliveries.ts';
import { type AtDesk, atDesk, ticketOf } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import type { DeskIngest } from './desk-ingest.ts';
import { sendMessage } from './desk-messages.ts';
import { type At, type DeskSideDeps, failureOf, type Step, waitFor } from './desk-step.ts';
import { closeTicket, leaveDesk, openHandoff, toNextDesk, watch } from './desk-tickets.ts';
import { settleOpenings } from './settle-openings.ts';

type Ended = Extract<Logged['event'], { type: 'handoff.ended' }>;
type Deps = DeskSideDeps & { ingest: Pick<DeskIngest, 'keep'> };

/** Brings conversations to outside desks: one cursor, event after event, in the order of the log. */
export function deskSide(deps: Deps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const id = lease.side.slice('desk:'.length) as IntegrationId;
    let { seq } = lease;
    for (;;) {
      const events = await eventsAfter(deps.pool, lease.conversation, seq);
      for (const [index, logged] of events.entries()) {
        const step = concerns(logged) ? await carry(deps, lease, id, logged, events.slice(index + 1)) : 'done';
        if (step !== 'done') return waitFor(deps.pool, lease, step);
        seq = logged.seq;
        // What concerns no desk is passed over without a write; a crash looks at it again.
        if (!concerns(logged)) continue;
        // Taken up by another node, which goes on from here.
        if (!(await advance(deps.pool, lease, seq))) return giveBack(deps.pool, [lease], 0);
        lease.attempts = 0;
      }
      // Also after mere words: whatever woke the cursor, it must not forget when it was to look again.
      if (events.length < PAGE) return finish(deps.pool, lease, seq, await settle(deps, lease, id));
    }
  };
}

/** Milliseconds until it must be looked again for tickets that may have been opened late; null: there are none. */
async function settle(deps: Deps, { conversation }: Lease, id: IntegrationId): Promise<Millis | null> {
  const state = await deps.ledger.read(conversation);
  const desk = state && (await deskOf(deps, state, id));
  return desk && typeof desk !== 'string' ? settleOpenings({ deps, attempts: 0, state, desk, id }) : null;
}

/** Events after which a conversation may be at a desk, or not any more. */
const MOVES: ReadonlySet<string> = new Set([
  'handoff.requested',
  'handoff.accepted',
  'handoff.transferred',
  'handoff.ended',
]);

/** What bot and Baton say the desk has in the transcript, or its customer sees it only. */
function concerns({ event }: Logged): boolean {
  if (event.type === 'message')
    return !event.message.imported && event.message.author.role !== 'bot' && event.message.author.role !== 'system';
  return MOVES.has(event.type);
}

/** `next`: what came after it, as far as it was read. */
async function carry(
  deps: Deps,
  lease: Lease,
  id: IntegrationId,
  logged: Logged,
  next: readonly Logged[],
): Promise<Step> {
  // Another node may have written it: what is known here must be as new as the event that is looked at.
  const state = await deps.ledger.read(lease.conversation, logged.seq);
  if (!state) return 'done';
  const desk = await deskOf(deps, state, id);
  if (typeof desk === 'string') return gone(deps, state, id, logged, desk);
  const at: At = { deps, attempts: lease.attempts, state, desk, id };
  const { event, seq } = logged;
  if (event.type === 'handoff.requested') {
    if (event.desk !== id) return leaveDesk(at, seq, 'This conversation went on to another desk.');
    // Its own agent took it, who has a ticket; one of the console who asks for this desk wants a new one.
    return event.by.role === 'agent' && event.by.agent.desk === id && !event.retry
      ? catchUp(at, event.handoff, seq)
      : openHandoff(at, event.handoff, seq, event.retry === true);
  }
  const there = await atDesk(deps.pool, state.id, id, seq);
  if (!there) return 'done';
  switch (event.type) {
    case 'message':
      return sendMessage(at, there.handoff, { seq, at: logged.at, message: event.message }, desk.joins ? next : []);
    case 'handoff.accepted':
      return event.agent.desk === id ? 'done' : leaveDesk(at, seq, `${event.agent.name} answers in Baton.`);
    case 'handoff.transferred':
      return 'agent' in event.to && event.to.agent.desk !== id
        ? leaveDesk(at, seq, `${event.to.agent.name} answers in Baton.`)
        : 'done';
    case 'handoff.ended':
      return endThere(deps, at, there, event);
    default:
      return 'done';
  }
}

/**
 * Closes the ticket, unless its own agent has, and hears of it at once: what is told from then on came after the end. It is asked
 * one last time later, as an agent's last words may be among what was lost. Whose agent answers again by now has it still.
 */
async function endThere(
  { pool, world, circuits, ingest }: Deps,
  at: At,
  there: AtDesk,
  { outcome, by }: Ended,
): Promise<Step> {
  const { state, desk, id } = at;
  const ticket = await ticketOf(pool, there.handoff);
  const now = state.handoff && state.handoff.id !== there.handoff ? await ticketOf(pool, state.handoff.id) : null;
  if (state.handoff?.desk === id && ticket && now?.id === ticket.id) return 'done';
  const closedThere = outcome === 'resolved' && by.role === 'agent' && by.agent.desk === id;
  const step = closedThere ? 'done' : await closeTicket(at, there, `Ended in Baton: ${outcome}.`);
  if (step !== 'done') return step;
  await watch(at);
  try {
    if (ticket)
      await askDesk({ pool, world, circuits, ingest }, { id, desk, ticket, handoff: there.handoff }, 'ask last');
  } catch (error) {
    // It is asked later anyway.
    failureOf(error);
  }
  return 'done';
}

/** The ready desk, or why there is none. */
async function deskOf(deps: DeskSideDeps, state: Conversation, id: IntegrationId): Promise<Desk | string> {
  try {
    return (await deps.desks.get(state.workspace, id)) ?? 'This desk is not connected any more.';
  } catch (error) {
    if (error instanceof ConfigProblem) return error.message;
    throw error;
  }
}

/** Nobody is there to bring it to: the next desk, or the truth in the log. */
async function gone(
  deps: DeskSideDeps,
  state: Conversation,
  id: IntegrationId,
  { event, seq }: Logged,
  why: string,
): Promise<Step> {
  if (event.type === 'handoff.requested' && event.desk === id) await toNextDesk(deps, state, id, event.handoff, why);
  if (event.type === 'message' && (await atDesk(deps.pool, state.id, id, seq))) {
    const side = `desk:${id}` as const;
    await noteDelivery(deps.pool, {
      conversation: state.id,
      side,
      seq,
      state: 'failed',
      externalId: null,
      detail: why,
    });
    await deps.ledger.commit(state.id, { type: 'delivery-failed', side, seq, kind: 'auth', detail: why });
  }
  return 'done';
}

/**
 * An agent of the desk answered in an old ticket, after the bot had it again: what was said since is brought there, so that
 * he sees what he answers to.
 */
async function catchUp(at: At, handoff: HandoffId, seq: number): Promise<Step> {
  const { pool } = at.deps;
  if (!(await ticketOf(pool, handoff))) return 'done';
  let missed: Logged[] = [];
  for (let after = 0; ; ) {
    const events = (await eventsAfter(pool, at.state.id, after)).filter((logged) => logged.seq < seq);
    for (const logged of events) {
      if (logged.event.type === 'handoff.ended') missed = [];
      else missed.push(logged);
    }
    if (events.length < PAGE) break;
    after = events.at(-1)?.seq ?? seq;
  }
  for (const logged of missed) {
    if (logged.event.type !== 'message' || logged.event.message.author.role === 'system') continue;
    const step = await sendMessage(at, handoff, { seq: logged.seq, at: logged.at, message: logged.event.message });
    if (step !== 'done') return step;
  }
  await watch(at);
  return 'done';
}
