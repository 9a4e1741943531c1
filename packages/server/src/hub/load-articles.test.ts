import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { articlesOf } from '#store/articles.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { loadArticles, parseArticle } from './load-articles.ts';

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
const warnings: object[] = [];
const log = { debug() {}, info() {}, warn: (fields: object) => void warnings.push(fields), error() {} };

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  await pool.query("insert into workspaces (id, name) values ('wsp_1', 'One'), ('wsp_2', 'Two')");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-articles-'));
  warnings.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const load = () => loadArticles(pool, 'wsp_1', folder, log);
const titles = async (workspace: 'wsp_1' | 'wsp_2' = 'wsp_1') =>
  (await articlesOf(pool, workspace, () => 0).titles(100)).map(({ title }) => title);

it('[BT38] what is known is what is in the folder: new, changed and removed files', async () => {
  await writeFile(join(folder, 'a.md'), '# Alpha\n\nFirst.');
  await mkdir(join(folder, 'more'));
  await writeFile(join(folder, 'more', 'b.md'), '# Beta\n\nSecond.');
  await writeFile(join(folder, 'note.txt'), 'not an article');
  expect(await load()).toEqual({ articles: 2, written: 2, removed: 0 });
  expect(await load()).toEqual({ articles: 2, written: 0, removed: 0 });
  expect(await titles()).toEqual(['Alpha', 'Beta']);

  await writeFile(join(folder, 'a.md'), '# Alpha\n\nFirst, changed.');
  await rm(join(folder, 'more', 'b.md'));
  expect(await load()).toEqual({ articles: 1, written: 1, removed: 1 });
  expect(await titles()).toEqual(['Alpha']);
  expect(await articlesOf(pool, 'wsp_1', () => 0).read('a.md', null)).toEqual({
    path: 'a.md',
    title: 'Alpha',
    heading: null,
    text: 'First, changed.',
  });
  expect(await titles('wsp_2')).toEqual([]);
});

it('[BT38] leaves out what is no article and says which; a missing folder removes nothing', async () => {
  await writeFile(join(folder, 'good.md'), '# Good\n\nText with a NUL \0 in it.');
  await writeFile(join(folder, 'latin1.md'), Buffer.from([0x23, 0x20, 0xe9]));
  await writeFile(join(folder, 'long.md'), 'x'.repeat(300_000));
  expect(await load()).toMatchObject({ articles: 1 });
  expect(warnings).toMatchObject([{ path: 'latin1.md' }, { path: 'long.md', limit: 262_144 }]);
  await expect(loadArticles(pool, 'wsp_1', join(folder, 'nowhere'), log)).rejects.toThrow('ARTICLES_DIR');
  expect(await titles()).toEqual(['Good']);
});

it('[BT38] title, keywords and body are read as written', () => {
  expect(
    parseArticle(
      'x.md',
      '\uFEFF---\r\nkeywords: one, two words\r\nother: y\r\n---\r\n# The title #\r\n\r\nIntro.\r\n\r\n## More\r\nText.\r\n',
    ),
  ).toEqual({
    path: 'x.md',
    title: 'The title',
    keywords: 'one, two words',
    body: 'Intro.\n\n## More\nText.',
  });
  expect(parseArticle('deep/how-to_pay.md', 'Just text.')).toEqual({
    path: 'deep/how-to_pay.md',
    title: 'How to pay',
    keywords: '',
    body: 'Just text.',
  });
});

it('[BT37] finds passages by subject, keyword, heading and text, one an article, best first', async () => {
  await writeFile(
    join(folder, 'refunds.md'),
    '---\nkeywords: money back\n---\n# Refunds\n\nWe refund in 3 days.\n\n## Partial refunds\n\nOnly the items.\n\n### Shipping costs\n\nThey stay with you.',
  );
  await writeFile(join(folder, 'returns.md'), '# Returns\n\nSend it back; the refund follows.');
  await writeFile(join(folder, 'odd.md'), "# It's 100% \\ odd & ' | ! : *\n\nNothing.");
  await load();
  const articles = articlesOf(pool, 'wsp_1', () => 0);
  const search = async (question: string) =>
    (await articles.search(question)).map(({ path, heading }) => `${path}#${heading ?? ''}`);
  expect(await search('refund')).toEqual(['refunds.md#', 'returns.md#']);
  expect(await search('I want my money back!')).toEqual(['refunds.md#', 'returns.md#']);
  expect((await search('partial refund?'))[0]).toBe('refunds.md#Partial refunds');
  expect((await search('what about the shipping costs'))[0]).toBe('refunds.md#Shipping costs');
  expect((await search('refudn'))[0]).toBe('refunds.md#');
  expect(await search('unicorns')).toEqual([]);
  expect(await articlesOf(pool, 'wsp_2', () => 0).search('refund')).toEqual([]);
});

it('[BT37] no question breaks the search', async () => {
  await writeFile(join(folder, 'a.md'), '# Alpha\n\nBeta.');
  await load();
  const articles = articlesOf(pool, 'wsp_1', () => 0);
  for (const question of [
    '',
    ' ',
    "'",
    '\\',
    "a' | b:*",
    '!!!',
    '(',
    '<->',
    '\u{1F648}',
    'x'.repeat(100_000),
    'alpha '.repeat(5_000),
    'https://a.b/c?d=e&f',
    'a@b.c',
    '24/7',
    '日本語',
    '%_\\%',
  ]) {
    await expect(articles.search(question), question.slice(0, 20)).resolves.toBeInstanceOf(Array);
  }
});
