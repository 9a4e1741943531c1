import type { IntegrationId, Millis } from '@baton/core';

/** What an integration's webhooks have told since the server started, for people who look after it. */
export interface Heard {
  events: number;
  ignored: number;
  /** Not genuine. */
  refused: number;
  /** Why the last few were ignored. */
  reasons: { at: Millis; why: string }[];
}

const REASONS_KEPT = 20;

export class HeardOf {
  readonly #all = new Map<IntegrationId, Heard>();

  of(id: IntegrationId): Heard {
    let heard = this.#all.get(id);
    if (!heard) {
      heard = { events: 0, ignored: 0, refused: 0, reasons: [] };
      this.#all.set(id, heard);
    }
    return heard;
  }

  ignored(id: IntegrationId, at: Millis, why: string): void {
    const heard = this.of(id);
    heard.ignored++;
    heard.reasons.push({ at, why });
    if (heard.reasons.length > REASONS_KEPT) heard.reasons.shift();
  }
}
