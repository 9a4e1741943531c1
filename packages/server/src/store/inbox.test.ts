import type { IntegrationId, Millis } from '@baton/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { seedWorkspace } from '#test/workspace.ts';
import { inboxLater, inboxPause, keepInbox, readyTickets } from './inbox.ts';

const AT: Millis = Date.UTC(2026, 10, 2, 9, 0, 0);
const HOUR: Millis = 3_600_000;

let database: TestDatabase;
let pool: pg.Pool;
let desk: IntegrationId;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 1 });
  desk = (await seedWorkspace(pool)).channel;
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What an agent said, all in one second of the desk's clock. */
const said = (ticket: string, ...keys: string[]) =>
  keys.map((key) => ({ key: `${ticket} ${key}`, ticket, type: 'agent.said', at: AT, payload: { key } }));

const asked = (ticket: string, askedAt: Millis, ...keys: string[]) =>
  keepInbox(pool, desk, said(ticket, ...keys), 0, askedAt);

async function ready(ticket: string) {
  const tickets = await readyTickets(pool, 100);
  return tickets.find((one) => one.ticket === ticket)?.items ?? [];
}

const order = async (ticket: string) => (await ready(ticket)).map(({ key }) => key.replace(`${ticket} `, ''));

describe('[DS8] what a vendor says in a way that cannot be stored is kept all the same', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e15, 1e300])('a time of %d is none', async (at) => {
    const [item] = said(`time ${at}`, 'one');
    if (!item) throw new Error('nothing said');
    expect(await keepInbox(pool, desk, [{ ...item, at }], 0, null)).toEqual(new Set([item.key]));
    expect((await ready(`time ${at}`))[0]).toMatchObject({ key: item.key, at: null });
  });
});

describe('[DS33] the order of a desk’s answers settles what its clock leaves open', () => {
  it('also where one answer goes on where another stopped', async () => {
    await asked('A', AT + 1, 'one', 'two');
    await asked('A', AT + 2, 'three', 'four');
    expect(await order('A')).toEqual(['one', 'two', 'three', 'four']);
  });

  it('what came by webhook takes its place, and what is found between stands there', async () => {
    await keepInbox(pool, desk, said('B', 'three', 'one'), 0, null);
    await asked('B', AT + 1, 'one', 'three');
    await asked('B', AT + 2, 'one', 'two', 'three');
    expect(await order('B')).toEqual(['one', 'two', 'three']);
  });

  it('an answer that was asked for first and came last puts nothing back', async () => {
    await asked('C', AT + 2, 'one', 'two', 'three');
    await asked('C', AT + 1, 'one', 'three');
    expect(await order('C')).toEqual(['one', 'two', 'three']);
  });
});

describe('[DS34] a ticket waits as a whole', () => {
  it('while something of it is paused, which takes away no try', async () => {
    await asked('D', AT + 1, 'one', 'two');
    await inboxPause(pool, desk, 'D one', HOUR, 'The desk is paused.');
    expect(await order('D')).toEqual([]);
    await inboxPause(pool, desk, 'D one', 0, 'The desk is back.');
    expect((await ready('D')).map(({ attempts }) => attempts)).toEqual([0, 0]);
  });

  it('while something of it waits for its next try', async () => {
    await asked('E', AT + 1, 'one', 'two');
    await inboxLater(pool, desk, 'E one', HOUR, 'The desk is down.');
    expect(await order('E')).toEqual([]);
    await inboxLater(pool, desk, 'E one', 0, 'The desk is down.');
    expect((await ready('E')).map(({ attempts }) => attempts)).toEqual([2, 0]);
  });
});
