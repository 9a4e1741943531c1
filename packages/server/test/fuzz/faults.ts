/** One thing that must not happen, with the input that led to it. */
export interface Fault {
  edge: string;
  what: string;
  input: string;
}

/** Collects faults; the same one is told once, with how often it came. */
export class Faults {
  readonly #found = new Map<string, Fault & { count: number }>();

  add(edge: string, what: string, input: string): void {
    const key = `${edge}: ${what.slice(0, 160)}`;
    const found = this.#found.get(key);
    if (found) found.count++;
    else this.#found.set(key, { edge, what: what.slice(0, 600), input: input.slice(0, 1_500), count: 1 });
  }

  all(): (Fault & { count: number })[] {
    return [...this.#found.values()];
  }
}

/** How an edge takes inputs: `offer` sends one and notes what must not happen. */
export interface Edge {
  name: string;
  /** Share of all inputs. */
  weight: number;
  /** Sends so many; what came back is counted under a short name. */
  run(inputs: number, seed: number, count: (answer: string) => void): Promise<void>;
  close?(): Promise<void>;
}

/** Nothing answers slower than this, not even on a busy machine. */
export const HANG_MS = 30_000;

/** Runs `work` over all inputs, so many at a time. */
export async function each<T>(inputs: readonly T[], atOnce: number, work: (input: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < inputs.length) await work(inputs[next++] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
