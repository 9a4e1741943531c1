import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerFrame } from '@baton/protocol';
import { visit } from '#bench/baton/cast.ts';
import { Wire } from '#bench/baton/wire.ts';
import type { Client } from '#bench/server/client.ts';

/** Nobody is waited for longer than this, whatever the crowd. */
const PATIENCE_MS = 60_000;
/** Who was not let in comes again, and is no kinder than this. */
const AGAIN_MS = { least: 50, more: 100 };

/** A visitor who loses the server and comes back: what he was told, and what he heard. */
export class Returning {
  readonly #client: Client;
  readonly #token: string;
  #wire: Wire;
  #conversation: `cnv_${string}` | null = null;
  /** Of messages, in the order in which they came. */
  readonly heard: number[] = [];
  /** What he said and was told is safe. */
  readonly acknowledged = new Set<string>();
  /** When he was back: everything that he had missed was there, and a new message of his was acknowledged. */
  backAt: number | null = null;

  private constructor(client: Client, token: string, wire: Wire) {
    this.#client = client;
    this.#token = token;
    this.#wire = wire;
    this.#listen();
  }

  static async come(client: Client): Promise<Returning> {
    const { wire, token } = await visit(client);
    return new Returning(client, token, wire);
  }

  get conversation(): `cnv_${string}` {
    return this.#conversation as `cnv_${string}`;
  }

  /** Says something under its own id; the same again is the same message. */
  async say(clientId: string): Promise<void> {
    const parts = [{ type: 'text', text: `The number of my order is 20417. (${clientId})` } as const];
    const conversation = this.#conversation ? { conversation: this.#conversation } : {};
    const answer = await this.#wire.request({ type: 'say', clientId, parts, ...conversation });
    this.#conversation ??= answer.conversation as `cnv_${string}`;
    this.acknowledged.add(clientId);
  }

  /** Comes back as often as it takes, says again what is not known to be safe, and one thing more. */
  async comeBack(unsure: string, more: string): Promise<void> {
    this.#wire.cut();
    for (;;) {
      try {
        this.#wire = await Wire.open(this.#client.socket('/widget/v1/realtime'), {}, PATIENCE_MS);
        this.#listen();
        await this.#wire.hello({ token: this.#token, since: { [this.conversation]: this.heard.at(-1) ?? 0 } });
        if (!this.acknowledged.has(unsure)) await this.say(unsure);
        await this.say(more);
        this.backAt = performance.now();
        return;
      } catch {
        this.#wire.cut();
        await sleep(AGAIN_MS.least + Math.random() * AGAIN_MS.more);
      }
    }
  }

  leave(): void {
    this.#wire.cut();
  }

  #listen(): void {
    this.#wire.onFrame = (frame: ServerFrame) => {
      if (frame.type === 'event' && frame.event.type === 'message') this.heard.push(frame.seq);
    };
  }
}
