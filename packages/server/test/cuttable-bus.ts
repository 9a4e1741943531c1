import type { Bus, BusListener } from '#ports/bus.ts';

/** A real bus with a switch: nothing gets through while it is cut, and if it is `lossy` it does not even know. */
export class CuttableBus implements Bus {
  readonly #bus: Bus;
  #cut: 'no' | 'known' | 'lossy' = 'no';
  #listener: BusListener | null = null;
  sent = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  get up(): boolean {
    return this.#bus.up && this.#cut !== 'known';
  }

  open(listener: BusListener): void {
    this.#listener = listener;
    this.#bus.open({
      heard: (text) => {
        if (this.#cut === 'no') listener.heard(text);
      },
      changed: (up) => {
        if (this.#cut !== 'known') listener.changed(up);
      },
    });
  }

  send(texts: readonly string[]): void {
    if (this.#cut !== 'no') return;
    this.sent += texts.length;
    this.#bus.send(texts);
  }

  cut(how: 'known' | 'lossy'): void {
    this.#cut = how;
    if (how === 'known') this.#listener?.changed(false);
  }

  mend(): void {
    const told = this.#cut === 'known';
    this.#cut = 'no';
    if (told) this.#listener?.changed(true);
  }

  close(): Promise<void> {
    return this.#bus.close();
  }
}
