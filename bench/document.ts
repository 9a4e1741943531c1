import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const BEGIN = '<!-- figures: npm run bench -- --document -->';
const END = '<!-- end of figures -->';

/** Puts the tables of a run between the two marks of docs/performance.md. What the document says of them stays a person's work. */
export function document(tables: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to < from) throw new Error(`${DOCUMENT} has lost its marks "${BEGIN}" and "${END}".`);
  writeFileSync(
    DOCUMENT,
    `${text.slice(0, from + BEGIN.length)}\n\n\`\`\`text\n${tables}\n\`\`\`\n\n${text.slice(to)}`,
  );
}
