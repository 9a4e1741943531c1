import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { type Lease, leaseDue, nextDue } from '#store/cursors.ts';
import type { Ledger } from './ledger.ts';

/** Cursors that one node works on at once. */
const AT_ONCE = 64;
/** A node looks at least this often: for what other nodes left behind. */
const AT_LEAST_MS = 2_000;

export interface CursorWorkerDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  /** Which sides: `bot:`, `desk:` ... */
  side: string;
  /** Does what is behind the cursor and gives it back (`finish`, `retryLater`). What it throws leaves the lease to run out. */
  work(lease: Lease): Promise<void>;
}

/**
 * Moves the cursors of outside sides. A cursor is worked on by one worker at a time, so order comes from the shape
 * itself; a crash leaves a lease that runs out. Woken by the ledger at once, and by the clock for what waits.
 */
export class CursorWorker {
  readonly #deps: CursorWorkerDeps;
  readonly #lease = randomUUID();
  readonly #busy = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = true;
  #forget: () => void = () => undefined;

  constructor(deps: CursorWorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.#forget = this.#deps.ledger.onCommitted(({ wakes }) => {
      if (wakes.some((side) => side.startsWith(this.#deps.side))) this.wake();
    });
    this.wake();
  }

  /** Ends after the calls under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.allSettled([...this.#busy]);
  }

  wake(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#look().finally(() => {
      this.#looking = null;
    });
  }

  async #look(): Promise<void> {
    this.#again = false;
    const { pool, side, world } = this.#deps;
    let wait = AT_LEAST_MS;
    try {
      const room = AT_ONCE - this.#busy.size;
      const leases = room > 0 ? await leaseDue(pool, this.#lease, side, room) : [];
      for (const lease of leases) this.#run(lease);
      if (leases.length < room) wait = Math.min(wait, Math.max((await nextDue(pool, side)) ?? wait, 10));
    } catch (error) {
      world.log.warn({ error, side }, 'cursors: the database does not answer; they are looked at again soon');
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.wake(), this.#again ? 0 : wait);
  }

  #run(lease: Lease): void {
    const { work, world } = this.#deps;
    const running = work(lease)
      .catch((error: unknown) =>
        world.log.error(
          { error, side: lease.side, conversation: lease.conversation },
          'cursor: a worker failed; it is tried again when the lease runs out',
        ),
      )
      .finally(() => {
        this.#busy.delete(running);
        // Something came while this cursor was leased: it is due again.
        this.wake();
      });
    this.#busy.add(running);
  }
}
