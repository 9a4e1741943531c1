import { normalQuantile } from './normal.ts';

/** Where a wait fell within its own forecast: the score of it (see `scoreOf`). */
interface Fallen {
  score: number;
  /** He left then: his wait would have been longer, and this is only a lower bound (he is censored). */
  left: boolean;
}

/** Outcomes that count, the last ones. */
const KEPT = 400;
/** As if this many had fallen just as forecast: few outcomes correct little. */
const PSEUDO = 60;
/** The correction is made again after this many outcomes. */
const AGAIN = 10;

/**
 * What forecasts have to be corrected by, so that a range for 80% holds 80%: if a tenth of the waits fell below the
 * forecast's 16%, then 16% is asked for where 10% is wanted. The share of waits below each score is Kaplan and Meier's
 * (1958): who left counts until he left. To leave him out would pull the estimate down, because those who leave are
 * those who waited long.
 */
export class Recalibration {
  readonly #fallen: Fallen[] = [];
  #sorted: readonly { score: number; below: number }[] | null = null;
  #since = 0;

  add(fallen: Fallen): void {
    this.#fallen.push(fallen);
    if (this.#fallen.length > KEPT) this.#fallen.shift();
    if (++this.#since >= AGAIN) this.#sorted = null;
  }

  /** The score to ask a forecast for, where this share of waits should really be below. */
  score(wanted: number): number {
    if (this.#fallen.length === 0) return normalQuantile(wanted);
    this.#sorted ??= this.#estimate();
    const sorted = this.#sorted;
    const above = sorted.findIndex(({ below }) => below >= wanted);
    const high = sorted[above === -1 ? sorted.length - 1 : above];
    const low = sorted[above - 1];
    if (!high) return normalQuantile(wanted);
    if (!low || above === -1) return high.score;
    return low.score + ((wanted - low.below) / (high.below - low.below)) * (high.score - low.score);
  }

  #estimate(): { score: number; below: number }[] {
    this.#since = 0;
    const pseudo = Array.from({ length: PSEUDO }, (_, index): Fallen => {
      return { score: normalQuantile((index + 0.5) / PSEUDO), left: false };
    });
    const all = [...this.#fallen, ...pseudo].sort((a, b) => a.score - b.score || Number(a.left) - Number(b.left));
    const found: { score: number; below: number }[] = [];
    let longer = 1;
    for (const [index, { score, left }] of all.entries()) {
      if (left) continue;
      longer *= 1 - 1 / (all.length - index);
      const last = found.at(-1);
      if (last?.score === score) last.below = 1 - longer;
      else found.push({ score, below: 1 - longer });
    }
    return found;
  }
}
