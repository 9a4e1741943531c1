/** Waits for something to become true: whoever changes something calls `beat`. */
export class Pulse {
  readonly #waiting = new Set<() => void>();

  beat(): void {
    for (const look of [...this.#waiting]) look();
  }

  /**
   * True as soon as `condition` holds, false when it did not within `ms`. Throws when the run was stopped.
   * @param ms infinite: as long as the run lasts
   */
  until(condition: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => settle(() => resolve(false)), ms);
      const settle = (done: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        signal.removeEventListener('abort', stop);
        done();
      };
      const stop = () => settle(() => reject(signal.reason));
      const look = () => {
        if (condition()) settle(() => resolve(true));
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.add(look);
      if (signal.aborted) stop();
      else look();
    });
  }
}
