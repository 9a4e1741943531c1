import type { ClientFrame, ServerFrame } from '@baton/protocol';

/** What must arrive: it is named by its `clientId` or `id`, which the server's `ack` or `refused` carries back. */
export type Kept = ClientFrame & ({ clientId: string } | { id: string });

export function keyOf(frame: ClientFrame | ServerFrame): string | undefined {
  if ('clientId' in frame && frame.clientId) return frame.clientId;
  return 'id' in frame ? frame.id : undefined;
}

/**
 * Frames that are kept until the server has answered them, in the order in which they were added.
 * Sending one twice is safe: the server knows it by its key.
 */
export class Outbox {
  readonly #frames = new Map<string, Kept>();

  add(frame: Kept): void {
    const key = keyOf(frame);
    if (key) this.#frames.set(key, frame);
  }

  /** Takes out what this frame answers: an `ack`, a `refused`, or the `event` of a message of ours. */
  settle(frame: ServerFrame): Kept | undefined {
    const key =
      frame.type === 'event' && frame.event.type === 'message'
        ? frame.event.message.clientId
        : frame.type === 'ack' || frame.type === 'refused'
          ? keyOf(frame)
          : undefined;
    const kept = key === undefined ? undefined : this.#frames.get(key);
    if (kept && key) this.#frames.delete(key);
    return kept;
  }

  /** For `FeedOptions.resend`. */
  frames(): Kept[] {
    return [...this.#frames.values()];
  }
}
