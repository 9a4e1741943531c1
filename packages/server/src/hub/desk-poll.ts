import type { IntegrationId } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import { finish, type Lease, retryLater } from '#store/cursors.ts';
import { atDesk, ticketOf } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import type { DeskIngest } from './desk-ingest.ts';
import type { DeskSideDeps } from './desk-step.ts';

/** How often an open ticket is asked: soon at first, ever less often while nothing comes. */
const FIRST_MS = 15_000;
const MOST_MS = 300_000;

/**
 * Finds what lost webhooks did not say: asks each open ticket again, backing off, within the desk's own limits (the
 * circuit). Its events carry the same keys as the webhooks', so what came already changes nothing.
 */
export function deskPoll(deps: DeskSideDeps & { ingest: DeskIngest }): (lease: Lease) => Promise<void> {
  const { pool, ledger, desks, circuits, ingest } = deps;
  return async (lease) => {
    const id = lease.side.slice('poll:'.length) as IntegrationId;
    const backOff = () => Math.min(MOST_MS, FIRST_MS * 2 ** lease.attempts);
    const state = await ledger.read(lease.conversation);
    const there = state && (await atDesk(pool, state.id, id, state.seq + 1));
    if (!there) return finish(pool, lease, lease.seq);
    try {
      const desk = await desks.get(state.workspace, id);
      if (!desk?.poll) return finish(pool, lease, lease.seq);
      const ticket = await ticketOf(pool, there.handoff);
      if (!ticket) return retryLater(pool, lease, FIRST_MS, null);
      const fresh = await askDesk({ pool, circuits, ingest }, { id, desk, ticket, handoff: there.handoff }, 'poll');
      // What was lost may be followed by more: then it is asked soon again.
      const came = fresh > 0;
      return retryLater(pool, lease, came ? FIRST_MS : backOff(), null, came);
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      // A configuration that is wrong is one of these: it is mended some time.
      return retryLater(pool, lease, error.retryAfterMs ?? backOff(), error.message);
    }
  };
}
