import type { IntegrationId } from '@baton/core';
import { ConfigProblem } from '#ports/adapter.ts';
import type { Desk } from '#ports/desk.ts';
import { eventsAfter } from '#store/conversations.ts';
import { finish, type Lease } from '#store/cursors.ts';
import { settleAgain, wantedAgain } from '#store/desk-deliveries.ts';
import { atDesk } from '#store/tickets.ts';
import { sendMessage } from './desk-messages.ts';
import { type At, type DeskSideDeps, type Step, waitFor } from './desk-step.ts';

/**
 * Sends once more what a person asked for, after it had failed or nobody knew whether it arrived. A cursor of its own, so that
 * a crash forgets none and one worker at a time is at it; the adapter looks first, so that nothing is there twice.
 */
export function deskAgain(deps: DeskSideDeps): (lease: Lease) => Promise<void> {
  const { pool } = deps;
  return async (lease) => {
    const id = lease.side.slice('again:'.length) as IntegrationId;
    let { attempts } = lease;
    for (const seq of await wantedAgain(pool, lease.conversation, id)) {
      const step = await sendAgain(deps, lease, id, seq, attempts);
      if (typeof step === 'object' && 'again' in step) return waitFor(pool, lease, step, attempts !== lease.attempts);
      await settleAgain(pool, lease.conversation, id, seq, step === 'done' ? null : step.never);
      attempts = 0;
    }
    return finish(pool, lease, lease.seq);
  };
}

/** Done (sent or given up), to be tried later, or never possible any more. */
async function sendAgain(
  deps: DeskSideDeps,
  { conversation }: Lease,
  id: IntegrationId,
  seq: number,
  attempts: number,
): Promise<Step | { never: string }> {
  const state = await deps.ledger.read(conversation);
  const [logged] = await eventsAfter(deps.pool, conversation, seq - 1);
  if (!state || logged?.seq !== seq || logged.event.type !== 'message') return { never: 'It is not there any more.' };
  const { message } = logged.event;
  if (message.redacted || message.parts.length === 0) return { never: 'It was redacted: there is nothing to send.' };
  const desk = await readyDesk(deps, state.workspace, id);
  if (typeof desk === 'string') return { never: desk };
  const there = await atDesk(deps.pool, conversation, id, seq);
  if (!there) return { never: 'Its conversation was not at this desk then.' };
  const at: At = { deps, attempts, state, desk, id };
  return sendMessage(at, there.handoff, { seq, at: logged.at, message });
}

async function readyDesk(
  { desks }: DeskSideDeps,
  ...of: Parameters<DeskSideDeps['desks']['get']>
): Promise<Desk | string> {
  try {
    return (await desks.get(...of)) ?? 'This desk is not connected any more.';
  } catch (error) {
    if (error instanceof ConfigProblem) return error.message;
    throw error;
  }
}
