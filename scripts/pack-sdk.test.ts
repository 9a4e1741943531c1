import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'baton-sdk-'));
const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

/** What an own project has after `npm install baton-sdk.tgz`. */
beforeAll(() => {
  const packed = node(join(root, 'scripts/pack-sdk.ts'), join(folder, 'dist'));
  expect(packed.stderr).toBe('');
  expect(packed.stdout).toMatch(/baton-sdk-\d+\.\d+\.\d+\.tgz\n$/);
  mkdirSync(join(folder, 'node_modules/@baton'), { recursive: true });
  renameSync(join(folder, 'dist/package'), join(folder, 'node_modules/@baton/sdk'));
  symlinkSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BOT = `
import { Baton, readWebhook } from '@baton/sdk';
const baton = new Baton({ url: 'http://127.0.0.1:1', key: 'baton_x', tries: 1 });
export async function handOff(): Promise<string> {
  const { conversation } = await baton.post('/v1/handoffs', { body: { customer: { externalId: 'u-1' } } });
  // @ts-expect-error There is no such field.
  await baton.post('/v1/handoffs', { body: { customer: { externalId: 'u-1' }, transcrpt: [] } });
  const { items } = await baton.get('/v1/queues');
  // @ts-expect-error It does not say which.
  await baton.get('/v1/queues/{id}');
  return conversation.id + items.length;
}
export async function hear(body: string): Promise<number> {
  const told = await readWebhook({ secret: 'whsec_eA==', headers: {}, body });
  // A test has no seq.
  return told.type === 'webhook.test' ? 0 : told.seq;
}`;

it('[SK7] packed, it is typed as here', () => {
  writeFileSync(join(folder, 'bot.ts'), BOT);
  const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['bot.ts'] }));
  expect(node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.').stdout).toBe('');
}, 120_000);

it('[SK7] packed, it runs alone', () => {
  const call = `import { Baton, readWebhook } from '@baton/sdk';
    await new Baton({ url: 'http://127.0.0.1:1', key: 'k', tries: 1 }).get('/v1/availability').catch(({ name }) => console.log(name));
    await readWebhook({ secret: 'whsec_eA==', headers: {}, body: '' }).catch(({ why }) => console.log(why));`;
  const { stdout, stderr } = node('--input-type=module', '-e', call);
  expect([stdout, stderr]).toEqual(['BatonUnreachable\nmissing_headers\n', '']);
}, 30_000);
