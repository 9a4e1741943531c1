import { type AgentSlots, isCompatible } from './assign.ts';
import type { Waiting } from './order.ts';

/** Skills make kinds of conversation of their own up to here; what comes after goes with its queue. */
const MOST_KINDS = 32;

type Like = Pick<Waiting, 'queue' | 'skills' | 'language' | 'routing'>;

/**
 * Kinds of conversation: those of one kind can be taken by the same agents, because they need the same of them. By index,
 * as the estimate has them.
 */
export class Kinds {
  readonly #indexes = new Map<string, number>();
  readonly #likes: Like[] = [];

  get count(): number {
    return this.#likes.length;
  }

  of({ queue, routing, ...needs }: Pick<Waiting, 'queue' | 'skills'> & Partial<Like>): number {
    const tooMany = this.count >= MOST_KINDS;
    const skills = tooMany ? [] : needs.skills.toSorted();
    const language = !tooMany && routing?.language === 'required' ? (needs.language ?? null) : null;
    const key = `${queue} ${skills.join(' ')} ${language ?? ''}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.count;
    this.#indexes.set(key, index);
    this.#likes.push({ queue, skills, language, ...(routing ? { routing } : {}) });
    return index;
  }

  /** Those that he could take, if he was free; null: all. */
  takenBy(agent: AgentSlots): ReadonlySet<number> | null {
    const able = this.#likes.flatMap((like, index) => (isCompatible(like, agent) ? [index] : []));
    return able.length === this.count ? null : new Set(able);
  }
}
