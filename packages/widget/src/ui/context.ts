import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Words } from '#strings.ts';
import type { Visit } from '#visit/visit.ts';

/** What every part of the screen needs and nobody wants to pass on. */
export interface Surroundings {
  visit: Visit;
  words: Words;
  locale: string;
}

const Context = createContext<Surroundings | null>(null);
export const Surround = Context.Provider;

export function useSurroundings(): Surroundings {
  const found = useContext(Context);
  if (!found) throw new Error('Used outside the widget.');
  return found;
}
