// `npm run check:spec`: SPEC.md and the tests speak of the same rules.
// A rule is a line `- **CV1** text`; a test cites it in its title: it('[CV1] moves control on accept, never on offer').
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Contracts are the tests that all adapters share; they are run by each adapter's own test file. */
const TESTS = '{packages,e2e,bench,scripts}/**/*.{test.ts,test.tsx,contract.ts}';
/** What refers to rules by their number. */
const DOCUMENTS = '{*.md,docs/**/*.md,packages/**/*.md,examples/**/*.md}';
const RULE = /^- \*\*([A-Z]{2}\d+)\*\*(.*)$/;
const CITATION = /\[([A-Z]{2}\d+(?:,\s*[A-Z]{2}\d+)*)\]/g;

/**
 * What is wrong between a specification and the sources of its tests, as sentences.
 * @param sources path -> text
 */
export function specProblems(spec: string, sources: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const rules = new Map<string, number>();
  for (const [index, line] of spec.split('\n').entries()) {
    const [, id, text] = RULE.exec(line) ?? [];
    if (id === undefined) continue;
    const first = rules.get(id);
    if (first !== undefined) problems.push(`SPEC.md:${index + 1}: ${id} is already the rule in line ${first}`);
    else rules.set(id, index + 1);
    if (!text?.trim()) problems.push(`SPEC.md:${index + 1}: ${id} says nothing`);
  }
  const cited = new Set<string>();
  for (const [path, source] of sources) {
    for (const id of citationsIn(source)) {
      cited.add(id);
      if (!rules.has(id)) problems.push(`${path}: [${id}] is no rule of SPEC.md`);
    }
  }
  for (const [id, line] of rules) {
    if (!cited.has(id)) problems.push(`SPEC.md:${line}: no test cites [${id}]`);
  }
  return problems;
}

/** Rules that a document speaks of in text (`HO4`) and that are none; other words of this shape are left alone. */
export function unknownRules(spec: string, documents: ReadonlyMap<string, string>): string[] {
  const rules = new Set([...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, id]) => id as string));
  const prefixes = new Set([...rules].map((id) => id.slice(0, 2)));
  return [...documents].flatMap(([path, text]) =>
    [...new Set(text.match(/\b[A-Z]{2}\d+\b/g))]
      .filter((id) => prefixes.has(id.slice(0, 2)) && !rules.has(id))
      .map((id) => `${path}: ${id} is no rule of SPEC.md`),
  );
}

/** The rules named within strings; a rule in a comment is not tested. */
export function citationsIn(source: string): Set<string> {
  const found = new Set<string>();
  for (const text of stringsOf(source)) {
    for (const [, ids] of text.matchAll(CITATION)) {
      for (const id of (ids as string).split(/,\s*/)) found.add(id);
    }
  }
  return found;
}

/** The string literals of a source. A quote inside a regular expression misleads it, to the end of that line at most. */
function stringsOf(source: string): string[] {
  const literal = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
  return [...source.matchAll(literal)].map(([text]) => text).filter((text) => !text.startsWith('/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const exclude = (path: string) => /(^|\/)(node_modules|dist)$/.test(path);
  const paths = globSync(TESTS, { cwd: root, exclude }).filter((path) => !path.endsWith('check-spec.test.ts'));
  const sources = new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const spec = readFileSync(join(root, 'SPEC.md'), 'utf8');
  const documents = globSync(DOCUMENTS, { cwd: root, exclude });
  const texts = new Map(documents.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const problems = [...specProblems(spec, sources), ...unknownRules(spec, texts)];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(`SPEC.md and ${sources.size} test files agree`);
}
