import { cleanText } from '#message/message.ts';

/** Nothing that a schema lets in is nested deeper. */
const DEEPEST = 16;

/**
 * The same value with all its texts fit to be stored (see `cleanText`): one NUL anywhere, in a note, a flag or the quote
 * of an evidence, would fail the statement that carries everybody else's messages too. What is clean already, which is
 * nearly always, comes back as it is: no copy is made.
 */
export function cleaned<T>(value: T, depth = 0): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) {
    const list = value.map((one: unknown) => cleaned(one, depth + 1));
    return list.some((one, index) => one !== value[index]) ? (list as T) : value;
  }
  return (entriesClean(value, depth) ?? value) as T;
}

/** The cleaned copy of an object, names included; null when it needs none. */
function entriesClean(value: object, depth: number): object | null {
  let changed = false;
  const entries = Object.entries(value).map(([name, one]) => {
    const entry = [cleanText(name), cleaned(one, depth + 1)] as const;
    changed ||= entry[0] !== name || entry[1] !== one;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : null;
}
