import type { ClientFrame, ClientFrameOf, ServerFrame } from '@baton/protocol';

export type Hello = ClientFrameOf<'hello'>;

/**
 * One connection, from its opening to its end; a link that went down never comes up again, the feed opens another.
 * There are two: a WebSocket, and for networks that block those a stream down (SSE over fetch) with posts up.
 */
export interface Link {
  readonly over: 'socket' | 'stream';
  /** Hands frames over, in order. Nothing is promised: what must arrive is kept until its `ack`. */
  send(frames: readonly ClientFrame[]): void;
  /** Ends it without a report. Twice is fine. */
  close(): void;
}

/** What a link tells the feed. Nothing more comes after `down`, and nothing at all after `close()`. */
export interface LinkReports {
  /** A frame; on a stream it may also be part of the answer to a post. */
  frame(frame: ServerFrame): void;
  /** Something came down the line, a frame or not: the other side lives. Told before the frame. */
  alive(): void;
  down(end: LinkEnd): void;
}

/**
 * - `lost`: network, restart, time-out: try again. `retryAfterMs` where the server said when.
 * - `unauthorized`: the token is expired or foreign: try again with another one.
 * - `missing`: there is no such address; trying again will not help.
 */
export type LinkEnd = { why: 'lost'; retryAfterMs?: number } | { why: 'unauthorized' } | { why: 'missing' };

/** A frame from the wire; null when it is not one. What the server may say is checked by its own tests, so this only guards the shape. */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

export function isFrame(value: unknown): value is ServerFrame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
