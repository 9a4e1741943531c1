import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { isAway } from '#store/away.ts';
import { giveBack, keepLeases, LEASE_SECONDS, type Lease, leaseDue, nextDue } from '#store/cursors.ts';
import type { Ledger } from './ledger.ts';

/** Cursors that one node works on at once. */
const AT_ONCE = 64;
/** A node looks at least this often: for what other nodes left behind. */
const AT_LEAST_MS = 2_000;
/** What failed in an unexpected way (a database that went away in the middle) is taken up again after this. */
const AGAIN_MS = 1_000;

export interface CursorWorkerDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  /** This process: what it leased is free when it is dead. */
  node: string;
  /** Which sides: `bot:`, `desk:` ... */
  side: string;
  /** Does what is behind the cursor and gives it back (`finish`, `retryLater`). What it throws is tried again. */
  work(lease: Lease): Promise<void>;
}

/**
 * Moves the cursors of outside sides. A cursor is worked on by one worker at a time, so order comes from the shape
 * itself; a crash leaves a lease that runs out. Woken by the ledger at once, and by the clock for what waits.
 */
export class CursorWorker {
  readonly #deps: CursorWorkerDeps;
  readonly #busy = new Map<Lease, Promise<void>>();
  readonly #returning = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #keeping: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #again = false;
  /** Leases whose work failed, until they are given back. */
  #failed: Lease[] = [];
  #stopped = true;
  #forget: () => void = () => undefined;

  constructor(deps: CursorWorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    const isOurs = (side: string) => side.startsWith(this.#deps.side);
    this.#forget = this.#deps.ledger.onCommitted(({ wakes }) => {
      if (wakes.some(isOurs)) this.wake();
    });
    this.#keeping = setInterval(() => this.#keep(), (LEASE_SECONDS * 1_000) / 3);
    this.wake();
  }

  /** Ends after the calls under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.allSettled([...this.#busy.values(), ...this.#returning]);
    clearInterval(this.#keeping);
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
    const { pool, side, world, node } = this.#deps;
    let wait = AT_LEAST_MS;
    try {
      if (this.#failed.length > 0) {
        const failed = [...this.#failed];
        await giveBack(pool, failed, AGAIN_MS);
        this.#failed = this.#failed.filter((lease) => !failed.includes(lease));
      }
      const room = AT_ONCE - this.#busy.size;
      const leases = room > 0 ? await leaseDue(pool, node, side, room) : [];
      for (const lease of leases) {
        const before = this.#busyWith(lease);
        if (before) this.#returnAfter(before, lease);
        else this.#run(lease);
      }
      if (leases.length < room) wait = Math.min(wait, Math.max((await nextDue(pool, side)) ?? wait, 10));
    } catch (error) {
      world.log.warn({ error, side }, 'cursors: the database does not answer; they are looked at again soon');
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.wake(), this.#again ? 0 : wait);
  }

  #busyWith({ conversation, side }: Lease): Promise<void> | undefined {
    for (const [busy, work] of this.#busy) if (busy.conversation === conversation && busy.side === side) return work;
    return undefined;
  }

  /**
   * Ours again while this node is still at it: it was given back in this moment and is due again, or its lease ran out while
   * the process stood still. Not worked at twice, nor kept from everybody until the new lease runs out: it is given back when
   * the work before has ended (which changes nothing where that has done so itself).
   */
  #returnAfter(before: Promise<void>, lease: Lease): void {
    const returned = before
      .then(() => giveBack(this.#deps.pool, [lease], 0))
      .catch(() => void this.#failed.push(lease))
      .finally(() => {
        this.#returning.delete(returned);
        this.wake();
      });
    this.#returning.add(returned);
  }

  #run(lease: Lease): void {
    const { work, world } = this.#deps;
    const running = work(lease)
      .catch((error: unknown) => {
        this.#failed.push(lease);
        world.log[isAway(error) ? 'warn' : 'error'](
          { error, side: lease.side, conversation: lease.conversation },
          'cursor: a worker failed; it is tried again soon',
        );
      })
      .finally(() => {
        this.#busy.delete(lease);
        // Something may have come while this cursor was leased: it is due again.
        this.wake();
      });
    this.#busy.set(lease, running);
  }

  /** A long opening (many calls, each slow) must not outlast its lease, or another worker would begin it beside this one. */
  #keep(): void {
    const { pool, world, side } = this.#deps;
    if (this.#busy.size === 0) return;
    keepLeases(pool, [...this.#busy.keys()]).catch((error: unknown) =>
      world.log.warn({ error, side }, 'cursors: leases could not be kept; it is tried again before they run out'),
    );
  }
}
