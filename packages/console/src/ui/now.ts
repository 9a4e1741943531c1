import { useSyncExternalStore } from 'react';
import { hubNow } from '#data/clock.ts';

/** One timer for all that show running time: they tick together, and only while somebody looks. */
function ticker(everyMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = hubNow();
  return {
    read: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) {
        now = hubNow();
        timer = setInterval(() => {
          now = hubNow();
          for (const each of listeners) each();
        }, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const seconds = ticker(1_000);
const minutes = ticker(20_000);

/** The time, renewed each second: for running clocks. Keep the component that calls it small. */
export function useSeconds(): number {
  return useSyncExternalStore(seconds.subscribe, seconds.read);
}

/** The time, renewed often enough for "3 m ago". */
export function useMinutes(): number {
  return useSyncExternalStore(minutes.subscribe, minutes.read);
}
