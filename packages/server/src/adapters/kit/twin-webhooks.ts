import type { Millis } from '@baton/core';
import type { RawRequest } from '#ports/inbound.ts';

/** A webhook of a twin as it goes out, signed as the vendor signs. */
export interface TwinDelivery {
  headers: Record<string, string>;
  body: string;
}

/** How badly webhooks travel: shares of 0 to 1. */
export interface Weather {
  /** Never sent. */
  lost: number;
  /** Sent twice. */
  doubled: number;
  /** Held back for up to `heldMs`, so that later ones overtake them. */
  held: number;
  heldMs: number;
}

const CALM: Weather = { lost: 0, doubled: 0, held: 0, heldMs: 0 };

/** The webhooks of a twin: kept, sent where they are wanted, retried as the vendor does. */
export class TwinWebhooks {
  /** Everything that happened, oldest first, with what was then lost on its way. */
  readonly sent: TwinDelivery[] = [];
  weather: Weather = CALM;
  #target: string | null = null;
  #seed = 1;
  readonly #retries: readonly Millis[];
  readonly #under = new Set<Promise<void>>();
  readonly #ended = new AbortController();

  /** `retries`: after how many milliseconds the vendor tries again what was not answered with 2xx. */
  constructor(retries: readonly Millis[] = []) {
    this.#retries = retries;
  }

  /** Where they go, as the person who set up the desk pasted it; null: nowhere, they are only kept. */
  to(url: string | null): void {
    this.#target = url;
  }

  /** The same seed gives the same weather. */
  seed(seed: number): void {
    this.#seed = seed;
  }

  post(delivery: TwinDelivery): void {
    this.sent.push(delivery);
    if (this.#target === null || this.#chance(this.weather.lost)) return;
    const times = this.#chance(this.weather.doubled) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const wait = this.#chance(this.weather.held) ? Math.ceil(this.#random() * this.weather.heldMs) : 0;
      const under = this.#deliver(delivery, wait).finally(() => this.#under.delete(under));
      this.#under.add(under);
    }
  }

  /** When everything that is under way has arrived or been given up. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all([...this.#under]);
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.settled();
  }

  async #deliver({ headers, body }: TwinDelivery, wait: Millis): Promise<void> {
    for (const pause of [wait, ...this.#retries]) {
      if (pause > 0) await this.#pause(pause);
      if (this.#ended.signal.aborted || this.#target === null) return;
      const answer = await fetch(this.#target, { method: 'POST', headers, body, signal: this.#ended.signal }).catch(
        () => null,
      );
      await answer?.text().catch(() => '');
      if (answer?.ok) return;
    }
  }

  #pause(ms: Millis): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      const give = () => {
        clearTimeout(timer);
        done();
      };
      this.#ended.signal.addEventListener('abort', give, { once: true });
    });
  }

  #chance(share: number): boolean {
    return share > 0 && this.#random() < share;
  }

  /** mulberry32: small, and good enough for weather. */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

/** A delivery as Baton's own server would hand it to the adapter. */
export function arrived({ headers, body }: TwinDelivery, at: Millis): RawRequest {
  return {
    method: 'POST',
    url: '/inbound/int_desk/secret',
    query: {},
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: new TextEncoder().encode(body),
    at,
  };
}
