import type { ClientFrame, ServerFrame, ServerFrameOf } from '@baton/protocol';
import type { Hello, Link, LinkEnd, LinkReports } from '#link/link.ts';
import type { SocketConstructor } from '#link/socket.ts';
import { openSocket } from '#link/socket.ts';
import { openStream } from '#link/stream.ts';
import { Way } from '#link/way.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { Heartbeat } from './heartbeat.ts';
import { browserWakes } from './wakes.ts';

/**
 *   stopped ──start──▶ opening ──welcome──▶ live
 *      ▲                 ▲  │                 │
 *      │ stop, no token  │  └──── down ───┬───┘
 *      └─────────────────┴── waiting ◀────┘        a wake (online, tab shown) ends the waiting at once
 */
export type FeedState =
  | { is: 'stopped'; why: 'not_started' | 'stopped' | 'unauthorized' }
  | { is: 'opening'; attempt: number }
  | { is: 'live'; over: Link['over'] }
  | { is: 'waiting'; attempt: number /** When it tries again, milliseconds since 1970. */; until: number };

export interface FeedOptions {
  /** Absolute addresses. Without `stream` there is no fallback. Agents: `/v1/realtime`, `/v1/stream`, `/v1/frames`; visitors: `/widget/v1/...`. */
  addresses: { socket: string; stream?: string; frames?: string };
  /**
   * Asked before each opening; `refused` is true when the last one was refused for its token. May throw (counts as a failed
   * opening). Null stops the feed. Leave it out where a cookie serves.
   */
  token?: (refused: boolean) => string | null | Promise<string | null>;
  /** Further fields of the `hello`: `{ inbox: true }`. */
  hello?: Pick<Hello, 'inbox'>;
  /** What is not acknowledged yet. Asked once the listeners have had the `welcome`, and sent again in this order. */
  resend?: () => readonly ClientFrame[];
  /** Calls back when it is worth trying at once; returns the way to stop that. In a browser: online, tab shown, page restored. */
  wakes?: (wake: () => void) => () => void;
  WebSocket?: SocketConstructor;
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
  /** 0 to 1, as Math.random. */
  random?: () => number;
}

