import type { Millis, NewId } from '@baton/core';

/** What is said to the log: never message text, never secrets. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Everything impure that an adapter or the hub needs, passed in, so that tests hold the clock. */
export interface World {
  now(): Millis;
  newId: NewId;
  /** Outgoing HTTP. The server's own refuses private addresses unless the operator allows them. */
  fetch: typeof globalThis.fetch;
  log: Log;
}
