import { type ConversationId, nextDeadline } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { rearm, takeDue } from '#store/deadlines.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';

/** How often each node looks. A deadline is kept to about this. */
const EVERY_MS = 250;
const BATCH = 200;

/** Turns deadlines that have passed into `tick` commands. Every node does; none takes what another has taken. */
export class Deadlines {
  readonly #deps: { pool: Pool; ledger: Ledger; directory: Directory; world: World };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(deps: { pool: Pool; ledger: Ledger; directory: Directory; world: World }) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.#again(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #again(after: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, after);
  }

  async #round(): Promise<void> {
    const { pool, world } = this.#deps;
    let taken = 0;
    try {
      const due = await takeDue(pool, BATCH);
      taken = due.length;
      await Promise.all(due.map((id) => this.#tick(id)));
    } catch (error) {
      world.log.warn({ error }, 'deadlines: the database does not answer; they are looked at again soon');
    }
    this.#again(taken === BATCH ? 0 : EVERY_MS);
  }

  async #tick(id: ConversationId): Promise<void> {
    const { pool, ledger, directory } = this.#deps;
    const outcome = await ledger.commit(id, { type: 'tick' });
    if (!outcome.ok) return;
    const rules = directory.rules(outcome.state.workspace);
    if (rules) await rearm(pool, id, outcome.state.seq, nextDeadline(outcome.state, rules));
  }
}
