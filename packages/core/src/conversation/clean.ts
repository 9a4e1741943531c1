import { cleanText } from '#message/message.ts';

/** Nothing that a schema lets in is nested deeper. */
const DEEPEST = 16;

/**
 * The same value with all its texts fit to be stored (see `cleanText`): one NUL anywhere, in a note, a flag or the quote
 * of an evidence, would fail the statement that carries everybody else's messages too. What is clean already, which is
 * nearly always, comes back as it is, and nothing is made on the way: this stands in front of every message.
 */
export function cleaned<T>(value: T): T {
  return isClean(value, 0) ? value : (copy(value, 0) as T);
}

function isClean(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return true;
  if (Array.isArray(value)) {
    for (const one of value) if (!isClean(one, depth + 1)) return false;
    return true;
  }
  for (const name in value) {
    if (!isClean(name, depth) || !isClean((value as Record<string, unknown>)[name], depth + 1)) return false;
  }
  return true;
}

/** Names are cleaned too. */
function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((one) => copy(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [cleanText(name), copy(one, depth + 1)]));
}
