import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Bus, BusListener } from '#ports/bus.ts';
import type { Log } from '#ports/world.ts';

/** How nodes of one database find each other. */
const CHANNEL = 'baton';
const AGAIN_FIRST_MS = 200;
const AGAIN_MOST_MS = 5_000;
/** A dead network says nothing: the connection is asked so often, and must answer within half of it. */
const CHECK_MS = 10_000;
/** More than this waiting to be sent is dropped: the log has it all. */
const MOST_WAITING = 1_000;

/**
 * LISTEN and NOTIFY on one connection of its own. What waits while a statement is under way goes into the next one.
 *
 * Never on the connection that writes messages: NOTIFY takes a lock that all notifying commits share, and would halve
 * their rate. Without `synchronous_commit`, because a notice is not worth an fsync.
 */
export class PostgresBus implements Bus {
  readonly #connectionString: string;
  readonly #log: Log;
  #listener: BusListener = { heard: () => undefined, changed: () => undefined };
  #client: pg.Client | null = null;
  #waiting: string[] = [];
  #sending: Promise<void> | null = null;
  #check: NodeJS.Timeout | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: { connectionString: string; log: Log }) {
    this.#connectionString = deps.connectionString;
    this.#log = deps.log;
  }

  get up(): boolean {
    return this.#client !== null;
  }

  open(listener: BusListener): void {
    this.#listener = listener;
    this.#running = this.#run();
  }

  send(texts: readonly string[]): void {
    if (!this.#client || this.#waiting.length + texts.length > MOST_WAITING) return;
    this.#waiting.push(...texts);
    this.#sending ??= this.#sendAll(this.#client).finally(() => {
      this.#sending = null;
    });
  }

  async close(): Promise<void> {
    await this.#sending;
    this.#stop.abort();
    await this.#running;
  }

  /** Connects, listens until it is cut, and again. */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let pause = AGAIN_FIRST_MS;
    while (!signal.aborted) {
      const client = new pg.Client({
        connectionString: this.#connectionString,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
        application_name: 'baton-bus',
      });
      const cut = new Promise<string>((resolve) => {
        client.on('error', (error) => resolve(error.message));
        client.on('end', () => resolve('ended'));
        signal.addEventListener('abort', () => resolve('closed'), { once: true });
      });
      try {
        await this.#listen(client);
        pause = AGAIN_FIRST_MS;
        this.#set(client);
        const why = await cut;
        if (!signal.aborted) this.#log.warn({ why }, 'the bus between the nodes was cut; it is connected again');
      } catch (error) {
        this.#log.debug({ error }, 'the bus between the nodes cannot be connected');
      }
      this.#set(null);
      await client.end().catch(() => undefined);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(AGAIN_MOST_MS, pause * 2);
    }
  }

  async #listen(client: pg.Client): Promise<void> {
    await client.connect();
    client.on('notification', ({ payload }) => {
      if (payload) this.#listener.heard(payload);
    });
    await client.query('set synchronous_commit = off');
    await client.query(`listen ${CHANNEL}`);
  }

  #set(client: pg.Client | null): void {
    if (this.#client === client) return;
    this.#client = client;
    this.#waiting = [];
    clearInterval(this.#check);
    if (client) this.#check = setInterval(() => void this.#alive(client), CHECK_MS).unref();
    this.#listener.changed(client !== null);
  }

  /** A connection that does not answer is dead, whatever the system says. */
  async #alive(client: pg.Client): Promise<void> {
    const timer = setTimeout(() => destroy(client), CHECK_MS / 2);
    await client.query('select 1').catch(() => undefined);
    clearTimeout(timer);
  }

  async #sendAll(client: pg.Client): Promise<void> {
    while (this.#waiting.length > 0 && this.#client === client) {
      const texts = this.#waiting.splice(0);
      try {
        await client.query({
          name: 'notify',
          text: `select pg_notify('${CHANNEL}', text) from unnest($1::text[]) as text`,
          values: [texts],
        });
      } catch (error) {
        this.#log.debug({ error }, 'notices to the other nodes were lost');
      }
    }
  }
}

/** `end` would wait for the other side. The stream's end ends the client too. */
function destroy(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection.stream.destroy(
    new Error('no answer'),
  );
}
