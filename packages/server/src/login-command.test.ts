import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OWNER, type RunningBaton, runBaton } from '#test/baton.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';

let database: TestDatabase;
let run: RunningBaton;
beforeAll(async () => {
  database = await testDatabase();
  run = await runBaton(database.connectionString);
});
afterAll(async () => {
  await run.stop();
  await database.drop();
});

const COMMAND = fileURLToPath(new URL('./login-command.ts', import.meta.url));
const command = (...given: string[]) =>
  promisify(execFile)(process.execPath, [COMMAND, ...given], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.connectionString, PUBLIC_URL: run.url },
  });

it('[SE18] who has the server gets in again, once, and it is noted', async () => {
  const { stdout } = await command(OWNER.email);
  const open = () => fetch(stdout.trim(), { redirect: 'manual' });
  const cookie = (await open()).headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await run.ask('GET', '/v1/session', undefined, { cookie })).body.agent.email).toBe(OWNER.email);
  expect((await open()).headers.get('set-cookie')).toBeNull();
  const [noted] = (await run.ask('GET', '/v1/audit?action=createLoginLink')).body.items;
  expect(noted).toMatchObject({ actor: { kind: 'nobody' }, detail: { by: 'npm run login-link' } });
  await expect(command('nobody@example.com')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no agent/),
  });
});
