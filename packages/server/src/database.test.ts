import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#config';
import { silentLog } from '#log';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { openDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ empty: true });
});
afterAll(() => database.drop());

test('[CR9] a connection that breaks while it is in use, or twice, does not end the process', async () => {
  const { pool, close } = await openDatabase({ ...readConfig({}), databaseUrl: database.connectionString }, silentLog);
  const client = await pool.connect();
  client.emit('error', new Error('write EPIPE'));
  client.emit('error', new Error('and once more'));
  client.release(true);
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await close();
});
