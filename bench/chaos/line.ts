import type { ClientFrame, ServerFrame } from '@baton/protocol';
import { Feed, type FeedOptions, type Kept, Outbox } from '@baton/sdk';
import { Wire } from '#bench/simulate/play/wire.ts';
import type { Stage } from './stage.ts';

export interface Ears {
  /** A connection begins; `since` as in its hello. */
  connected(since: Readonly<Record<string, number>>): void;
  /** Every frame as it comes down the wire, before anything mends it. */
  wire(frame: ServerFrame): void;
  /** Every frame as the client's own feed hands it out: events once and in order. */
  frame(frame: ServerFrame): void;
}

/** What the widget and the console do with their connection: resume by seq, keep what is not answered, send it again in order. */
export class Line {
  readonly #feed: Feed;
  readonly #wire: Wire;
  readonly #outbox = new Outbox();
  readonly #stage: Stage;
  #again: NodeJS.Timeout | undefined;

  constructor(
    stage: Stage,
    path: string,
    ears: Ears,
    who: Pick<FeedOptions, 'token'> & { headers?: Record<string, string> },
  ) {
    this.#stage = stage;
    const tap = {
      hello(since: Readonly<Record<string, number>>) {
        stage.tally.connections++;
        ears.connected(since);
      },
      frame: (frame: ServerFrame) => ears.wire(frame),
    };
    this.#wire = new Wire(tap, who.headers);
    this.#feed = new Feed({
      addresses: { socket: stage.url.replace(/^http/, 'ws') + path },
      ...(who.token ? { token: who.token } : {}),
      WebSocket: this.#wire.Socket,
      wakes: () => () => {},
      resend: () => this.#outbox.frames(),
    });
    this.#feed.onFrame((frame) => {
      this.#settle(frame);
      ears.frame(frame);
    });
  }

  start(): void {
    this.#feed.start();
  }

  stop(): void {
    clearTimeout(this.#again);
    this.#feed.stop();
  }

  /** Kept, and sent again, until the server has answered. */
  send(frame: Kept): void {
    this.#outbox.add(frame);
    this.#feed.send(frame);
  }

  mention(frame: ClientFrame): void {
    this.#feed.send(frame);
  }

  cut(): void {
    this.#wire.cut();
  }

  /** Everything that was sent is answered. */
  get settled(): boolean {
    return this.#outbox.frames().length === 0;
  }

  get waiting(): readonly Kept[] {
    return this.#outbox.frames();
  }

  #settle(frame: ServerFrame): void {
    if (frame.type === 'refused' && frame.retryAfterMs !== undefined) {
      this.#stage.tally.count('refusedForNow', frame.code);
      // All of it and in order: what was refused is followed by what came after it.
      this.#again ??= setTimeout(() => {
        this.#again = undefined;
        for (const kept of this.#outbox.frames()) this.#feed.send(kept);
      }, frame.retryAfterMs).unref();
      return;
    }
    if (frame.type !== 'ack' && frame.type !== 'refused') return;
    const kept = this.#outbox.settle(frame);
    if (!kept) return;
    if (frame.type === 'refused') this.#stage.tally.count('refused', `${kept.type}: ${frame.code}`);
    else if (kept.type === 'say') this.#stage.tally.acknowledged++;
  }
}
