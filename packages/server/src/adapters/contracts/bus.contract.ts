import { afterEach, expect, test } from 'vitest';
import { BUS_LIMIT, type Bus } from '#ports/bus.ts';

/** A way to make buses that reach each other, and to break and mend what they run on. */
export interface BusUnderTest {
  make(): Bus;
  /** Another installation on the same Redis or the same database server. */
  makeElsewhere(): Bus;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** What every bus must do, whatever carries it. */
export function busContract(under: () => BusUnderTest): void {
  const open: Bus[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()));
  });

  function listen(bus: Bus) {
    const heard: string[] = [];
    const changes: boolean[] = [];
    bus.open({ heard: (text) => heard.push(text), changed: (up) => changes.push(up) });
    open.push(bus);
    return { bus, heard, changes };
  }
  async function pair() {
    const [one, two] = [listen(under().make()), listen(under().make())];
    await until(() => one.bus.up && two.bus.up);
    return [one, two] as const;
  }

  test('[ND15] what one says the others hear, in order and once', async () => {
    const [one, two] = await pair();
    const elsewhere = listen(under().makeElsewhere());
    await until(() => elsewhere.bus.up);
    for (let i = 0; i < 300; i++) one.bus.send([`${i} a`, `${i} b`]);
    await until(() => two.heard.length >= 600);
    expect(two.heard).toEqual(Array.from({ length: 300 }, (_, i) => [`${i} a`, `${i} b`]).flat());
    expect(elsewhere.heard).toEqual([]);
  });

  test('[ND15] a text may be as long as the limit, with any characters', async () => {
    const [one, two] = await pair();
    const texts = ['x'.repeat(BUS_LIMIT), 'ü'.repeat(BUS_LIMIT / 2), `'"\\ \u2028 \u{1f600} $1 {a,b}`];
    one.bus.send(texts);
    await until(() => two.heard.length === 3);
    expect(two.heard).toEqual(texts);
  });

  test('[ND16] cut, it says so and drops what is said; it comes back by itself', async () => {
    const [one, two] = await pair();
    await under().cut();
    await until(() => !one.bus.up && !two.bus.up);
    one.bus.send(['said to nobody']);
    await under().mend();
    await until(() => one.bus.up && two.bus.up);
    one.bus.send(['here again']);
    await until(() => two.heard.length > 0);
    expect(two.heard).toEqual(['here again']);
    expect(two.changes).toEqual([true, false, true]);
  });

  test('[ND16] closed, it is silent, and closing does not wait for a cut bus', async () => {
    const [one, two] = await pair();
    one.bus.send(['the last word']);
    await one.bus.close();
    await until(() => two.heard.length === 1);
    one.bus.send(['too late']);
    await under().cut();
    await two.bus.close();
    await under().mend();
    expect(two.heard).toEqual(['the last word']);
  });
}

async function until(condition: () => boolean, ms = 25_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
