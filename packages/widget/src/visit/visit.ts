import type { EventItem, Part, ServerFrame, WidgetSession } from '@baton/protocol';
import type { FeedState } from '@baton/sdk';
import { Feed, systemClock } from '@baton/sdk';
import { isFinal, readEvents, uploadFile } from './calls.ts';
import type { Memory } from './memory.ts';
import { OutboxStore } from './outbox.ts';
import type { Action } from './reduce.ts';
import { reduce } from './reduce.ts';
import { Sender } from './sender.ts';
import type { Sessions } from './sessions.ts';
import type { Site } from './site.ts';
import { addressesOf } from './site.ts';
import type { ConversationId, Pending, State, Wish } from './state.ts';
import { NEW_VISIT } from './state.ts';
import { TypingSign } from './typing.ts';
import { hasOlder, newestOfOthers } from './view.ts';

/** Events of a long conversation that come by themselves; the ones before are read when the customer scrolls up. */
const RECENT = 100;
/** A sign of typing is believed this long; a bot's half answer longer. */
const TYPING_MS = 8_000;
const STREAMING_MS = 30_000;

/** `arrived`: what others said or did that was not there when the page was loaded. */
export type News = { type: 'state' } | { type: 'session' } | { type: 'arrived'; item: EventItem };

export interface VisitOptions {
  site: Site;
  memory: Memory;
  /** Asked already, or being asked. */
  sessions: Sessions;
}

/**
 * One visit: the state, and everything that moves it. The screen calls its verbs and draws its state; it knows no
 * screen. Nothing that the customer did is lost between a verb and its `ack`: it is in the outbox before it is sent.
 */
export class Visit {
  readonly memory: Memory;
  readonly #site: Site;
  readonly #feed: Feed;
  readonly #sessions: Sessions;
  readonly #outbox: OutboxStore;
  readonly #sender: Sender;
  readonly #typing: TypingSign;
  readonly #listeners = new Set<(news: News) => void>();

  #state: State = NEW_VISIT;
  /** Head of the log when it was found: what is beyond it has arrived. */
  #head = 0;
  #readTold = 0;
  #calmTyping = () => {};
  readonly #quiet: () => void;

