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
  let cutting: NodeJS.Timeout | undefined;
  beforeAll(async () => {
    [database, elsewhere] = await Promise.all([testDatabase({ empty: true }), testDatabase({ empty: true })]);
  });
  afterAll(() => Promise.all([database.drop(), elsewhere.drop()]));

  busContract(() => ({
    make: () => new PostgresBus({ connectionString: database.connectionString, log }),
    makeElsewhere: () => new PostgresBus({ connectionString: elsewhere.connectionString, log }),
    async cut() {
      await killBuses(database.connectionString);
      cutting = setInterval(() => void killBuses(database.connectionString), 20);
    },
    async mend() {
      clearInterval(cutting);
    },
  }));
});

async function killBuses(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'baton-bus' and datname = current_database()`,
  );
  await client.end();
}

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
