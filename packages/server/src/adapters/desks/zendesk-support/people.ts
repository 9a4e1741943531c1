import type { User, Zendesk } from './client.ts';

/** Names change seldom: they are asked for once in an hour. */
const KEPT_MS = 3_600_000;
const MOST = 5_000;
/** Zendesk shows so many at once. */
const BATCH = 100;

/** People at Zendesk by their number, remembered: a ticket's history tells numbers only. */
export class People {
  readonly #api: Zendesk;
  readonly #now: () => number;
  readonly #known = new Map<string, { user: User | null; until: number }>();

  constructor(api: Zendesk, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  /** Who is gone is missing in the answer. */
  async of(ids: readonly string[]): Promise<Map<string, User>> {
    const wanted = [...new Set(ids)].filter((id) => /^\d+$/.test(id));
    const unknown = wanted.filter((id) => (this.#known.get(id)?.until ?? 0) <= this.#now());
    for (let from = 0; from < unknown.length; from += BATCH) {
      const asked = unknown.slice(from, from + BATCH);
      const found = await this.#api.users(asked);
      for (const id of asked) this.#keep(id, found.find((user) => user.id === id) ?? null);
    }
    return new Map(
      wanted.flatMap((id) => {
        const user = this.#known.get(id)?.user;
        return user ? [[id, user] as const] : [];
      }),
    );
  }

  #keep(id: string, user: User | null): void {
    this.#known.delete(id);
    this.#known.set(id, { user, until: this.#now() + KEPT_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}
