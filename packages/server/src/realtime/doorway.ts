/**
 * Lets a few in at once; the others wait in the order in which they came. After a restart thousands are back at the same
 * moment, and each asks the database half a dozen questions before it has its welcome: all at once they would stand in
 * the way of every other request, and nobody would be in any sooner.
 */
export class Doorway {
  readonly #width: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Does the work when it is its turn. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#width) this.#inside++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Who leaves hands his place on.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    }
  }
}
