import type { ClientFrame, ServerFrameOf } from '@baton/protocol';
import type { Clock } from '@baton/sdk';
import { frameOf } from './outbox.ts';
import { pageOf } from './site.ts';
import type { State } from './state.ts';

/** Sends what is pending: each once on a connection, and again on the next one until it is answered. */
export class Sender {
  readonly #clock: Clock;
  readonly #state: () => State;
  /** False: there is no connection. */
  readonly #send: (frame: ClientFrame) => boolean;
  /** Keys handed to the present connection. */
  readonly #sent = new Set<string>();

  constructor(clock: Clock, state: () => State, send: (frame: ClientFrame) => boolean) {
    this.#clock = clock;
    this.#state = state;
    this.#send = send;
  }

  /** Everything pending, for a new connection. */
  all(): ClientFrame[] {
    this.#sent.clear();
    const frames = this.#due();
    for (const { key } of frames) this.#sent.add(key);
    return frames.map(({ frame }) => frame);
  }

  flush(): void {
    for (const { key, frame } of this.#due()) if (this.#send(frame)) this.#sent.add(key);
  }

  /** Refused: what keeps waiting is sent again, at once in another conversation, or after the pause that was named. */
  refused({ clientId, id, retryAfterMs }: ServerFrameOf<'refused'>): void {
    const again = () => {
      this.#sent.delete(clientId ?? id ?? '');
      this.flush();
    };
    if (retryAfterMs === undefined) again();
    else this.#clock.after(retryAfterMs, again);
  }

  /**
   * What is waiting and not sent, in order. While no conversation is open, only the first: its `ack` names the
   * conversation that it opened, and the others follow into it.
   */
  #due(): { key: string; frame: ClientFrame }[] {
    const { pending, conversation } = this.#state();
    const waiting = pending.filter((one) => one.fate.is === 'waiting');
    const opening = waiting.findIndex((one) => (one.conversation ?? conversation) === null);
    return waiting.slice(0, opening < 0 ? waiting.length : opening + 1).flatMap((one) => {
      const frame = this.#sent.has(one.key) ? null : frameOf(one, conversation, pageOf());
      return frame ? [{ key: one.key, frame }] : [];
    });
  }
}
