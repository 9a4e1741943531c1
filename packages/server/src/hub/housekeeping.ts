import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { forgetAudit } from '#store/audit.ts';
import { filesNeverSaid, filesOfNobody, filesSaidIn, unfinishedErasures } from '#store/erase.ts';
import { forgetAnswers } from '#store/idempotency.ts';
import { closedBefore, deleteConversations, deleteEmptyCustomers, forgetInbox, retentions } from '#store/retention.ts';
import { forgetExpiredSessions } from '#store/sessions.ts';
import { deleteFiles, type ErasureDeps, eraseCustomer } from './erasure.ts';

/** How often each node offers to do it, the first time soon after the start. */
const EVERY_MS = 15 * 60_000;
const FIRST_MS = 60_000;
/** "house" in ASCII: of all nodes one does the work. */
const LOCK = 0x686f757365;
/** Conversations of one transaction, so that no lock is held for long. */
const BATCH = 50;
/** Batches of one workspace and one sweep: the rest comes with the next, and others have their turn. */
const MOST_BATCHES = 200;

/**
 * What is done every quarter of an hour by whichever node gets the lock: what has run out goes, what is older than the
 * workspace wants goes, and erasures that were cut off are finished. Every step may be cut off and done again.
 * Why not a job queue: docs/decisions/0004-housekeeping.md.
 */
export class Housekeeping {
  readonly #deps: ErasureDeps & { log: Log };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: ErasureDeps & { log: Log }) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    // Nodes that start together do not all come at once.
    this.#again(FIRST_MS * (0.5 + Math.random()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One sweep, now; false where another node is at it. */
  async sweep(): Promise<boolean> {
    const client = await this.#deps.pool.connect();
    let failed = false;
    try {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOCK]);
      if (!rows[0]?.got) return false;
      try {
        await this.#work();
      } finally {
        await client.query('select pg_advisory_unlock($1)', [LOCK]);
      }
      return true;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      // A session that failed may still hold the lock: it is closed, not reused.
      client.release(failed);
    }
  }

  #again(after: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, after);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.#deps.log.warn({ error }, 'housekeeping was not finished; it is tried again later');
    }
    this.#again(EVERY_MS);
  }

  async #work(): Promise<void> {
    const { pool, log } = this.#deps;
    await forgetAnswers(pool);
    await forgetExpiredSessions(pool);
    await forgetAudit(pool);
    await forgetInbox(pool);
    for (const { workspace, customer } of await unfinishedErasures(pool)) {
      if (this.#stopped) return;
      await eraseCustomer(this.#deps, workspace, customer, { role: 'system' });
      log.info({ workspace, customer }, 'an erasure that was cut off is finished');
    }
    for (const file of await filesNeverSaid(pool)) await deleteFiles(this.#deps, file.workspace, [file]);
    for (const { workspace, days } of await retentions(pool)) await this.#forgetOld(pool, workspace, days);
  }

  async #forgetOld(pool: Pool, workspace: `wsp_${string}`, days: number): Promise<void> {
    let conversations = 0;
    let files = 0;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      const old = await closedBefore(pool, workspace, days, BATCH);
      // Read before their messages are gone, deleted only with those that are.
      const said = new Map<string, Awaited<ReturnType<typeof filesSaidIn>>>();
      for (const id of old) said.set(id, await filesSaidIn(pool, workspace, [id]));
      const gone = await deleteConversations(pool, workspace, days, old);
      for (const id of gone) files += await deleteFiles(this.#deps, workspace, said.get(id) ?? []);
      conversations += gone.length;
      if (old.length < BATCH || gone.length === 0) break;
    }
    const customers = await deleteEmptyCustomers(pool, workspace, days);
    files += await deleteFiles(this.#deps, workspace, await filesOfNobody(pool, workspace));
    if (conversations + customers > 0)
      this.#deps.log.info(
        { workspace, days, conversations, files, customers },
        'what is older than wanted was deleted',
      );
  }
}
