import type { Memory } from '#visit/memory.ts';

/** What the visitor and the page set: is the panel open, is the launcher shown, may there be a sound. */
export interface ShellState {
  open: boolean;
  launcher: boolean;
  sound: boolean;
}

export class Shell {
  readonly #memory: Memory;
  readonly #listeners = new Set<() => void>();
  #state: ShellState;
  #asked = false;

  /** @param open as the visitor left it on the page before */
  constructor(memory: Memory, open: boolean) {
    this.#memory = memory;
    this.#state = { open, launcher: true, sound: memory.get('sound') === 'on' };
  }

  /** Somebody has opened or closed it on this page: what he is about to do is here. */
  get asked(): boolean {
    return this.#asked;
  }

  get state(): ShellState {
    return this.#state;
  }

  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  open(open: boolean): void {
    this.#asked = true;
    this.#set({ open });
  }

  showLauncher(launcher: boolean): void {
    this.#set({ launcher });
  }

  /** Off until the visitor turns it on. */
  allowSound(sound: boolean): void {
    this.#memory.set('sound', sound ? 'on' : null);
    this.#set({ sound });
  }

  #set(change: Partial<ShellState>): void {
    const next = { ...this.#state, ...change };
    if (next.open === this.#state.open && next.launcher === this.#state.launcher && next.sound === this.#state.sound)
      return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
