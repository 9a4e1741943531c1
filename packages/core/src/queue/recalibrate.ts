import { normalQuantile } from './normal.ts';

/** How a wait ended of which a range was told. */
export interface Fallen {
  /** Where the wait fell within its own forecast (see `scoreOf`). */
  score: number;
  /** He left then: his wait would have been longer, and this is only a lower bound (he is censored). */
  left: boolean;
  /** Was it shorter than the low and than the high end that he was told? */
  shorter: Ends<boolean>;
  /** Himself, and those who would have waited as long, had they not left before. */
  standsFor: number;
  /** Others who were in the line when he came and still when he was done: they tell mostly the same. */
  beside: number;
}

interface Ends<T> {
  low: T;
  high: T;
}

/** The shares of waits that low, middle and high of a range should stay above. */
export interface Shares extends Ends<number> {
  middle: number;
}

interface Counted extends Pick<Fallen, 'score' | 'left'> {
  weight: number;
}

/** Outcomes that count, the last ones. */
const KEPT = 400;
/** As if so many had fallen as forecast: few outcomes correct little. */
const PSEUDO = 60;
/** These are taken to have fallen further out by this share at first: forecasts were not tried yet ... */
const UNTRIED = 0.5;
/** ... and by half of it after this many outcomes. */
const TRIED = 300;
/** With so many beside him an outcome counts half: twenty who wait through the same slow minute are not twenty proofs. */
const BESIDE = 10;
/** The correction is made again after this many outcomes. */
const AGAIN = 10;
/** How far an end moves with each outcome that it was told for, in standard deviations of the forecast; and at most. */
const STEP = 0.02;
const MOST_STEPPED = 2;

/**
 * What forecasts have to be corrected by, so that a range for 80% holds 80%. Two things, one on top of the other:
 *
 * Where waits fell: if a tenth of them fell below the forecast's 16%, then 16% is asked for where 10% is wanted. The share
 * of waits below each score is Kaplan and Meier's (1958): who left counts until he left. To leave him out would pull the
 * estimate down, because those who leave are those who waited long.
 *
 * Whether the told ends held: each one that did not moves its end away a little, each one that did moves it back by less,
 * so that in the long run as many hold as should, however the line changes (adaptive conformal inference: Gibbs and
 * Candès 2021; steps on the quantile itself: Angelopoulos, Candès and Tibshirani 2023). Of who left
 * nobody knows: those who stayed as long stand for him.
 */
export class Recalibration {
  readonly #shares: Shares;
  readonly #fallen: Counted[] = [];
  readonly #stepped: Ends<number> = { low: 0, high: 0 };
  #sorted: readonly { score: number; below: number }[] | null = null;
  #since = 0;
  #seen = 0;

  constructor(shares: Shares) {
    this.#shares = shares;
  }

  add({ score, left, shorter, standsFor, beside }: Fallen): void {
    this.#fallen.push({ score, left, weight: 1 / (1 + beside / BESIDE) });
    if (this.#fallen.length > KEPT) this.#fallen.shift();
    this.#seen++;
    if (++this.#since >= AGAIN) this.#sorted = null;
    if (left) return;
    this.#step('low', shorter.low, standsFor);
    this.#step('high', shorter.high, standsFor);
  }

  /** The scores to ask a forecast for. */
  scores(): Shares {
    const { low, middle, high } = this.#shares;
    const from = this.score(low) + this.#stepped.low;
    const half = Math.max(from, this.score(middle));
    return { low: from, middle: half, high: Math.max(half, this.score(high) + this.#stepped.high) };
  }

  /** The score below which this share of waits fell. */
  score(wanted: number): number {
    if (this.#seen === 0) return (1 + UNTRIED) * normalQuantile(wanted);
    this.#sorted ??= this.#estimate();
    const sorted = this.#sorted;
    const above = sorted.findIndex(({ below }) => below >= wanted);
    const high = sorted[above === -1 ? sorted.length - 1 : above];
    const low = sorted[above - 1];
    if (!high) return normalQuantile(wanted);
    if (!low || above === -1) return high.score;
    return low.score + ((wanted - low.below) / (high.below - low.below)) * (high.score - low.score);
  }

  #step(end: 'low' | 'high', shorter: boolean, standsFor: number): void {
    const stepped = this.#stepped[end] + STEP * standsFor * (this.#shares[end] - (shorter ? 1 : 0));
    this.#stepped[end] = Math.min(MOST_STEPPED, Math.max(-MOST_STEPPED, stepped));
  }

  #estimate(): { score: number; below: number }[] {
    this.#since = 0;
    const out = 1 + UNTRIED / (1 + this.#seen / TRIED);
    const pseudo = Array.from({ length: PSEUDO }, (_, index): Counted => {
      return { score: out * normalQuantile((index + 0.5) / PSEUDO), left: false, weight: 1 };
    });
    const all = [...this.#fallen, ...pseudo].sort((a, b) => a.score - b.score || Number(a.left) - Number(b.left));
    const found: { score: number; below: number }[] = [];
    let still = all.reduce((sum, { weight }) => sum + weight, 0);
    let longer = 1;
    for (const { score, left, weight } of all) {
      if (!left) {
        longer *= Math.max(0, 1 - weight / still);
        const last = found.at(-1);
        if (last?.score === score) last.below = 1 - longer;
        else found.push({ score, below: 1 - longer });
      }
      still -= weight;
    }
    return found;
  }
}
