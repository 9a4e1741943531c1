import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { busContract } from '#adapters/contracts/bus.contract.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { findRedis, startRedis, type TestRedis } from '#test/redis.ts';
import { PostgresBus } from './postgres.ts';
import { RedisBus } from './redis.ts';

const log = { debug() {}, info() {}, warn() {}, error: console.error };

describe('PostgreSQL', () => {
  let database: TestDatabase;
  let elsewhere: TestDatabase;
  beforeAll(async () => {
    [database, elsewhere] = await Promise.all([testDatabase({ empty: true }), testDatabase({ empty: true })]);
  });
  afterAll(() => Promise.all([database.drop(), elsewhere.drop()]));

  busContract(() => ({
    make: () => new PostgresBus({ connectionString: database.connectionString, log }),
    makeElsewhere: () => new PostgresBus({ connectionString: elsewhere.connectionString, log }),
    async cut() {
      await letIn(false);
      await elsewhereRuns('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        nameOf(database),
      ]);
    },
    mend: () => letIn(true),
  }));

  /** May anybody connect to the database? While nobody may, a bus that was cut does not come back. */
  const letIn = (may: boolean) => elsewhereRuns(`alter database ${nameOf(database)} with allow_connections ${may}`);

  async function elsewhereRuns(statement: string, values: string[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: elsewhere.connectionString });
    await client.connect();
    await client.query(statement, values);
    await client.end();
  }
});

const nameOf = ({ connectionString }: TestDatabase) => new URL(connectionString).pathname.slice(1);

const redis = await findRedis();
if ('missing' in redis) console.warn(`Redis is not tested. ${redis.missing}`);

describe.skipIf('missing' in redis)('Redis', () => {
  let server: TestRedis;
  beforeAll(async () => {
    if ('program' in redis) server = await startRedis(redis.program);
  });
  afterAll(() => server.stop());

  busContract(() => ({
    make: () => new RedisBus({ url: server.url, installation: 'wsp_one', log }),
    makeElsewhere: () => new RedisBus({ url: server.url, installation: 'wsp_two', log }),
    cut: () => server.kill(),
    mend: () => server.start(),
  }));
});
