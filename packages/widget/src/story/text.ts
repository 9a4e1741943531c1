/** A piece of a message's text. Drawn as elements with text in them; nothing is ever parsed as HTML. */
export type Token =
  | { is: 'text' | 'bold' | 'code' | 'block'; text: string }
  | { is: 'link'; text: string; href: string };

/** Addresses people write: with a scheme, or `www.`, or an e-mail address. */
const LINK = /\bhttps?:\/\/[^\s<>"]+|\bwww\.[^\s<>"]+\.[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/gi;
/** The little Markdown that bots and agents write: [text](https://...), **bold**, `code`. */
const MARKS = /\[([^\]\n]{1,300})\]\((https?:\/\/[^\s()<>"]+)\)|\*\*([^*\n]+)\*\*|`([^`\n]+)`/g;

/** Lines of code between fences: ``` on a line of its own. */
const FENCED = /(?:^|\n)```.*\n([\s\S]*?)\n?```(?:\n|$)/;

/** Links of any text become clickable; `rich` also reads the little Markdown above. */
export function tokensOf(text: string, rich: boolean): Token[] {
  if (!rich) return links(text);
  // Every second piece is what the expression's one group has caught.
  return text
    .split(FENCED)
    .flatMap((piece, index): Token[] => (index % 2 === 1 ? [{ is: 'block', text: piece }] : marked(piece)));
}

function marked(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of lists(text).matchAll(MARKS)) {
    tokens.push(...links(match.input.slice(end, match.index)));
    const [whole, label, href, bold, code] = match;
    if (label && href) tokens.push({ is: 'link', text: label, href });
    else if (bold) tokens.push({ is: 'bold', text: bold });
    else if (code) tokens.push({ is: 'code', text: code });
    end = match.index + whole.length;
  }
  return [...tokens, ...links(lists(text).slice(end))];
}

/** The words alone, for a line of preview. */
export function plainOf(text: string): string {
  return tokensOf(text, true)
    .map((token) => (token.is === 'block' ? ` ${token.text} ` : token.text))
    .join('');
}

/** Lists and headings read well as plain lines. */
function lists(text: string): string {
  return text.replace(/^(\s*)[-*] (?=\S)/gm, '$1• ').replace(/^#{1,6} +(.+)$/gm, '**$1**');
}

function links(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = bare(match[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (match.index > end) tokens.push({ is: 'text', text: text.slice(end, match.index) });
    tokens.push({ is: 'link', text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) tokens.push({ is: 'text', text: text.slice(end) });
  return tokens;
}

/** The full stop after an address is the sentence's, a closing bracket is only part of it when it was opened there. */
function bare(address: string): string {
  let end = address.length;
  for (;;) {
    const last = address[end - 1] ?? '';
    const inside = address.slice(0, end);
    const closes = last === ')' && count(inside, ')') > count(inside, '(');
    if (!closes && !'.,;:!?\'"*_]}'.includes(last)) return inside;
    if (end === 0) return '';
    end--;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(address: string): string | null {
  const href = address.includes('://') ? address : address.includes('@') ? `mailto:${address}` : `https://${address}`;
  return URL.canParse(href) ? href : null;
}
