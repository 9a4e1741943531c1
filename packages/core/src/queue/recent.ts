/** Moments kept of each sort: enough for the longest span that is asked for, on a busy line. */
const KEPT = 400;
/** Waits that a mean of the last ones is made of, the latest counting most. */
const LAST = 10;
/** Share that the latest wait has in the running mean. */
const SHARE = 0.1;

/** What happened lately in a line, in seconds of whatever clock its owner counts by. */
export class Recent {
  readonly #arrived = new Moments();
  readonly #served = new Moments();
  readonly #ended = new Moments();
  readonly #left = new Moments();
  readonly #waits: number[] = [];
  readonly #errors: number[] = [];
  #running: number | null = null;

  arrived(at: number): void {
    this.#arrived.add(at);
  }

  ended(at: number): void {
    this.#ended.add(at);
  }

  left(at: number): void {
    this.#left.add(at);
  }

  /** @param waited null: he did not wait in line at all */
  served(at: number, waited: number | null): void {
    this.#served.add(at);
    if (waited === null) return;
    keep(this.#waits, waited, LAST);
    this.#running = this.#running === null ? waited : (1 - SHARE) * this.#running + SHARE * waited;
  }

  /** By how much a wait was longer than forecast. */
  erred(seconds: number): void {
    keep(this.#errors, seconds, 20);
  }

  /** How many in the last `span` seconds. */
  count(sort: 'arrived' | 'served' | 'ended' | 'left', span: number, now: number): number {
    return this.#of(sort).since(now - span);
  }

  /** Seconds since the last one; `most` where there was none for longer. */
  since(sort: 'served' | 'ended', now: number, most: number): number {
    return Math.min(most, now - (this.#of(sort).last ?? now - most));
  }

  /** Wait of the one who was served last; null: nobody yet. */
  get lastWait(): number | null {
    return this.#waits.at(-1) ?? null;
  }

  /** Mean of the last waits, the latest counting most. */
  get lastWaits(): number | null {
    let sum = 0;
    let weights = 0;
    for (const [index, wait] of this.#waits.entries()) {
      sum += (index + 1) * wait;
      weights += index + 1;
    }
    return weights === 0 ? null : sum / weights;
  }

  get runningMean(): number | null {
    return this.#running;
  }

  /** Mean error of the last `count` forecasts; 0 where there is none. */
  meanError(count: number): number {
    const last = this.#errors.slice(-count);
    return last.length === 0 ? 0 : last.reduce((sum, error) => sum + error, 0) / last.length;
  }

  #of(sort: 'arrived' | 'served' | 'ended' | 'left'): Moments {
    switch (sort) {
      case 'arrived':
        return this.#arrived;
      case 'served':
        return this.#served;
      case 'ended':
        return this.#ended;
      case 'left':
        return this.#left;
    }
  }
}

class Moments {
  readonly #moments: number[] = [];

  get last(): number | undefined {
    return this.#moments.at(-1);
  }

  add(at: number): void {
    keep(this.#moments, at, KEPT);
  }

  since(moment: number): number {
    let count = 0;
    for (let index = this.#moments.length - 1; index >= 0 && (this.#moments[index] ?? 0) > moment; index--) count++;
    return count;
  }
}

function keep(list: number[], value: number, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}
