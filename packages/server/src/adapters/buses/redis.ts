import { Redis } from 'ioredis';
import type { Bus, BusListener } from '#ports/bus.ts';
import type { Log } from '#ports/world.ts';

const AGAIN_FIRST_MS = 200;
const AGAIN_MOST_MS = 5_000;
/** More than this under way is dropped: the log has it all. */
const MOST_WAITING = 1_000;

/** Publish and subscribe of Redis or Valkey: two connections, since one that listens may not speak. Nothing is stored there. */
export class RedisBus implements Bus {
  readonly #speaker: Redis;
  readonly #ear: Redis;
  readonly #channel: string;
  readonly #log: Log;
  #listener: BusListener = { heard: () => undefined, changed: () => undefined };
  #up = false;
  #subscribed = false;
  #waiting = 0;

  /** @param deps.installation tells several Batons on one Redis apart */
  constructor(deps: { url: string; installation: string; log: Log }) {
    const options = {
      lazyConnect: true,
      // A notice is worth something now or never.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      keepAlive: 10_000,
      connectTimeout: 5_000,
      retryStrategy: (times: number) => Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** Math.min(times, 10)),
    };
    this.#speaker = new Redis(deps.url, { ...options, connectionName: 'baton-bus' });
    this.#ear = new Redis(deps.url, { ...options, connectionName: 'baton-bus', autoResubscribe: false });
    this.#channel = `baton:${deps.installation}`;
    this.#log = deps.log;
  }

  get up(): boolean {
    return this.#up;
  }

  open(listener: BusListener): void {
    this.#listener = listener;
    this.#ear.on('message', (_channel, text) => this.#listener.heard(text));
    this.#ear.on('ready', () => void this.#subscribe());
    this.#ear.on('close', () => {
      this.#subscribed = false;
    });
    for (const connection of [this.#ear, this.#speaker]) {
      connection.on('ready', () => this.#look());
      connection.on('close', () => this.#look());
      connection.on('error', (error) =>
        this.#log.debug({ error: error.message }, 'the bus between the nodes cannot be reached'),
      );
      // What fails here is said by `error`, and tried again.
      connection.connect().catch(() => undefined);
    }
  }

  send(texts: readonly string[]): void {
    if (!this.#up || this.#waiting > MOST_WAITING) return;
    for (const text of texts) {
      this.#waiting++;
      this.#speaker
        .publish(this.#channel, text)
        .catch((error: unknown) => this.#log.debug({ error }, 'a notice to the other nodes was lost'))
        .finally(() => this.#waiting--);
    }
  }

  async close(): Promise<void> {
    this.#listener = { heard: () => undefined, changed: () => undefined };
    // `quit` is answered after everything that was sent before it.
    if (this.#up) await this.#speaker.quit().catch(() => undefined);
    this.#speaker.disconnect();
    this.#ear.disconnect();
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#ear.subscribe(this.#channel);
      this.#subscribed = true;
      this.#look();
    } catch (error) {
      this.#log.debug({ error }, 'the bus between the nodes cannot be heard');
    }
  }

  #look(): void {
    const up = this.#subscribed && this.#ear.status === 'ready' && this.#speaker.status === 'ready';
    if (up === this.#up) return;
    this.#up = up;
    if (!up) this.#log.warn({}, 'the bus between the nodes was cut; it is connected again');
    this.#listener.changed(up);
  }
}
