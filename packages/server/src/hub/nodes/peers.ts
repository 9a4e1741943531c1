import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { forgetNodes, nodeLeft, nodeSeen, type Peer } from '#store/nodes.ts';

/** How often a node says that it is up, and looks who else is. */
const BEAT_MS = 2_000;

/** Which other nodes work on this database. Rows with a heartbeat, so that it is known while the bus is cut too. */
export class Peers {
  readonly #deps: Deps;
  #others: Peer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | null = null;
  #again = false;
  #complained = false;
  #stopped = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#others.length;
  }

  /** Do all of the others hear the bus? */
  get hear(): boolean {
    return this.#others.every(({ hears }) => hears);
  }

  /** Resolves when this node is known and knows the others; a database that is away is asked again by and by. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.look(), BEAT_MS).unref();
    // Whoever was here before is dead: what it had is free at once.
    if (this.#deps.alone) await forgetNodes(this.#deps.pool).catch(() => undefined);
    await this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#beating;
    this.#others = [];
    await nodeLeft(this.#deps.pool, this.#deps.node).catch(() => undefined);
  }

  /** Looks now. Calls that come together share one look. */
  async look(): Promise<void> {
    if (this.#stopped) return;
    if (this.#beating) {
      this.#again = true;
      return this.#beating;
    }
    this.#beating = this.#beat().finally(() => {
      this.#beating = null;
    });
    await this.#beating;
    if (!this.#again) return;
    this.#again = false;
    await this.look();
  }

  async #beat(): Promise<void> {
    const { pool, node, hears, keyCheck, log, changed } = this.#deps;
    try {
      const others = await nodeSeen(pool, { id: node, hears: hears(), keyCheck });
      const before = this.#others;
      this.#others = this.#deps.alone ? [] : others;
      this.#compareKeys(this.#others);
      if (before.length !== this.#others.length || before.every((one) => one.hears) !== this.hear) changed();
    } catch (error) {
      log.debug({ error }, 'the other nodes cannot be looked up; trying again soon');
    }
  }

  #compareKeys(others: readonly Peer[]): void {
    const { keyCheck, log } = this.#deps;
    if (this.#complained || others.every((one) => one.keyCheck === keyCheck)) return;
    this.#complained = true;
    log.error(
      {},
      'Another node on this database has a different SECRET_KEY: visitors of one node are strangers to the other. Set the same SECRET_KEY on every node.',
    );
  }
}

interface Deps {
  pool: Pool;
  node: string;
  keyCheck: string;
  log: Log;
  /** Nobody else can work on this database. */
  alone: boolean;
  /** Does this node hear the bus? */
  hears: () => boolean;
  /** There are others now, or none any more, or one of them went deaf. */
  changed: () => void;
}
