import type { ClientFrame, Part, PartInput } from '@baton/protocol';
import type { Memory } from './memory.ts';
import type { ConversationId, Pending } from './state.ts';

/** What waits longer is not sent by itself any more: nobody expects yesterday's words to go out today. */
const FRESH_MS = 12 * 3_600_000;

/**
 * The pending frames in the browser's memory, one entry each: two tabs can add and remove at the same time without
 * losing each other's. Both tabs send what they find; the server takes each key once.
 */
export class OutboxStore {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  load(now: number): Pending[] {
    return this.#memory
      .keys('out:')
      .flatMap((key) => parsed(this.#memory.get(key)))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .filter((one) => one.wish.what === 'say' || now - one.at <= FRESH_MS)
      .map(
        (one): Pending =>
          now - one.at <= FRESH_MS ? one : { ...one, fate: { is: 'refused', code: 'stale', reason: '' } },
      );
  }

  /** Writes down what differs. */
  keep(before: readonly Pending[], after: readonly Pending[]): void {
    for (const one of after) {
      if (before.includes(one)) continue;
      this.#memory.set(`out:${one.key}`, one.fate.is === 'accepted' ? null : JSON.stringify(one));
    }
    const keys = new Set(after.map((one) => one.key));
    for (const one of before) if (!keys.has(one.key)) this.#memory.set(`out:${one.key}`, null);
  }
}

function parsed(text: string | null): Pending[] {
  try {
    const one = JSON.parse(text ?? '') as Pending;
    return one.key && one.wish && one.fate ? [one] : [];
  } catch {
    return [];
  }
}

/** The frame for the wire; null when it speaks of a conversation and none is known. */
export function frameOf(
  { key, wish, ...pending }: Pending,
  current: ConversationId | null,
  page: { url: string; title: string },
): ClientFrame | null {
  const conversation = pending.conversation ?? current;
  const where = conversation === null ? {} : { conversation };
  if (wish.what === 'say') return { type: 'say', clientId: key, ...where, parts: wish.parts.map(inputOf), page };
  if (wish.what === 'ask-human') return { type: 'ask-human', id: key, ...where, page };
  if (conversation === null) return null;
  if (wish.what === 'cancel') return { type: 'cancel', id: key, conversation };
  return { type: 'rate', id: key, conversation, score: wish.score, ...(wish.comment ? { comment: wish.comment } : {}) };
}

/** Parts as they are sent: a file by its id only. */
function inputOf(part: Part): PartInput {
  return part.type === 'file' ? { type: 'file', file: { id: part.file.id } } : (part as PartInput);
}
