import type { Link, LinkEnd } from './link.ts';

/** Sockets that fail to open before the stream is tried. */
const SOCKET_TRIES = 2;
/** On a stream, a socket is tried again after this; each failure doubles it. */
const PROBE_FIRST_MS = 30_000;
const PROBE_MOST_MS = 600_000;

/** Which way to take: a socket, or where those do not open, a stream. Remembers what went wrong. */
export class Way {
  #socketFailures = 0;
  #probes = 0;
  #streamMissing: boolean;

  /** `hasStream`: is there a fallback at all? */
  constructor(hasStream: boolean) {
    this.#streamMissing = !hasStream;
  }

  next(): Link['over'] {
    return this.#socketFailures >= SOCKET_TRIES && !this.#streamMissing ? 'stream' : 'socket';
  }

  worked(over: Link['over']): void {
    if (over === 'socket') this.#socketFailures = this.#probes = 0;
  }

  /** An opening failed. What the server itself said (token, pause) speaks of neither way. */
  failed(over: Link['over'] | undefined, end: LinkEnd): void {
    if (end.why === 'unauthorized' || (end.why === 'lost' && end.retryAfterMs !== undefined)) return;
    if (over === 'socket') this.#socketFailures++;
    if (over !== 'stream') return;
    // The next turn is the socket's again, then the stream's.
    this.#socketFailures = SOCKET_TRIES - 1;
    if (end.why === 'missing') this.#streamMissing = true;
  }

  /** The network has changed: what failed before may work. */
  forgive(): void {
    this.#socketFailures = 0;
  }

  /** How long a stream is used before a socket is tried beside it. */
  probePause(): number {
    return Math.min(PROBE_MOST_MS, PROBE_FIRST_MS * 2 ** Math.min(this.#probes++, 10));
  }
}
