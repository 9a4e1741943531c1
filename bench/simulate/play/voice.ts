import type { ClientFrame, ServerFrame } from '@baton/protocol';
import { Feed, type FeedOptions, type Kept, Outbox } from '@baton/sdk';
import type { Stage } from './stage.ts';
import { type Tap, Wire } from './wire.ts';

/** Pause before a frame is sent again that the server could not take yet and named no time for. */
const AGAIN_MS = 1_000;

/**
 * One player's connection: a feed that resumes, with an outbox that sends again, on a wire that can be cut. What the
 * widget and the console do, no more.
 */
export class Voice {
  readonly feed: Feed;
  readonly wire: Wire;
  readonly #outbox = new Outbox();
  readonly #stage: Stage;

  constructor(
    stage: Stage,
    path: string,
    tap: Tap,
    more: Pick<FeedOptions, 'token'> & { headers?: Record<string, string> },
  ) {
    this.#stage = stage;
    this.wire = new Wire(tap, more.headers);
    this.feed = new Feed({
      addresses: { socket: stage.client.socket(path) },
      ...(more.token ? { token: more.token } : {}),
      WebSocket: this.wire.Socket,
      wakes: () => () => {},
      resend: () => this.#outbox.frames(),
    });
    this.feed.onFrame((frame) => this.#settle(frame));
  }

  /** Sends it, and again after a lost network, until the server has answered. */
  send(frame: Kept): void {
    this.#outbox.add(frame);
    this.feed.send(frame);
  }

  /** Sends what is worth nothing later: typing, read marks. */
  mention(frame: ClientFrame): void {
    this.feed.send(frame);
  }

  /** Is everything answered that was sent? */
  get settled(): boolean {
    return this.#outbox.frames().length === 0;
  }

  #settle(frame: ServerFrame): void {
    // An event names the message's sender by clientId too; it counts as answered only by its ack.
    if (frame.type !== 'ack' && frame.type !== 'refused') return;
    const kept = this.#outbox.settle(frame);
    if (frame.type !== 'refused') return;
    this.#stage.tally.refused(frame.code);
    if (frame.retryAfterMs === undefined || !kept || this.#stage.signal.aborted) return;
    this.#outbox.add(kept);
    setTimeout(() => this.feed.send(kept), frame.retryAfterMs || AGAIN_MS).unref();
  }
}
