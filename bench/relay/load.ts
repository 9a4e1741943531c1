import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '#bench/measure/figures.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { cpuMicros } from '#bench/measure/processes.ts';
import type { Ears, Standing } from './contender.ts';

/** Messages of one measurement at most. */
const MOST = 4_000_000;
/** What is still on its way at the end gets this long. */
const DRAIN_MS = 30_000;
const TICK_MS = 1;

/** How messages come. */
export type Pace =
  /** Each customer has so many on their way at all times: as fast as it goes. */
  | { window: number }
  /** So many a second over all customers, whatever the server does. */
  | { rate: number };

/** One measurement. Times in milliseconds. */
export interface Measured {
  messagesPerSecond: number;
  ackP50: number | null;
  ackP99: number | null;
  relayP50: number | null;
  relayP99: number | null;
  /** CPU time of the server and of PostgreSQL, in microseconds a message. */
  serverMicros: number;
  databaseMicros: number;
  /** Sent, and after a long wait not acknowledged or not relayed. */
  lost: number;
  doubled: number;
  /** Relayed after a later one of the same customer. */
  outOfOrder: number;
}

/** Every message was acknowledged and relayed once, and in order: otherwise its times say nothing. */
export function isSound({ lost, doubled, outOfOrder }: Measured): boolean {
  return lost + doubled + outOfOrder === 0;
}

/** What was so far. */
interface Mark {
  at: number;
  said: number;
  acked: number;
  server: number;
  database: number;
}

/**
 * Says messages and hears what becomes of them. Messages are numbered through all measurements: the numbers are their
 * ids, and an id is used once.
 */
export class Load implements Ears {
  readonly #sentAt = new Float64Array(MOST);
  readonly #ackedAt = new Float64Array(MOST);
  readonly #relayedAt = new Float64Array(MOST);
  readonly #pairOf = new Uint16Array(MOST);
  /** The last message that each pair's agent has. */
  readonly #lastOf = new Map<number, number>();
  #standing: Standing | null = null;
  /** Number of this measurement's first message, and of the next one. */
  #first = 1;
  #next = 1;
  #acked = 0;
  #relayed = 0;
  #doubled = 0;
  #outOfOrder = 0;
  /** An acknowledgement calls for the next message. */
  #windowed = false;

  /** Warms up, measures, and waits for what is on its way. Seconds. */
  async measure(
    standing: Standing,
    postgres: Postgres,
    pace: Pace,
    { warm, seconds }: { warm: number; seconds: number },
  ): Promise<Measured> {
    this.#reset(standing);
    const stop = this.#begin(pace);
    await sleep(warm * 1_000);
    const from = this.#mark(postgres);
    await sleep(seconds * 1_000);
    const to = this.#mark(postgres);
    stop();
    await this.#drain();
    return this.#measured(from, to);
  }

  acknowledged(n: number): void {
    const index = n - this.#first;
    if (this.#ackedAt[index] !== 0) this.#doubled++;
    this.#ackedAt[index] = performance.now();
    this.#acked++;
    if (this.#windowed) this.#say(this.#pairOf[index] as number);
  }

  relayed(n: number): void {
    const index = n - this.#first;
    const pair = this.#pairOf[index] as number;
    if (this.#relayedAt[index] !== 0) this.#doubled++;
    else if ((this.#lastOf.get(pair) ?? 0) > n) this.#outOfOrder++;
    this.#lastOf.set(pair, n);
    this.#relayedAt[index] = performance.now();
    this.#relayed++;
  }

  #reset(standing: Standing): void {
    this.#standing = standing;
    const used = this.#next - this.#first;
    for (const times of [this.#sentAt, this.#ackedAt, this.#relayedAt]) times.fill(0, 0, used);
    this.#first = this.#next;
    this.#acked = 0;
    this.#relayed = 0;
    this.#doubled = 0;
    this.#outOfOrder = 0;
    this.#lastOf.clear();
  }

  /** Answers with how to stop it. */
  #begin(pace: Pace): () => void {
    const pairs = this.#standing?.pairs.length ?? 0;
    if ('window' in pace) {
      this.#windowed = true;
      for (let i = 0; i < pace.window * pairs; i++) this.#say(i % pairs);
      return () => {
        this.#windowed = false;
      };
    }
    const began = performance.now();
    let said = 0;
    const timer = setInterval(() => {
      for (const due = ((performance.now() - began) * pace.rate) / 1_000; said < due; said++) this.#say(said % pairs);
    }, TICK_MS);
    return () => clearInterval(timer);
  }

  #say(pair: number): void {
    const n = this.#next++;
    const index = n - this.#first;
    if (index >= MOST) throw new Error(`More than ${MOST} messages in one measurement: measure for less time.`);
    this.#pairOf[index] = pair;
    this.#sentAt[index] = performance.now();
    this.#standing?.pairs[pair]?.say(n);
  }

  async #drain(): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    const said = this.#next - this.#first;
    while (Math.min(this.#acked, this.#relayed) < said && performance.now() < deadline) await sleep(10);
  }

  #mark(postgres: Postgres): Mark {
    return {
      at: performance.now(),
      said: this.#next - this.#first,
      acked: this.#acked,
      server: cpuMicros(this.#standing?.pid ?? 0),
      database: postgres.cpuMicros(),
    };
  }

  #measured(from: Mark, to: Mark): Measured {
    const acks: number[] = [];
    const relays: number[] = [];
    let lost = 0;
    const said = this.#next - this.#first;
    for (let index = 0; index < said; index++) {
      const sent = this.#sentAt[index] as number;
      const acked = this.#ackedAt[index] as number;
      const relayed = this.#relayedAt[index] as number;
      if (acked === 0 || relayed === 0) lost++;
      else if (index >= from.said && index < to.said) {
        acks.push(acked - sent);
        relays.push(relayed - sent);
      }
    }
    const acked = to.acked - from.acked;
    return {
      messagesPerSecond: (acked / (to.at - from.at)) * 1_000,
      ackP50: percentile(acks, 0.5),
      ackP99: percentile(acks, 0.99),
      relayP50: percentile(relays, 0.5),
      relayP99: percentile(relays, 0.99),
      serverMicros: (to.server - from.server) / acked,
      databaseMicros: (to.database - from.database) / acked,
      lost,
      doubled: this.#doubled,
      outOfOrder: this.#outOfOrder,
    };
  }
}
