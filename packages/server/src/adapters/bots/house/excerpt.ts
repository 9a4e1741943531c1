/** Longest excerpt, in characters. */
const EXCERPT = 600;

/**
 * A passage as one reads it in a chat: no Markdown signs, lists with bullets, addresses of links in brackets, whole sentences, at
 * most EXCERPT characters.
 */
export function excerpt(markdown: string): string {
  const lines = markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^#{1,6}[ \t]+/gm, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\(([^)\s]+)[^)]*\)/g, (_, label: string, url: string) =>
      label === url ? url : `${label} (${url})`,
    )
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/^[ \t]*[-*+][ \t]+/gm, '• ')
    .replace(/^>[ \t]?/gm, '')
    .split('\n');
  return shorten(unwrap(lines), EXCERPT);
}

/** Lines that only the editor broke become one; list items and paragraphs keep theirs. */
function unwrap(lines: readonly string[]): string {
  let text = '';
  for (const line of lines.map((one) => one.trim())) {
    if (line === '') text = text === '' ? '' : `${text.trimEnd()}\n\n`;
    else if (/^(?:•|\d+[.)])\s/.test(line)) text = `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}`;
    else text = text === '' || text.endsWith('\n') ? `${text}${line}` : `${text} ${line}`;
  }
  return text.trim();
}

/** Cut after a whole sentence, else after a word. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit);
  const end = Math.max(
    head.lastIndexOf('. '),
    head.lastIndexOf('.\n'),
    head.lastIndexOf('? '),
    head.lastIndexOf('! '),
    head.lastIndexOf('\n•'),
  );
  if (end > limit / 3) return head.slice(0, end + 1).trim();
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), 1)).trim()} …`;
}

/** Sentences of a text, trimmed, none empty. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
