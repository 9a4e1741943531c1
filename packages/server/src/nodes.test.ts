import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '#log';
import { runBaton } from '#test/baton.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { findRedis, startRedis } from '#test/redis.ts';

const redis = await findRedis();
if ('missing' in redis) console.warn(`Nodes over Redis are not tested. ${redis.missing}`);
const KEY = 'the secret key of both nodes, long enough';

describe('two whole servers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ empty: true });
  });
  afterAll(() => database.drop());

  test('[ND19] start at once on an empty database, and are one Baton', async () => {
    const nodes = await Promise.all(
      [1, 2].map(() => runBaton(database.connectionString, { config: { secretKey: KEY } })),
    );
    const [a, b] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    try {
      const { token } = await a.visitor();
      const [one, two] = [await a.socket({ visitor: token }), await b.socket({ visitor: token })];
      await expect.poll(() => a.baton.hub.nodes.peers + b.baton.hub.nodes.peers).toBe(2);
      one.say('m', 'the same everywhere');
      await two.until(() => (two.texts().includes('the same everywhere') ? true : undefined), 'the message');
      const cookie = await a.login();
      expect((await b.ask('GET', '/v1/session', undefined, { cookie })).status).toBe(200);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });

  test('[ND19] a node with another SECRET_KEY is told of, loudly', async () => {
    const errors: string[] = [];
    const log = { ...silentLog, error: (_fields: object, message: string) => errors.push(message) };
    const a = await runBaton(database.connectionString, { config: { secretKey: KEY } });
    const b = await runBaton(database.connectionString, {
      config: { secretKey: 'quite another key, long enough too' },
      log: log as never,
    });
    try {
      await expect.poll(() => errors.join()).toContain('different SECRET_KEY');
    } finally {
      await b.stop();
      await a.stop();
    }
  });

  test.skipIf('missing' in redis)('[ND19] tell each other by Redis where it is named', async () => {
    const server = await startRedis('program' in redis ? redis.program : '');
    const config = { secretKey: KEY, redisUrl: server.url };
    const [a, b] = [
      await runBaton(database.connectionString, { config }),
      await runBaton(database.connectionString, { config }),
    ];
    try {
      await expect
        .poll(() => [a, b].every(({ baton }) => baton.hub.nodes.stats.hears && baton.hub.nodes.peers === 1))
        .toBe(true);
      const { token } = await a.visitor();
      const [one, two] = [await a.socket({ visitor: token }), await b.socket({ visitor: token })];
      one.say('m', 'by way of Redis');
      await two.until(() => (two.texts().includes('by way of Redis') ? true : undefined), 'the message');
      await server.kill();
      one.say('n', 'and without it');
      await two.until(() => (two.texts().includes('and without it') ? true : undefined), 'the message');
    } finally {
      await b.stop();
      await a.stop();
      await server.stop();
    }
  });
});
