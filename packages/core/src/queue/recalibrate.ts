/** Where a wait fell within its own forecast: the share that the forecast gave to shorter ones. */
export interface Fallen {
  share: number;
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
 * forecast's 16%, then 16% is asked for where 10% is wanted. The share of waits below each point is Kaplan and Meier's
 * (1958): who left counts until he left. To leave him out would pull the estimate down, because those who leave are
 * those who waited long.
 */
export class Recalibration {
  readonly #fallen: Fallen[] = [];
  #sorted: readonly { share: number; below: number }[] | null = null;
  #since = 0;

  add(fallen: Fallen): void {
    this.#fallen.push(fallen);
    if (this.#fallen.length > KEPT) this.#fallen.shift();
    if (++this.#since >= AGAIN) this.#sorted = null;
  }

  /** The share to ask a forecast for, where `wanted` is what should really be below. */
  share(wanted: number): number {
    if (this.#fallen.length === 0) return wanted;
    this.#sorted ??= this.#estimate();
    const sorted = this.#sorted;
    const above = sorted.findIndex(({ below }) => below >= wanted);
    const high = sorted[above];
    if (!high) return Math.max(wanted, sorted.at(-1)?.share ?? wanted);
    const low = sorted[above - 1] ?? { share: 0, below: 0 };
    return low.share + ((wanted - low.below) / (high.below - low.below)) * (high.share - low.share);
  }

  #estimate(): { share: number; below: number }[] {
    this.#since = 0;
    const pseudo = Array.from({ length: PSEUDO }, (_, index) => ({ share: (index + 0.5) / PSEUDO, left: false }));
    const all = [...this.#fallen, ...pseudo].sort((a, b) => a.share - b.share || Number(a.left) - Number(b.left));
    const found: { share: number; below: number }[] = [];
    let longer = 1;
    for (const [index, { share, left }] of all.entries()) {
      if (left) continue;
      longer *= 1 - 1 / (all.length - index);
      const last = found.at(-1);
      if (last?.share === share) last.below = 1 - longer;
      else found.push({ share, below: 1 - longer });
    }
    return found;
  }
}
