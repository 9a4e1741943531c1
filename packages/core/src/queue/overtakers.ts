import type { Overtaking } from './situation.ts';

/** How often such people come is what they did in so long, in seconds. */
const LATELY = 1_800;
/** Head starts are told apart by so much: each sort costs something with every look. */
const STEP = 60;
const MOST_SORTS = 8;

/** Those who came lately with a head start: as often others like them will come and go before who waits already. */
export class Overtakers {
  #came: { at: number; kind: number; credit: number }[] = [];

  /** @param credit seconds of waiting that he is ahead by; of who has none nothing is kept */
  came(at: number, kind: number, credit: number): void {
    if (credit > 0) this.#came.push({ at, kind, credit: Math.ceil(credit / STEP) * STEP });
  }

  /** The most frequent sorts of them, of whom one alone says nothing. */
  expected(now: number): Overtaking[] {
    this.#came = this.#came.filter(({ at }) => Math.abs(now - at) < LATELY);
    const sorts = Map.groupBy(this.#came, ({ kind, credit }) => `${kind} ${credit}`);
    return [...sorts.values()]
      .filter((sort) => sort.length > 1)
      .sort((a, b) => b.length - a.length)
      .slice(0, MOST_SORTS)
      .flatMap(([one, ...others]) =>
        one ? [{ kind: one.kind, credit: one.credit, perSecond: (others.length + 1) / LATELY }] : [],
      );
  }
}
