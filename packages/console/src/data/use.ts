import { createContext, use, useSyncExternalStore } from 'react';
import type { Console } from './console.ts';
import type { State } from './state.ts';

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const console = use(ConsoleContext);
  if (!console) throw new Error('This is shown outside the shell, where nobody is logged in.');
  return console;
}

/**
 * A part of the picture; renders again when that part changes.
 * @param select must return what stands in the state, not something made anew: else it renders for ever.
 */
export function usePicture<T>(select: (state: State) => T): T {
  const { live } = useConsole();
  return useSyncExternalStore(live.subscribe, () => select(live.state));
}
