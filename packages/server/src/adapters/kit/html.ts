/** Plain text as HTML that shows it as it is, line breaks included. */
export function textToHtml(text: string): string {
  return escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Elements that begin on a line of their own. */
const BLOCKS =
  /^(?:address|article|blockquote|center|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul)$/;
/** What stands between these is not text. */
const HIDDEN = /<(script|style|head|title|template|noscript)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;

/**
 * What a vendor's HTML says, as plain text: paragraphs and line breaks kept, list items with a dash, links with their address
 * where the text does not show it. For showing as text, never as HTML again.
 */
export function htmlToText(html: string): string {
  const written: string[] = [];
  const links: string[] = [];
  let preformatted = 0;
  for (const { 0: piece, groups } of html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(HIDDEN, '')
    .matchAll(PIECE)) {
    const name = groups?.name?.toLowerCase();
    if (name === undefined) {
      // White space in HTML is one space, whatever it is.
      written.push(preformatted > 0 ? decode(piece) : decode(piece.replace(/[ \t\r\n\f]+/g, ' ')));
      continue;
    }
    const closes = piece.startsWith('</');
    if (name === 'pre') preformatted += closes ? -1 : 1;
    if (name === 'br') written.push('\n');
    else if (name === 'a') link(piece, closes, links, written);
    else if (name === 'img') written.push(attribute(piece, 'alt'));
    else if (name === 'p' || /^h[1-6]$/.test(name)) written.push(PARAGRAPH);
    else if (BLOCKS.test(name)) written.push(name === 'li' && !closes ? `${LINE}- ` : LINE);
    else if (name === 'td' && closes) written.push(' ');
  }
  return laidOut(written.join(''));
}

/** A tag, or what stands between tags; a `<` that opens no tag is text. */
const PIECE = /<\/?(?<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^>]*)?\/?>|[^<]+|</g;
/** Breaks that are asked for by elements; several in a row are one. Characters for private use: no text has them. */
const LINE = '\ue000';
const PARAGRAPH = '\ue001';

function laidOut(text: string): string {
  return text
    .replace(/[ \t]*[\ue000\ue001][\ue000\ue001 \t]*/g, (breaks) => (breaks.includes(PARAGRAPH) ? '\n\n' : '\n'))
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\u00a0/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function link(tag: string, closes: boolean, links: string[], written: string[]): void {
  if (!closes) {
    links.push(attribute(tag, 'href'), String(written.length));
    return;
  }
  const from = Number(links.pop() ?? written.length);
  const href = links.pop() ?? '';
  const shown = written.slice(from).join('').trim();
  const plain = href.replace(/^mailto:|^tel:/, '');
  if (/^(https?|mailto|tel):/.test(href) && !shown.includes(plain)) written.push(shown === '' ? plain : ` (${plain})`);
}

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return decode(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
}

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  euro: '€',
  pound: '£',
  copy: '©',
  reg: '®',
  trade: '™',
  bull: '•',
  middot: '·',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
};

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 2 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : '';
  });
}