/** From the first byte to the `welcome`. */
const OPENING_MS = 10_000;
/** Full jitter: anything up to a cap that doubles (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 15_000;
/** A connection that lived this long was good: the next backoff starts anew. */
const STEADY_MS = 5_000;
/**
 * A connection to Baton that outlives the network: it resumes by `seq`, so no event is missed and none comes twice,
 * reconnects by itself, notices dead links, and goes over to a stream and posts where WebSockets are blocked.
 *
 * What is sent while it is not live is not kept here: keep frames until their `ack` and give them to `resend` (outbox.ts).
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #clock: Clock;
  readonly #way: Way;
  readonly #frameListeners = new Set<(frame: ServerFrame) => void>();
  readonly #stateListeners = new Set<(state: FeedState) => void>();
  /** Highest seq handed out, per conversation: the `since` of the next hello. */
  readonly #marks = new Map<string, number>();

  #state: FeedState = { is: 'stopped', why: 'not_started' };
  /** Grows with every opening and ending: what belongs to an older turn is ignored. */
  #turn = 0;
  #link: Link | null = null;
  #probe: Link | null = null;
  #heartbeat: Heartbeat | null = null;
  #liveSince = 0;
  #cancelTimer = () => {};
  #cancelProbe = () => {};
  #stopWakes = () => {};

  #attempt = 0;
  /** The last token was refused. */
  #refused = false;
  /** The server named the pause: a wake does not shorten it. */
  #held = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#way = new Way(options.addresses.stream !== undefined && options.addresses.frames !== undefined);
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Opens the connection and keeps it. Twice is fine. */
  start(): void {
    if (this.#state.is !== 'stopped') return;
    this.#stopWakes = (this.#options.wakes ?? browserWakes)(() => this.wake());
    this.#attempt = 0;
    this.#refused = false;
    void this.#open();
  }

  /** Closes the connection; what was seen is remembered, `start` goes on from there. */
  stop(): void {
    this.#halt('stopped');
  }

  /** Hands a frame over; false when the feed is not live: it was not sent and is not kept. */
  send(frame: ClientFrame): boolean {
    if ((frame.type === 'follow' || frame.type === 'watch') && frame.after !== undefined)
      this.#marks.set(frame.conversation, frame.after);
    if (frame.type === 'unfollow') this.forget(frame.conversation);
    if (this.#state.is !== 'live') return false;
    this.#link?.send([frame]);
    return true;
  }

  /** Every frame of the server, in order; the events of a conversation by rising `seq`, each once. Returns the way out. */
  onFrame(listener: (frame: ServerFrame) => void): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  onState(listener: (state: FeedState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Events up to `seq` are here already (read over HTTP): the next hello does not ask for them. */
  seen(conversation: string, seq: number): void {
    this.#marks.set(conversation, Math.max(seq, this.#marks.get(conversation) ?? 0));
  }

  /** The conversation is of no more interest: the next hello does not name it. */
  forget(conversation: string): void {
    this.#marks.delete(conversation);
  }

  /** Something changed for the better (network, tab): tries now, or makes sure that the link lives. */
  wake(): void {
    if (this.#state.is === 'live') this.#heartbeat?.check();
    if (this.#state.is !== 'waiting' || this.#held) return;
    this.#way.forgive();
    void this.#open();
  }

  async #open(): Promise<void> {
    const turn = this.#begin();
    this.#held = false;
    this.#set({ is: 'opening', attempt: this.#attempt });
    this.#cancelTimer = this.#clock.after(OPENING_MS, () => this.#down(turn, { why: 'lost' }));
    let token: string | null | undefined;
    try {
      token = await this.#options.token?.(this.#refused);
    } catch {
      return this.#down(turn, { why: 'lost' });
    }
    if (turn !== this.#turn) return;
    if (token === null) return this.#halt('unauthorized');
    this.#link = this.#connect(this.#way.next(), token, {
      frame: (frame) => void (turn === this.#turn && this.#take(frame)),
      alive: () => void (turn === this.#turn && this.#heartbeat?.heard()),
      down: (end) => this.#down(turn, end),
    });
  }

  /** Ends whatever was going on; what still comes of it is ignored. */
  #begin(): number {
    this.#cancelTimer();
    this.#cancelProbe();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#link?.close();
    this.#link = null;
    this.#probe?.close();
    this.#probe = null;
    return ++this.#turn;
  }

  #connect(over: Link['over'], token: string | undefined, reports: LinkReports): Link {
    const { addresses, hello: more } = this.#options;
    const hello: Hello = {
      type: 'hello',
      ...more,
      ...(token ? { token } : {}),
      since: Object.fromEntries(this.#marks),
    };
    if (over === 'socket') return openSocket(this.#options.WebSocket ?? WebSocket, addresses.socket, hello, reports);
    const { stream = '', frames = '' } = addresses;
    return openStream(this.#options.fetch ?? ((input, init) => fetch(input, init)), { stream, frames }, hello, reports);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'welcome') return this.#welcome(frame);
    if (frame.type === 'bye') return this.#bye(frame);
    if (frame.type === 'event') {
      if (frame.seq <= (this.#marks.get(frame.conversation) ?? -1)) return;
      this.#marks.set(frame.conversation, frame.seq);
    }
    // Before the welcome only the hello can be refused; the end of the link, which follows, says what to do.
    if (this.#state.is === 'opening') return;
    this.#tell(frame);
  }

  #welcome(frame: ServerFrameOf<'welcome'>): void {
    const link = this.#link;
    if (!link) return;
    this.#cancelTimer();
    this.#refused = false;
    this.#liveSince = this.#clock.now();
    const turn = this.#turn;
    this.#heartbeat = new Heartbeat({
      clock: this.#clock,
      everyMs: Math.min(60, Math.max(5, frame.heartbeatSeconds || 20)) * 1_000,
      ping: link.over === 'socket' ? () => link.send([{ type: 'ping' }]) : null,
      dead: () => this.#down(turn, { why: 'lost' }),
    });
    this.#way.worked(link.over);
    if (link.over === 'stream') this.#planProbe(turn);
    this.#set({ is: 'live', over: link.over });
    this.#tell(frame);
    const again = this.#options.resend?.() ?? [];
    if (again.length > 0 && turn === this.#turn) link.send(again);
  }

  #bye(frame: ServerFrameOf<'bye'>): void {
    this.#down(
      this.#turn,
      frame.reason === 'unauthorized' ? { why: 'unauthorized' } : { why: 'lost', retryAfterMs: frame.retryAfterMs },
    );
  }

  #down(turn: number, end: LinkEnd): void {
    if (turn !== this.#turn) return;
    const opening = this.#state.is === 'opening';
    const pause = end.why === 'lost' ? end.retryAfterMs : undefined;
    if (opening) this.#way.failed(this.#link?.over, end);
    if (end.why === 'unauthorized' && !this.#options.token) return this.#halt('unauthorized');
    this.#refused = end.why === 'unauthorized';
    const steady = !opening && this.#clock.now() - this.#liveSince >= STEADY_MS;
    this.#attempt = steady ? 0 : this.#attempt + 1;
    this.#held = pause !== undefined;
    this.#wait(pause ?? this.#backoff());
  }

  #backoff(): number {
    const most = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(this.#attempt, 10));
    return Math.round(most * (this.#options.random ?? Math.random)());
  }

  #wait(ms: number): void {
    this.#begin();
    this.#cancelTimer = this.#clock.after(ms, () => void this.#open());
    this.#set({ is: 'waiting', attempt: this.#attempt, until: this.#clock.now() + ms });
  }

  #halt(why: 'stopped' | 'unauthorized'): void {
    this.#begin();
    this.#stopWakes();
    this.#stopWakes = () => {};
    if (this.#state.is !== 'stopped') this.#set({ is: 'stopped', why });
  }

  /** On a stream: looks from time to time whether sockets work by now, and moves over when one is welcomed. */
  #planProbe(turn: number): void {
    this.#cancelProbe = this.#clock.after(this.#way.probePause(), () => void this.#tryProbe(turn));
  }

  async #tryProbe(turn: number): Promise<void> {
    const token = await (async () => this.#options.token?.(false))().catch(() => null);
    if (turn !== this.#turn) return;
    if (token === null) return this.#planProbe(turn);
    let mine = turn;
    const probe = this.#connect('socket', token, {
      frame: (frame) => {
        if (mine !== this.#turn) return;
        if (frame.type === 'welcome' && this.#probe === probe) {
          this.#probe = null;
          mine = this.#begin();
          this.#link = probe;
        }
        if (this.#link === probe) this.#take(frame);
      },
      alive: () => void (this.#link === probe && this.#heartbeat?.heard()),
      down: (end) => {
        if (mine !== this.#turn) return;
        if (this.#link === probe) return this.#down(mine, end);
        this.#probe = null;
        this.#planProbe(turn);
      },
    });
    this.#probe = probe;
  }

  #set(state: FeedState): void {
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  #tell(frame: ServerFrame): void {
    for (const listener of this.#frameListeners) listener(frame);
  }
}
