import { Memory } from '#kit/memory.ts';
import type { User, Zendesk } from './client.ts';

/** Names change seldom: they are asked for once in an hour. */
const KEPT_MS = 3_600_000;
/** Zendesk shows so many at once. */
const BATCH = 100;

/** People at Zendesk by their number, remembered: a ticket's history tells numbers only. */
export class People {
  readonly #api: Zendesk;
  readonly #known: Memory<User | null>;

  constructor(api: Zendesk, now: () => number) {
    this.#api = api;
    this.#known = new Memory(now, { keptMs: KEPT_MS });
  }

  /** Who is gone is missing in the answer. */
  async of(ids: readonly string[]): Promise<Map<string, User>> {
    const wanted = [...new Set(ids)].filter((id) => /^\d+$/.test(id));
    const unknown = wanted.filter((id) => this.#known.get(id) === undefined);
    for (let from = 0; from < unknown.length; from += BATCH) {
      const asked = unknown.slice(from, from + BATCH);
      const found = await this.#api.users(asked);
      for (const id of asked) this.#known.set(id, found.find((user) => user.id === id) ?? null);
    }
    return new Map(
      wanted.flatMap((id) => {
        const user = this.#known.get(id);
        return user ? [[id, user] as const] : [];
      }),
    );
  }
}
