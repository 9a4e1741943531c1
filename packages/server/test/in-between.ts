import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';

/** What happens around a statement: before the database is asked, or when it has answered and the asker does not know yet. */
interface Meanwhile {
  before?: () => Promise<unknown>;
  after?: () => Promise<unknown>;
}

/**
 * Lets a second thing happen in the middle of the first: around the next statement (by its name and its text) that somebody
 * asks of this pool. Resolves when the asker has gone on with the answer.
 */
export function inBetween(pool: pg.Pool, statement: RegExp, meanwhile: Meanwhile): Promise<void> {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked = async (args: unknown[]) => {
    try {
      await meanwhile.before?.();
      const answer = await query(...args);
      await meanwhile.after?.();
      return answer;
    } finally {
      void turn().then(resolve);
    }
  };
  Object.assign(pool, {
    query(...args: unknown[]) {
      const [what] = args as [string | { name?: string; text: string }];
      if (!statement.test(typeof what === 'string' ? what : `${what.name} ${what.text}`)) return query(...args);
      Object.assign(pool, { query });
      return asked(args);
    },
  });
  return promise;
}
