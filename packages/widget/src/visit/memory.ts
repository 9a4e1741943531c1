/**
 * What this browser remembers of a site. Where storage is blocked (private windows, strict settings, sandboxed frames)
 * it remembers until the page is left; nothing else changes.
 */
export class Memory {
  readonly #prefix: string;
  readonly #storage: Storage | null;
  readonly #fallback = new Map<string, string>();

  constructor(siteKey: string, storage: () => Storage) {
    this.#prefix = `baton:${siteKey}:`;
    this.#storage = usable(storage);
  }

  get(key: string): string | null {
    const name = this.#prefix + key;
    try {
      return this.#fallback.get(name) ?? this.#storage?.getItem(name) ?? null;
    } catch {
      return null;
    }
  }

  /** Null forgets. */
  set(key: string, value: string | null): void {
    const name = this.#prefix + key;
    this.#fallback.delete(name);
    try {
      if (value === null) this.#storage?.removeItem(name);
      else if (this.#storage) this.#storage.setItem(name, value);
      else this.#fallback.set(name, value);
    } catch {
      // Full, or shut since: this page remembers it at least.
      if (value !== null) this.#fallback.set(name, value);
    }
  }

  /** The keys that begin with this. */
  keys(start: string): string[] {
    const names = new Set(this.#fallback.keys());
    try {
      for (let index = 0; index < (this.#storage?.length ?? 0); index++) names.add(this.#storage?.key(index) ?? '');
    } catch {
      // As if it were empty.
    }
    const full = this.#prefix + start;
    return [...names].filter((name) => name.startsWith(full)).map((name) => name.slice(this.#prefix.length));
  }
}

function usable(storage: () => Storage): Storage | null {
  try {
    const found = storage();
    const probe = 'baton:probe';
    found.setItem(probe, '1');
    found.removeItem(probe);
    return found;
  } catch {
    return null;
  }
}
