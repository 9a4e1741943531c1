import { agoOf, clockOf, momentOf } from './duration.ts';
import { useMinutes, useSeconds } from './now.ts';

/** "3 m", renewed by itself; the exact moment on hover. */
export function Ago({ at }: { at: string }) {
  const now = useMinutes();
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={momentOf(then)}>
      {agoOf(then, now)}
    </time>
  );
}

/** A wait as a running clock. */
export function Running({ since }: { since: string }) {
  const now = useSeconds();
  return <time dateTime={since}>{clockOf(now - Date.parse(since))}</time>;
}

/** From when on a wait is shown as long, and as too long. */
const LONG_MS = 2 * 60_000;
const TOO_LONG_MS = 5 * 60_000;

/** How a wait should look. */
export function useUrgency(since: string): 'calm' | 'long' | 'too-long' {
  const waited = useSeconds() - Date.parse(since);
  return waited > TOO_LONG_MS ? 'too-long' : waited > LONG_MS ? 'long' : 'calm';
}
