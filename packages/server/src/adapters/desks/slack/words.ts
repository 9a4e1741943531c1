/** Slack writes `&`, `<` and `>` as entities, and everything special between `<` and `>`. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What Slack counts against its limits. */
export function escapedLength(text: string): number {
  return escaped(text).length;
}

/** Slack's text as people read it: links and mentions written out, emoji as characters where Slack says which. */
export function plainText(text: string, blocks: unknown, nameOf: (user: string) => string | undefined): string {
  const emoji = emojiIn(blocks);
  return text
    .replace(/<([^<>]*)>/g, (_, inner: string) => spelt(inner, nameOf))
    .replace(/:([\w+'-]+):/g, (whole, name: string) => emoji.get(name) ?? whole)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

/** `@U1`, `#C1|name`, `!here`, `https://a.example|a.example`, `mailto:a@example.com|a@example.com`. */
function spelt(inner: string, nameOf: (user: string) => string | undefined): string {
  const bar = inner.indexOf('|');
  const [target, label] = bar === -1 ? [inner, ''] : [inner.slice(0, bar), inner.slice(bar + 1)];
  if (target.startsWith('@')) return `@${label || nameOf(target.slice(1)) || 'colleague'}`;
  if (target.startsWith('#')) return `#${label || 'channel'}`;
  if (target.startsWith('!')) return label || `@${target.slice(1)}`;
  const address = target.replace(/^(mailto|tel):/, '');
  return label === '' || address.includes(label) ? address : `${label} (${address})`;
}

/** Names of the emoji in a message, with their characters: the workspace's own have none. */
function emojiIn(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return found;
  const { type, name, unicode } = value as Record<string, unknown>;
  if (type === 'emoji' && typeof name === 'string' && typeof unicode === 'string') {
    const points = unicode.split('-').map((point) => Number.parseInt(point, 16));
    if (points.every((point) => point > 0 && point <= 0x10ffff)) found.set(name, String.fromCodePoint(...points));
  }
  for (const inner of Object.values(value)) emojiIn(inner, found);
  return found;
}
