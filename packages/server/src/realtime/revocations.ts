import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';

/** How soon a socket hears that its login, key or agent is no longer good. HTTP asks with every request. */
const LOOK_MS = 10_000;

/** What a connection rests on. A visitor's token runs out by itself, but his site may be switched off. */
export interface Proof {
  kind: 'session' | 'key' | 'site';
  /** Hex of the session's hash, or the id of the key or of the site's integration. */
  id: string;
}

/** A connection that can be ended. */
interface Proven {
  readonly proof: Proof | null;
  revoke(message: string): void;
}

/**
 * Ends the connections of those who were logged out, disabled or revoked, or whose site was switched off, on whichever node
 * that was done: one query for all connections of this node. A database that is away ends nobody. A key with an open connection is in use: that is noted
 * as for requests, to the minute, or who looks for keys that nobody needs takes away one that works.
 */
export class Revocations {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #all: () => Iterable<Proven>;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { pool: Pool; log: Log; all: () => Iterable<Proven> }) {
    this.#pool = deps.pool;
    this.#log = deps.log;
    this.#all = deps.all;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    const ids: Record<Proof['kind'], Set<string>> = { session: new Set(), key: new Set(), site: new Set() };
    const proven: { one: Proven; id: string }[] = [];
    for (const one of this.#all()) {
      const { proof } = one;
      if (proof === null) continue;
      ids[proof.kind].add(proof.id);
      proven.push({ one, id: proof.id });
    }
    if (proven.length === 0) return;
    const keys = [...ids.key];
    try {
      const { rows } = await this.#pool.query<{ id: string }>(
        `select encode(s.token_hash, 'hex') as id from agent_sessions s
           join agents a on a.workspace_id = s.workspace_id and a.id = s.agent_id
          where s.token_hash in (select decode(h, 'hex') from unnest($1::text[]) h)
            and s.expires_at > now() and a.disabled_at is null
         union all select id from api_keys where id = any ($2) and revoked_at is null
         union all select id from integrations where id = any ($3) and enabled`,
        [[...ids.session], keys, [...ids.site]],
      );
      await this.#noteUse(keys);
      const good = new Set(rows.map(({ id }) => id));
      for (const { one, id } of proven)
        if (!good.has(id)) one.revoke('This login or key is no longer good. Log in again.');
    } catch (error) {
      this.#log.debug({ error }, 'logins could not be looked at; trying again soon');
    }
  }

  async #noteUse(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#pool.query(
      `update api_keys set last_used_at = now()
        where id = any ($1) and revoked_at is null and coalesce(last_used_at < now() - interval '1 minute', true)`,
      [keys],
    );
  }
}
