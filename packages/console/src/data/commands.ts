import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react';

/**
 * Something that an agent can do: once as a button, once as a key, once in the command palette. Written down in one
 * place, so that the three never differ.
 */
export interface Command {
  id: string;
  label: string;
  icon?: ReactNode;
  /** `t`, `shift+w`, `mod+k`, or one after the other: `g q`. */
  keys?: string;
  group: 'conversation' | 'go' | 'you';
  /** Further words under which it is found. */
  words?: string;
  /** A key that is held down does it again and again. */
  repeats?: true;
  /** It opens a dialog or a field to type into. */
  opens?: true;
  /** Shown, and why it cannot be done now. */
  disabled?: string;
  run(): void;
}

type Source = 'shell' | 'inbox' | 'conversation' | 'offer' | 'undo';

/** The commands of what is on the screen. Each screen sets its own and takes them away when it goes. */
export class Commands {
  readonly #sources = new Map<Source, Command[]>();
  readonly #listeners = new Set<() => void>();
  #all: Command[] = [];

  get all(): Command[] {
    return this.#all;
  }

  set(source: Source, commands: Command[] | null): void {
    if (commands) this.#sources.set(source, commands);
    else this.#sources.delete(source);
    // An offer's keys win over the same keys elsewhere.
    const order: Source[] = ['offer', 'undo', 'conversation', 'inbox', 'shell'];
    this.#all = order.flatMap((each) => this.#sources.get(each) ?? []);
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export const CommandsContext = createContext(new Commands());

/** Offers commands while the calling component is shown. `commands` must be memoised. */
export function useCommands(source: Source, commands: Command[]): void {
  const registry = use(CommandsContext);
  useEffect(() => {
    registry.set(source, commands);
    return () => registry.set(source, null);
  }, [registry, source, commands]);
}

export function useAllCommands(): Command[] {
  const registry = use(CommandsContext);
  return useSyncExternalStore(registry.subscribe, () => registry.all);
}
