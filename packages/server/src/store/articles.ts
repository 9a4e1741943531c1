import { createHash } from 'node:crypto';
import type { Millis, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { Articles, Found, Passage } from '#ports/articles.ts';
import { type Db, transaction } from './db.ts';
import { correct, rankPassages, rarity, type Stemmed, type Term } from './passages.ts';

/** An article as it is kept. `body` is Markdown without the title. */
export interface Article {
  path: string;
  title: string;
  /** Other words that customers use for the subject. */
  keywords: string;
  body: string;
}

/**
 * Makes the workspace's articles exactly these: writes what is new or changed, removes what is gone, in one transaction. Gives
 * how many were written and removed.
 */
export async function saveArticles(
  pool: Pool,
  workspace: WorkspaceId,
  articles: readonly Article[],
): Promise<{ written: number; removed: number }> {
  const rows = articles.map((article) => ({
    ...article,
    hash: createHash('sha256').update(JSON.stringify(article)).digest('hex'),
  }));
  return transaction(pool, async (db) => {
    const gone = await db.query('delete from articles where workspace_id = $1 and path <> all($2::text[])', [
      workspace,
      rows.map((row) => row.path),
    ]);
    const written = await db.query(
      `insert into articles (workspace_id, path, title, keywords, body, hash)
       select $1, path, title, keywords, body, hash
       from jsonb_to_recordset($2) as row(path text, title text, keywords text, body text, hash text)
       on conflict (workspace_id, path) do update
         set title = excluded.title, keywords = excluded.keywords, body = excluded.body, hash = excluded.hash
         where articles.hash <> excluded.hash`,
      [workspace, JSON.stringify(rows)],
    );
    return { written: written.rowCount ?? 0, removed: gone.rowCount ?? 0 };
  });
}

/** Articles looked at closely; the full-text index chooses them. */
const CANDIDATES = 20;
/** Longer questions are cut: what matters is said early, and each word costs. */
const QUESTION_LIMIT = 1_000;
/** Worth of a word whose spelling was corrected. */
const GUESS = 0.7;
/** The words that all articles have are kept this long, for spelling. */
const KNOWN_FOR_MS = 60_000;

/** Stems that people write around a question and that say nothing of its subject. */
const FILLER = new Set(
  (
    'hi hello hey hai dear pleas plz thank thanx want wanna need would like could can know tell help get got give let ask question say said one thing way much many ' +
    'see look tri go long take took time also just realli still alreadi anyon someon somebodi anybodi sir madam mate guy ok okay ye yeah well good great sorri think wonder happen actual curious im dont cant ' +
    'info inform detail possibl differ u ur pl lot kind someth anyth everyth use item order'
  ).split(' '),
);
/** Filler only beside other words: in a shop each question is about an order, but `order` alone is a question. */
const WEAK = new Set(['order', 'item', 'info', 'inform', 'detail', 'differ', 'possibl']);

/** The articles of one workspace. Holds nothing but a short-lived list of known words. */
export function articlesOf(pool: Db, workspace: WorkspaceId, now: () => Millis): Articles {
  let known: { words: string[]; until: Millis } | null = null;

  async function knownWords(): Promise<string[]> {
    if (known && known.until > now()) return known.words;
    const { rows } = await pool.query<{ word: string }>(
      `select word from ts_stat('select words from articles where workspace_id = ' || quote_literal($1::text)) where length(word) > 3`,
      [workspace],
    );
    known = { words: rows.map((row) => row.word), until: now() + KNOWN_FOR_MS };
    return known.words;
  }

  async function terms(question: string, hint: string): Promise<Term[]> {
    const { rows, total } = await stems(pool, workspace, question, hint);
    const spoken = rows.filter((row) => !FILLER.has(row.stem));
    const words = spoken.some((row) => !row.hint)
      ? spoken
      : rows.filter((row) => !FILLER.has(row.stem) || WEAK.has(row.stem));
    const result: Term[] = [];
    for (const { stem, hint: fromHint, count } of words) {
      if (count > 0) {
        result.push({ stem, hint: fromHint, weight: rarity(count, total), foreign: false });
        continue;
      }
      const meant = correct(stem, await knownWords());
      // A guess is worth less than a hit, so that an exact word beats it.
      result.push({
        stem: meant ?? stem,
        hint: fromHint,
        weight: rarity(1, total) * (meant === null ? 1 : GUESS),
        foreign: meant === null,
      });
    }
    return result;
  }

  return {
    async search(question, { hint = '', limit = 3 } = {}) {
      const wanted = await terms(question, hint);
      if (!wanted.some((term) => !term.hint)) return [];
      const passages = await candidates(
        pool,
        workspace,
        wanted.map((term) => term.stem),
      );
      return rankPassages(question, wanted, passages).slice(0, limit) satisfies Found[];
    },
    read: (path, heading) => readPassage(pool, workspace, path, heading),
    async titles(limit) {
      const { rows } = await pool.query<{ path: string; title: string }>(
        'select path, title from articles where workspace_id = $1 order by path limit $2',
        [workspace, limit],
      );
      return rows;
    },
  };
}

interface StemRow {
  stem: string;
  hint: boolean;
  count: number;
}

/** The stems of question and hint, each with the number of articles that have it. */
async function stems(
  db: Db,
  workspace: WorkspaceId,
  question: string,
  hint: string,
): Promise<{ rows: StemRow[]; total: number }> {
  const { rows } = await db.query<StemRow & { total: number }>(
    `with said as (
       select lexeme, false as hint from unnest(to_tsvector('english', $2))
       union all
       select lexeme, true from unnest(to_tsvector('english', $3)) as h where h.lexeme not in (select lexeme from unnest(to_tsvector('english', $2)))
     )
     select lexeme as stem, hint,
       (select count(*)::int from articles where workspace_id = $1 and words @@ plainto_tsquery('simple', lexeme)) as count,
       (select count(*)::int from articles where workspace_id = $1) as total
     from said`,
    [workspace, question.slice(0, QUESTION_LIMIT), hint.slice(0, QUESTION_LIMIT)],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}

/**
 * Passages of the articles that have any of these stems. Postgres finds the articles by index and stems the passages with the
 * same dictionary; which passage is best is decided in passages.ts.
 */
async function candidates(db: Db, workspace: WorkspaceId, stemsWanted: readonly string[]): Promise<Stemmed[]> {
  const { rows } = await db.query<Stemmed>(
    `with wanted as (
       select plainto_tsquery('simple', stem) as query from unnest($2::text[]) as stem
     ), any_of as (
       select string_agg('(' || query::text || ')', ' | ')::tsquery as query from wanted where numnode(query) > 0
     ), chosen as (
       select path, title, keywords, body from articles, any_of
       where workspace_id = $1 and words @@ query
       order by ts_rank(words, query) desc, path
       limit ${CANDIDATES}
     )
     select path, title, keywords, ${PASSAGE},
       tsvector_to_array(to_tsvector('english', title)) as "titleStems",
       (select coalesce(jsonb_agg(to_jsonb(tsvector_to_array(to_tsvector('english', keyword)))), '[]')
          from regexp_split_to_table(keywords, ',') as keyword where to_tsvector('english', keyword) <> '') as "keywordStems",
       coalesce(tsvector_to_array(to_tsvector('english', heading)), '{}') as "headingStems",
       tsvector_to_array(to_tsvector('english', piece)) as "textStems"
     from chosen, ${PIECES}
     order by path, place`,
    [workspace, stemsWanted],
  );
  return rows.filter((row) => row.text !== '');
}

async function readPassage(
  db: Db,
  workspace: WorkspaceId,
  path: string,
  heading: string | null,
): Promise<Passage | null> {
  const { rows } = await db.query<Passage>(
    `select path, title, ${PASSAGE} from articles, ${PIECES} where workspace_id = $1 and path = $2 and heading is not distinct from $3 order by place limit 1`,
    [workspace, path, heading],
  );
  return rows[0] ?? null;
}

/** An article's body cut before each `## heading`. */
const PIECES = String.raw`lateral (
  select piece, place, substring(piece from '^#{2,6}[ \t]+([^\n]*?)[ \t#]*(?:\n|$)') as heading
  from regexp_split_to_table(body, '\n(?=#{2,6}[ \t])') with ordinality as cut(piece, place)
) as pieces`;
const PASSAGE = String.raw`heading, btrim(case when heading is null then piece else regexp_replace(piece, '^[^\n]*\n?', '') end, E' \t\n') as text`;
