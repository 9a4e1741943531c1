import type { Duplex } from 'node:stream';
import { frameBytes } from './frame-bytes.ts';

/** So many sockets wait at most: the first of a large batch must not wait for the last. */
const MOST_WAITING = 64;

let waiting: Outgoing[] = [];

/**
 * What goes out to one WebSocket. Frames of one turn of the event loop go with one write: the acknowledgement of a
 * message and the message itself, or all that one flush brought. A write costs more than all else that a frame costs.
 */
export class Outgoing {
  readonly #socket: Duplex;
  #bytes = '';

  /** `socket`: the one below the WebSocket, so that frames that `ws` writes itself keep their place. */
  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Bytes that were not handed to the socket yet. */
  get length(): number {
    return this.#bytes.length;
  }

  add(text: string): void {
    const first = this.#bytes === '';
    this.#bytes += frameBytes(text);
    if (first) wait(this);
  }

  /** Before anything else is written to the socket, or it is closed. */
  flush(): void {
    const bytes = this.#bytes;
    this.#bytes = '';
    if (bytes !== '' && this.#socket.writable) this.#socket.write(bytes, 'latin1');
  }
}

function wait(one: Outgoing): void {
  waiting.push(one);
  if (waiting.length === 1) queueMicrotask(flushAll);
  else if (waiting.length === MOST_WAITING) flushAll();
}

function flushAll(): void {
  const all = waiting;
  waiting = [];
  for (const one of all) one.flush();
}
