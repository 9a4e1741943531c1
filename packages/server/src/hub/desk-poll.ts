import type { IntegrationId } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import { finish, giveBack, type Lease, retryLater } from '#store/cursors.ts';
import { atDesk, lastAtDesk } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import { type Circuits, FEW_CALLS, Paused } from './circuits.ts';
import type { DeskIngest } from './desk-ingest.ts';
import { tellPlace } from './desk-place.ts';
import type { DeskSideDeps } from './desk-step.ts';

/** How often an open ticket is asked: soon at first, ever less often while nothing comes. */
const FIRST_MS = 15_000;
const MOST_MS = 300_000;
/** While a vendor has fewer calls left than these, or than this share of its limit, only tickets are asked that wait long already. */
const RESERVED = 0.2;
const LONG_ENOUGH = 5;
/** A ticket that is over is asked so many times at most. */
const LAST_TRIES = 6;

/**
 * Finds what lost webhooks did not say: asks each open ticket again, backing off, within the desk's own limits (the
 * circuit). Its events carry the same keys as the webhooks', so what came already changes nothing.
 */
export function deskPoll(deps: DeskSideDeps & { ingest: DeskIngest }): (lease: Lease) => Promise<void> {
  const { pool, world, ledger, desks, circuits, ingest } = deps;
  return async (lease) => {
    const id = lease.side.slice('poll:'.length) as IntegrationId;
    const backOff = () => Math.min(MOST_MS, FIRST_MS * 2 ** lease.attempts);
    const state = await ledger.read(lease.conversation);
    // It was ended here or there: asked one last time, an agent's last words may be among what was lost.
    const there = state && (await lastAtDesk(pool, state.id, id));
    if (!there) return finish(pool, lease, lease.seq);
    const open = (await atDesk(pool, state.id, id, state.seq + 1)) !== null;
    try {
      const desk = await desks.get(state.workspace, id);
      if (!desk?.poll) return finish(pool, lease, lease.seq);
      if (lease.attempts < LONG_ENOUGH && isScarce(circuits, id))
        return retryLater(pool, lease, backOff(), 'The desk takes few calls more: they are for what people say.');
      const fresh = await askDesk({ pool, world, circuits, ingest }, { id, desk, ...there }, 'poll');
      if (!open) return finish(pool, lease, lease.seq);
      const moved = await tellPlace({ deps, attempts: lease.attempts, state, desk, id }, there);
      // What was lost may be followed by more, and a line that moves moves on: then it is asked soon again.
      const came = fresh.size > 0 || moved;
      return retryLater(pool, lease, came ? FIRST_MS : backOff(), null, came);
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      if (error instanceof Paused) return giveBack(pool, [lease], error.retryAfterMs ?? FIRST_MS);
      // A configuration that is wrong is one of these: it is mended some time.
      if (!open && lease.attempts >= LAST_TRIES) return finish(pool, lease, lease.seq);
      return retryLater(pool, lease, error.retryAfterMs ?? backOff(), error.message);
    }
  };
}

function isScarce(circuits: Circuits, id: IntegrationId): boolean {
  const left = circuits.callsLeft(id);
  return left !== null && left < Math.max(FEW_CALLS, (circuits.health(id).rate?.limit ?? 0) * RESERVED);
}
