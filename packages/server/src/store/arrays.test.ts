import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { intArray, textArray, timeArray } from './arrays.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase({ empty: true });
  pool = new pg.Pool({ connectionString: database.connectionString, max: 1 });
  pool.on('error', () => {});
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What PostgreSQL read, as JSON. */
async function read(type: string, array: Buffer): Promise<unknown> {
  const { rows } = await pool.query<{ read: unknown }>(`select to_json($1::${type}) as read`, [array]);
  return rows[0]?.read;
}

describe('arrays in binary', () => {
  test('texts come as they are: quotes, backslashes, braces, commas, null, nothing, any script', async () => {
    const texts = ['plain', '', null, '{"a\\b", NULL}', 'ä€😀\n\t', 'null', 'x'.repeat(70_000)];
    expect(await read('text[]', textArray(texts))).toEqual(texts);
  });

  test('half a character is replaced, and what comes after it is whole', async () => {
    expect(await read('text[]', textArray(['a\ud800', 'b']))).toEqual(['a\ufffd', 'b']);
  });

  test('whole numbers', async () => {
    const numbers = [0, 1, -1, 2_147_483_647, -2_147_483_648];
    expect(await read('int[]', intArray(numbers))).toEqual(numbers);
  });

  test('moments, to the millisecond, before and after 2000', async () => {
    const moments = [0, -1, 946_684_799_999, 946_684_800_001, 1_795_353_600_123, 253_402_300_799_999];
    const { rows } = await pool.query<{ at: number }>(
      'select round(extract(epoch from x.at) * 1000)::float8 as at from unnest($1::timestamptz[]) as x(at)',
      [timeArray(moments)],
    );
    expect(rows.map((row) => row.at)).toEqual(moments);
  });

  test('none of them', async () => {
    expect(await read('text[]', textArray([]))).toEqual([]);
    expect(await read('int[]', intArray([]))).toEqual([]);
    expect(await read('timestamptz[]', timeArray([]))).toEqual([]);
  });
});
