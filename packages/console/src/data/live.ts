import type { ClientFrame, ServerFrame, ServerFrameOf } from '@baton/protocol';
import type { Feed, FeedState } from '@baton/sdk';
import type { Call } from './api.ts';
import { hubNow } from './clock.ts';
import { emptyState, type Outgoing, type State } from './state.ts';
import { type Action, reduce } from './store.ts';

/** The hub said no to a frame. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: string;
  readonly holder: ServerFrameOf<'refused'>['holder'];

  constructor(frame: ServerFrameOf<'refused'>) {
    super(frame.message);
    this.code = frame.code;
    this.holder = frame.holder;
  }
}

/** The line is down, or broke before the answer came. */
export class NotConnected extends Error {
  override name = 'NotConnected';
}

export type Ack = ServerFrameOf<'ack'>;
/** A frame without its `id`. Distributes over the union, so that each keeps its own fields. */
export type Ask = ClientFrame extends infer F ? (F extends ClientFrame ? Omit<F, 'id'> : never) : never;

interface Pending {
  resolve(ack: Ack): void;
  reject(error: Error): void;
}

/** How often time passes for offers and typing. */
const MOMENT_MS = 1_000;

/**
 * Screens are told of changes at most this often, the first of a burst at once: a list that is caught up by hundreds of
 * frames is drawn a few times, not hundreds.
 */
const TELL_MS = 40;

export interface LiveOptions {
  feed: Feed;
  call: Call;
  /** The session is over. */
  onEnded(): void;
  now?(): number;
  newId?(): string;
}

/**
 * The console's only connection: keeps the picture (`state`) current by frames, and asks the hub for deeds.
 * The screen reads `state` through `subscribe` (React: useSyncExternalStore) and never changes it by itself.
 */
export class Live {
  readonly call: Call;
  readonly feed: Feed;
  readonly now: () => number;
  readonly newId: () => string;
  readonly #onEnded: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #frameListeners = new Set<(frame: ServerFrame) => void>();
  readonly #pending = new Map<string, Pending>();
  readonly #changeListeners = new Set<() => void>();
  #state: State;
  #toldAt = Number.NEGATIVE_INFINITY;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #moments: ReturnType<typeof setInterval> | undefined;

  constructor(options: LiveOptions) {
    this.call = options.call;
    this.feed = options.feed;
    this.now = options.now ?? hubNow;
    this.newId = options.newId ?? (() => crypto.randomUUID());
    this.#onEnded = options.onEnded;
    this.#state = emptyState(this.now());
    this.feed.onFrame((frame) => this.#take(frame));
    this.feed.onState((state) => this.#follow(state));
  }

  get state(): State {
    return this.#state;
  }

  start(): void {
    this.feed.start();
    this.#moments ??= setInterval(() => this.dispatch({ type: 'moment', at: this.now() }), MOMENT_MS);
  }

  stop(): void {
    clearInterval(this.#moments);
    this.#moments = undefined;
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.feed.stop();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Every frame after it has been taken into `state`. */
  onFrame(listener: (frame: ServerFrame) => void): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  /** Each change of `state`, at once: for what must not be lost. Screens use `subscribe`. */
  onChange(listener: () => void): void {
    this.#changeListeners.add(listener);
  }

  dispatch(action: Action): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#changeListeners) listener();
    this.#tellScreens();
  }

  #tellScreens(): void {
    if (this.#telling !== undefined) return;
    const wait = this.#toldAt + TELL_MS - performance.now();
    if (wait <= 0) this.#tellNow();
    else this.#telling = setTimeout(() => this.#tellNow(), wait);
  }

  #tellNow(): void {
    this.#telling = undefined;
    this.#toldAt = performance.now();
    for (const listener of this.#listeners) listener();
  }

  /**
   * Asks for a deed and waits for the answer.
   * @throws Refused when the hub says no, NotConnected when the line is down or breaks before the answer.
   */
  ask(frame: Ask): Promise<Ack> {
    const id = this.newId();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      if (this.feed.send({ ...frame, id } as ClientFrame)) return;
      this.#pending.delete(id);
      reject(new NotConnected('You are not connected. Try again when the line is back.'));
    });
  }

  /** Says something that needs no answer and is worth nothing later: typing, read marks. */
  tell(frame: ClientFrame): void {
    this.feed.send(frame);
  }

  #take(frame: ServerFrame): void {
    this.dispatch({ type: 'frame', frame, at: this.now() });
    if (frame.type === 'ack' || frame.type === 'refused') this.#answer(frame);
    for (const listener of this.#frameListeners) listener(frame);
  }

  #answer(frame: Ack | ServerFrameOf<'refused'>): void {
    const pending = frame.id === undefined ? undefined : this.#pending.get(frame.id);
    if (!pending || frame.id === undefined) return;
    this.#pending.delete(frame.id);
    if (frame.type === 'ack') pending.resolve(frame);
    else pending.reject(new Refused(frame));
  }

  #follow(state: FeedState): void {
    if (state.is === 'live') return;
    for (const { reject } of this.#pending.values())
      reject(new NotConnected('The line broke before an answer came. Look whether it was done, then try again.'));
    this.#pending.clear();
    if (state.is === 'waiting' || (state.is === 'opening' && state.attempt > 0))
      this.dispatch({ type: 'lost', at: this.now() });
    if (state.is === 'stopped' && state.why === 'unauthorized') {
      this.dispatch({ type: 'ended', reason: 'unauthorized' });
      this.#onEnded();
    }
  }
}

/** What was written here as the frame that says it: the same again is the same message. */
export function frameOf(one: Outgoing): ClientFrame {
  const { clientId, conversation, parts } = one;
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  switch (one.kind) {
    case 'reply':
      return { type: 'say', clientId, conversation, parts, ...(one.epoch !== null && { epoch: one.epoch }) };
    case 'barge':
      return { type: 'barge', clientId, conversation, parts };
    case 'note':
      return { type: 'note', id: clientId, conversation, text };
    case 'whisper':
      return { type: 'whisper', id: clientId, conversation, text };
  }
}
