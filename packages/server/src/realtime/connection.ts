/** How a session reaches its other side: a WebSocket, or a stream of server-sent events. */
export interface Connection {
  send(text: string): void;
  /** Bytes handed over and not yet sent. */
  buffered(): number;
  close(code: number, reason: string): void;
}

/** More than this waiting to be sent, and a connection counts as full: it is slow, or gone. */
export const FULL_BYTES = 512 * 1024;

/** Codes of the WebSocket close frame that we use. */
export const CLOSE = {
  normal: 1000,
  away: 1001,
  badData: 1007,
  policy: 1008,
  tooBig: 1009,
  restart: 1012,
  unauthorized: 4401,
} as const;
