/** A piece of a message's text. Drawn as elements with text in them: nothing is ever parsed as HTML. */
export type Piece =
  | { is: 'text' | 'bold' | 'code' | 'block'; text: string }
  | { is: 'link'; text: string; href: string };

const ADDRESS =
  /\bhttps?:\/\/[^\s<>"'`]+|\bwww\.[^\s<>"'`]+\.[^\s<>"'`]+|\b[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}\b/giu;
/** The little Markdown that the widget shows for bots and agents: [text](https://...), **bold**, `code`. */
const MARKS = /\[([^\]\n]{1,300})\]\((https?:\/\/[^\s()<>"]+)\)|\*\*([^*\n]+)\*\*|`([^`\n]+)`/g;
/** Lines of code between fences: ``` on a line of its own. */
const FENCED = /(?:^|\n)```.*\n([\s\S]*?)\n?```(?:\n|$)/;
/** What ends a sentence is seldom part of its address. */
const TRAILING = /[.,;:!?'"»”’)\]}]+$/;

/**
 * Cuts a text into pieces. Agents see a message as its customer sees it: `rich` for what bots and agents wrote.
 * Only web and mail addresses become links: no script, no data, no file.
 */
export function piecesOf(text: string, rich: boolean): Piece[] {
  if (!rich) return linkify(text);
  // Every second piece is what the expression's one group has caught.
  return text
    .split(FENCED)
    .flatMap((piece, index): Piece[] => (index % 2 === 1 ? [{ is: 'block', text: piece }] : marked(piece)));
}

function marked(text: string): Piece[] {
  // Lists and headings read well as plain lines.
  const plain = text.replace(/^(\s*)[-*] (?=\S)/gm, '$1• ').replace(/^#{1,6} +(.+)$/gm, '**$1**');
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of plain.matchAll(MARKS)) {
    pieces.push(...linkify(plain.slice(from, match.index)));
    const [whole, label, href, bold, code] = match;
    if (label && href) pieces.push({ is: 'link', text: label, href });
    else if (bold) pieces.push({ is: 'bold', text: bold });
    else if (code) pieces.push({ is: 'code', text: code });
    from = match.index + whole.length;
  }
  return [...pieces, ...linkify(plain.slice(from))];
}

function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = withoutTrailing(match[0]);
    if (match.index > from) pieces.push({ is: 'text', text: text.slice(from, match.index) });
    pieces.push({
      is: 'link',
      text: found,
      href: found.includes('://') ? found : found.includes('@') ? `mailto:${found}` : `https://${found}`,
    });
    from = match.index + found.length;
  }
  if (from < text.length) pieces.push({ is: 'text', text: text.slice(from) });
  return pieces;
}

// "(see https://en.wikipedia.org/wiki/Baton_(disambiguation))": a bracket that was opened inside belongs to it.
function withoutTrailing(address: string): string {
  let end = address;
  for (;;) {
    const cut = end.replace(TRAILING, '');
    if (cut === end) return end;
    const opens = (cut.match(/\(/g) ?? []).length;
    const closes = (cut.match(/\)/g) ?? []).length;
    if (opens > closes && end[cut.length] === ')') return `${cut})`;
    end = cut;
  }
}

/** The same text without its marks, for where it is only hinted at. */
export function plainOf(text: string): string {
  return piecesOf(text, true)
    .map((piece) => (piece.is === 'block' ? ` ${piece.text} ` : piece.text))
    .join('');
}

/** An address from a message may be followed only if it is a web address or a place of our own server. */
export function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  return /^https?:\/\//i.test(url) || /^\/(?![/\\])/.test(url) ? url : undefined;
}