  constructor({ site, memory, sessions }: VisitOptions) {
    this.#site = site;
    this.memory = memory;
    this.#sessions = sessions;
    this.#quiet = sessions.on((news) => news.type === 'entered' && this.#entered(news.session, news.samePerson));
    this.#outbox = new OutboxStore(this.memory);
    this.#feed = new Feed({
      addresses: addressesOf(site.host).feed,
      token: (refused) => this.#sessions.token(refused),
      resend: () => this.#sender.all(),
    });
    this.#feed.onFrame((frame) => this.#onFrame(frame));
    this.#feed.onState((state) => this.#dispatch({ type: 'link', link: linkOf(state) }));
    this.#sender = new Sender(
      systemClock,
      () => this.#state,
      (frame) => this.#feed.send(frame),
    );
    this.#typing = new TypingSign(systemClock, (on) => this.#sayTyping(on));
    const left = this.memory.get('left') as ConversationId | null;
    this.#state = { ...NEW_VISIT, left, pending: this.#outbox.load(Date.now()) };
  }

  get state(): State {
    return this.#state;
  }

  /** Null until the server has answered once. */
  get session(): WidgetSession | null {
    return this.#sessions.current;
  }

  get host(): string {
    return this.#site.host;
  }

  on(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Goes on with what stands open. Connects only when there is something to go on with, or when the server was away. */
  start(): void {
    const { current } = this.#sessions;
    if (current) this.#entered(current, true);
    if (!current || this.#isUnderWay()) this.connect();
  }

  /** From now on events come by themselves. Twice is fine. */
  connect(): void {
    this.#feed.start();
  }

  stop(): void {
    this.#feed.stop();
    this.#typing.stop();
    this.#calmTyping();
    this.#quiet();
    this.#listeners.clear();
  }

  /** Another person, or the same one with a name; null: nobody known any more. */
  async identify(identity: string | null): Promise<void> {
    const connected = this.#feed.state.is !== 'stopped';
    this.#feed.stop();
    try {
      await this.#sessions.identify(identity);
    } catch (error) {
      if (isFinal(error)) throw error;
      // The server is away: the feed goes on asking.
      return this.connect();
    }
    if (connected || this.#isUnderWay()) this.connect();
  }

  say(parts: readonly Part[]): void {
    this.#typing.said();
    this.#wish({ what: 'say', parts });
  }

  /** In a closed conversation this begins a new one. */
  askHuman(): void {
    if (this.#state.story.status === 'closed') this.renew();
    this.#wish({ what: 'ask-human' });
  }

  leaveLine(): void {
    this.#wish({ what: 'cancel' });
  }

  rate(score: number, comment: string): void {
    this.#wish({ what: 'rate', score, ...(comment.trim() ? { comment: comment.trim() } : {}) });
  }

  retry(key: string): void {
    this.#dispatch({ type: 'retry', key });
    this.#sender.flush();
  }

  drop(key: string): void {
    this.#dispatch({ type: 'drop', key });
  }

  calm(): void {
    this.#dispatch({ type: 'trouble', text: null });
  }

  /** Leaves the closed conversation; the next message begins a new one. */
  renew(): void {
    this.memory.set('left', this.#state.conversation);
    this.#head = 0;
    this.#dispatch({ type: 'renew' });
  }

  /** The customer changes what he is writing. */
  writes(text: string): void {
    this.#typing.writes(text);
  }

  /** The customer has everything on the screen. */
  read(): void {
    const { conversation } = this.#state;
    const seq = newestOfOthers(this.#state);
    if (!conversation || seq <= this.#state.readByMe) return;
    this.#dispatch({ type: 'read', seq });
    this.memory.set('read', `${conversation}:${seq}`);
    this.#tellRead();
  }

  async loadOlder(): Promise<void> {
    const { conversation, older, log } = this.#state;
    if (!conversation || older === 'loading' || !hasOlder(this.#state)) return;
    this.#dispatch({ type: 'load' });
    try {
      const token = (await this.#sessions.token(false)) ?? '';
      const items = await readEvents(this.#site.host, token, conversation, log[0]?.seq ?? 1);
      this.#dispatch({ type: 'page', conversation, items });
    } catch {
      this.#dispatch({ type: 'load-failed' });
    }
  }

  async upload(file: File, progress: (share: number) => void) {
    const token = await this.#sessions.token(false);
    return uploadFile(this.#site.host, token ?? '', file, progress);
  }

  #isUnderWay(): boolean {
    return this.#state.conversation !== null || this.#state.pending.length > 0;
  }

  #wish(wish: Wish): void {
    const pending: Pending = {
      key: newKey(),
      at: Date.now(),
      conversation: this.#state.conversation,
      wish,
      fate: { is: 'waiting' },
    };
    this.#dispatch({ type: 'wish', pending });
    this.connect();
    this.#sender.flush();
  }

  #onFrame(frame: ServerFrame): void {
    const before = this.#state;
    this.#dispatch({ type: 'frame', frame });
    switch (frame.type) {
      case 'welcome':
        this.#readTold = 0;
        if (this.#state.conversation && this.#state.conversation !== before.conversation)
          this.#restoreRead(this.#state.conversation);
        this.#tellRead();
        return;
      case 'ack':
        return this.#sender.flush();
      case 'refused':
        return this.#sender.refused(frame);
      case 'typing':
        this.#calmTyping();
        this.#calmTyping = systemClock.after(frame.text ? STREAMING_MS : TYPING_MS, () =>
          this.#dispatch({ type: 'still' }),
        );
        return;
      case 'event':
        return this.#onEvent(frame, before);
    }
  }

  #onEvent(frame: Extract<ServerFrame, { type: 'event' }>, before: State): void {
    if (before.conversation !== this.#state.conversation && before.conversation !== null) this.#head = 0;
    const { event, seq, at } = frame;
    const isNew = seq > this.#head && frame.conversation === this.#state.conversation;
    const mine = event.type === 'message' && event.message.author.role === 'customer';
    if (isNew && !mine) this.#tell({ type: 'arrived', item: { seq, at, event } });
    this.#sender.flush();
  }

  #entered(session: WidgetSession, samePerson: boolean): void {
    if (!samePerson) this.#forget();
    if (session.conversation) this.#resume(session.conversation);
    this.#tell({ type: 'session' });
  }

  #resume({ id, seq }: NonNullable<WidgetSession['conversation']>): void {
    if (id === this.#state.conversation || id === this.#state.left) return;
    this.#head = seq;
    this.#feed.seen(id, Math.max(0, seq - RECENT));
    this.#dispatch({ type: 'resume', conversation: id });
    this.#restoreRead(id);
  }

  /** Somebody else from here on: what the one before said and left unsent is not his. */
  #forget(): void {
    if (this.#state.conversation) this.#feed.forget(this.#state.conversation);
    this.#dispatch({ type: 'reset' });
  }

  #restoreRead(conversation: ConversationId): void {
    const [known, seq] = (this.memory.get('read') ?? '').split(':');
    if (known === conversation) this.#dispatch({ type: 'read', seq: Number(seq) || 0 });
  }

  #tellRead(): void {
    const { conversation, readByMe: seq } = this.#state;
    if (!conversation || seq <= this.#readTold) return;
    if (this.#feed.send({ type: 'read', conversation, seq })) this.#readTold = seq;
  }

  #sayTyping(on: boolean): void {
    const { conversation } = this.#state;
    if (conversation) this.#feed.send({ type: 'typing', conversation, on });
  }

  #dispatch(action: Action): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    if (this.#state.pending !== before.pending) this.#outbox.keep(before.pending, this.#state.pending);
    this.#tell({ type: 'state' });
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

function linkOf(state: FeedState): State['link'] {
  if (state.is === 'live') return 'live';
  if (state.is === 'opening' && state.attempt === 0) return 'connecting';
  return state.is === 'stopped' && state.why !== 'unauthorized' ? 'idle' : 'offline';
}

/** Sorts by time; unguessable enough never to meet another. */
function newKey(): string {
  const dice = crypto.getRandomValues(new Uint32Array(2));
  return `${Date.now().toString(36)}-${[...dice].map((one) => one.toString(36)).join('')}`;
}
