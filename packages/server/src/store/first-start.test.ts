import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { idMaker } from '#world';
import { firstStart, makeLoginLinks } from './first-start.ts';
import { Seal } from './sealed.ts';
import { secretKey } from './secret-key.ts';

const newId = idMaker(() => Date.now());
const nothing = { ownerEmail: null, ownerPassword: null, apiKey: null, siteKey: null, demo: false };
const clean: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of clean.splice(0).reverse()) await step();
});

async function emptyDatabase(): Promise<pg.Pool> {
  const database: TestDatabase = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString });
  clean.push(
    () => database.drop(),
    () => pool.end(),
  );
  return pool;
}

const seal = new Seal('a secret key of more than thirty-two characters');

describe('the first start', () => {
  it('[AP29] makes what is missing, tells it once, and takes what was given', async () => {
    const pool = await emptyDatabase();
    const made = await firstStart(pool, nothing, newId, seal);
    expect(made).toMatchObject({
      owner: { email: 'owner@example.com', made: true },
      apiKey: { made: true },
      siteKey: { made: true },
    });
    expect(made?.owner.password).toHaveLength(16);
    expect(await firstStart(pool, { ...nothing, apiKey: 'another key for later' }, newId, seal)).toBeNull();
    const other = await emptyDatabase();
    const given = {
      ...nothing,
      ownerEmail: 'robin.ellis@example.com',
      ownerPassword: 'given password',
      apiKey: 'given-key-0123456789',
      siteKey: 'given-site',
    };
    expect(await firstStart(other, given, newId, seal)).toMatchObject({
      owner: { email: given.ownerEmail, password: given.ownerPassword, made: false },
      apiKey: { key: given.apiKey, made: false },
      siteKey: { key: given.siteKey, made: false },
    });
    const { rows } = await other.query('select a.name, i.site_key from agents a, integrations i where i.kind = $1', [
      'widget',
    ]);
    expect(rows).toEqual([{ name: 'Robin Ellis', site_key: 'given-site' }]);
  });

  it('[AP29] of nodes that start at once one fills the database', async () => {
    const pool = await emptyDatabase();
    const all = await Promise.all(Array.from({ length: 4 }, () => firstStart(pool, nothing, newId, seal)));
    expect(all.filter((one) => one !== null)).toHaveLength(1);
    expect((await pool.query('select 1 from workspaces')).rowCount).toBe(1);
  });

  it('[AP29] a demo has a billing queue that money goes to, and two agents, with links that log in', async () => {
    const pool = await emptyDatabase();
    await firstStart(pool, { ...nothing, demo: true }, newId, seal);
    const { rows: queues } = await pool.query('select name from queues order by name');
    expect(queues.map(({ name }) => name)).toEqual(['Billing', 'Support']);
    const links = await makeLoginLinks(pool, Date.now());
    expect(links.map(({ name, role }) => [name, role])).toEqual([
      ['Owner', 'owner'],
      ['Dana Reyes', 'agent'],
      ['Sam Okafor', 'agent'],
    ]);
    const { rows } = await pool.query(
      "select rules -> 'escalation' -> 'topics' -> 0 ->> 'queue' as queue from workspaces",
    );
    expect(rows[0].queue).toMatch(/^que_/);
  });
});

describe('the secret key', () => {
  it('[AP29] is made once, readable by us only, and the same for all who start together', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-key-'));
    clean.push(() => rm(folder, { recursive: true }));
    const dataDir = join(folder, 'data');
    const keys = await Promise.all([secretKey(null, dataDir), secretKey(null, dataDir), secretKey(null, dataDir)]);
    expect(new Set(keys).size).toBe(1);
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(await secretKey('given', dataDir)).toBe('given');
    await writeFile(join(dataDir, 'secret.key'), 'short');
    await expect(secretKey(null, dataDir)).rejects.toThrow('backup');
  });
});
