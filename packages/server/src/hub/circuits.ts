import type { IntegrationId, Millis, WebhookId } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import type { Rate } from '#ports/rate.ts';

/** Failures in a row after which a desk counts as down. */
const OPENS_AFTER = 5;
/** How long a desk that is down is left alone before one call tries it; doubled up to PROBE_MOST_MS. */
const PROBE_MS = 2_000;
const PROBE_MOST_MS = 120_000;
/** How long others wait while one call tries it. */
const WHILE_PROBING_MS = 1_000;
/** Calls of the last so many that the health page shows. */
const CALLS_KEPT = 50;

/** Fewer calls than these until a vendor's limit are for what people say. */
export const FEW_CALLS = 10;
/** Where a vendor does not say when its limit is full again: after this, mostly. */
const WINDOW_MS = 60_000;

/**
 *   closed ──5 failures in a row──▶ open ──time──▶ probing ──success──▶ closed
 *                                    ▲                └──failure──▶ open, twice as long
 */
export interface Health {
  state: 'closed' | 'open' | 'probing';
  failures: number;
  /** Not before this: the vendor said 429, or the circuit is open. */
  pausedUntil: Millis;
  /** Limits that were met which are those of one ticket or one method, and until when. What does not need them goes on. */
  limits: Map<string, Millis>;
  /** What it said last of its own limit. */
  rate: Rate | null;
  calls: { at: Millis; what: string; ok: boolean; ms: number; detail?: string }[];
}

/** Nobody was called: it has asked for time, or is down. That is no try of what waits. */
export class Paused extends AdapterFailure {
  constructor(why: string, waitMs: Millis) {
    super('retry', why, { retryAfterMs: waitMs });
  }
}

/** Whom we call. */
type Party = IntegrationId | WebhookId;

/**
 * One rate limit and one circuit per integration, not per call: what one call learns, all others keep to. Where a vendor counts each
 * ticket or each method by itself, its failures name that limit, and nothing else waits for it.
 */
export class Circuits {
  readonly #now: () => Millis;
  readonly #all = new Map<Party, Health>();

  constructor(now: () => Millis) {
    this.#now = now;
  }

  health(integration: Party): Health {
    let health = this.#all.get(integration);
    if (!health) {
      health = { state: 'closed', failures: 0, pausedUntil: 0, limits: new Map(), rate: null, calls: [] };
      this.#all.set(integration, health);
    }
    return health;
  }

  /** Milliseconds until this integration may be called again; 0 is now. */
  waitMs(integration: Party): number {
    return Math.max(0, this.health(integration).pausedUntil - this.#now());
  }

  /** It said how many calls it still takes. */
  noteRate(integration: Party, rate: Rate): void {
    this.health(integration).rate = rate;
  }

  /** How many calls it takes until its limit is full again, as far as it has said so lately; null: nobody knows. */
  callsLeft(integration: Party): number | null {
    const { rate } = this.health(integration);
    return rate !== null && (rate.resetsAt ?? rate.at + WINDOW_MS) > this.#now() ? rate.left : null;
  }

  /** It asked for time in an answer to a call that was made past `call`. */
  noteFailure(integration: Party, { retryAfterMs, limit }: AdapterFailure): void {
    if (retryAfterMs !== undefined) this.#pause(this.health(integration), limit, this.#now() + retryAfterMs);
  }

  /** Makes a call through the circuit. Throws what the call throws, or `Paused` without a call. */
  async call<T>(integration: Party, what: string, work: () => Promise<T>): Promise<T> {
    const health = this.health(integration);
    const wait = this.waitMs(integration);
    if (wait > 0) throw new Paused('This integration is paused: it asked for time, or it is down.', wait);
    if (health.state === 'probing')
      throw new Paused('This integration was down; one call is trying whether it is back.', WHILE_PROBING_MS);
    if (health.state === 'open') health.state = 'probing';
    const began = this.#now();
    try {
      const result = await work();
      this.#note(health, { at: began, what, ok: true, ms: this.#now() - began });
      health.failures = 0;
      health.state = 'closed';
      return result;
    } catch (error) {
      const failure = error instanceof AdapterFailure ? error : null;
      // The adapter knew that it must wait, and called nobody.
      const end = failure?.limit ? (health.limits.get(failure.limit) ?? 0) : 0;
      if (failure && end > began) {
        if (health.state === 'probing') health.state = 'open';
        throw new Paused(failure.message, end - began);
      }
      this.#note(health, {
        at: began,
        what,
        ok: false,
        ms: this.#now() - began,
        detail: failure ? `${failure.kind}: ${failure.message}` : 'failed in an unexpected way',
      });
      this.#failed(health, failure);
      throw error;
    }
  }

  #pause(health: Health, limit: string | null, until: Millis): void {
    if (limit === null) {
      health.pausedUntil = Math.max(health.pausedUntil, until);
      return;
    }
    for (const [one, past] of health.limits) if (past <= this.#now()) health.limits.delete(one);
    health.limits.set(limit, until);
  }

  #note(health: Health, call: Health['calls'][number]): void {
    health.calls.push(call);
    if (health.calls.length > CALLS_KEPT) health.calls.shift();
  }

  /** Only what says something about the desk as a whole counts: one that rejects a message, or asks for time, is there. */
  #failed(health: Health, failure: AdapterFailure | null): void {
    const unsure = failure?.kind === 'retry' || failure?.kind === 'uncertain';
    const down = unsure && failure.retryAfterMs === undefined && failure.limit === null;
    if (failure?.retryAfterMs !== undefined) this.#pause(health, failure.limit, this.#now() + failure.retryAfterMs);
    if (!down) {
      // What failed on our own side tells nothing: the next call is the probe.
      if (failure === null) health.state = health.state === 'probing' ? 'open' : health.state;
      else {
        health.state = 'closed';
        health.failures = 0;
      }
      return;
    }
    // Calls that were under way when it opened do not count a second time.
    if (health.state === 'open') return;
    health.failures++;
    if (health.failures < OPENS_AFTER) return;
    health.state = 'open';
    health.pausedUntil = this.#now() + Math.min(PROBE_MOST_MS, PROBE_MS * 2 ** (health.failures - OPENS_AFTER));
  }
}
