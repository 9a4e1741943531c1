import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanText, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { Log } from '#ports/world.ts';
import { type Article, saveArticles } from '#store/articles.ts';

/** Largest article, in bytes. A text search index holds at most 1 MB of words a row. */
const FILE_LIMIT = 262_144;

/**
 * Brings a folder of Markdown files, with its sub-folders, into the workspace: what the house bot knows is what is in the
 * folder. Files that cannot be read as UTF-8 Markdown are left out and logged. A missing folder throws, and leaves what is stored.
 */
export async function loadArticles(
  pool: Pool,
  workspace: WorkspaceId,
  folder: string,
  log: Log,
): Promise<{ articles: number; written: number; removed: number }> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new Error(
      `The folder of articles, ${folder}, cannot be read. Make it, or point ARTICLES_DIR at the right one.`,
      { cause },
    );
  });
  const articles: Article[] = [];
  for (const name of names.filter((one) => one.endsWith('.md')).sort()) {
    const path = name.replaceAll('\\', '/');
    const file = join(folder, name);
    const { size } = await stat(file);
    if (size > FILE_LIMIT) {
      log.warn({ path, size, limit: FILE_LIMIT }, 'An article is too long and was left out; cut it into several');
      continue;
    }
    const text = decode(await readFile(file));
    if (text === null) log.warn({ path }, 'An article is not UTF-8 text and was left out');
    else articles.push(parseArticle(path, text));
  }
  return { articles: articles.length, ...(await saveArticles(pool, workspace, articles)) };
}

/**
 * Title (the first `# heading`, else the file's name), keywords (a `keywords:` line of the front matter) and body.
 * Other lines of the front matter are ignored.
 */
export function parseArticle(path: string, text: string): Article {
  const whole = cleanText(text)
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
  const front = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(whole);
  const content = front ? whole.slice(front[0].length) : whole;
  const keywords = /^keywords:[ \t]*(.*)$/im.exec(front?.[1] ?? '')?.[1]?.trim() ?? '';
  const heading = /^#[ \t]+(.+?)[ \t#]*$/m.exec(content);
  const title = heading?.[1] ?? nameOf(path);
  const body = heading
    ? `${content.slice(0, heading.index)}${content.slice(heading.index + heading[0].length)}`
    : content;
  return { path, title, keywords, body: body.trim() };
}

function nameOf(path: string): string {
  const words = (path.split('/').at(-1) ?? path).replace(/\.md$/, '').replace(/[-_]+/g, ' ').trim();
  return words === '' ? path : (words[0] ?? '').toUpperCase() + words.slice(1);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
