import { randomUUID } from 'node:crypto';
import {
  type Command,
  type Conversation,
  type ConversationId,
  type Holder,
  holderOf,
  type Part,
  type Refusal,
  type WorkspaceId,
} from '@baton/core';
import type { ClientFrame, PartInput, ServerFrame } from '@baton/protocol';
import { type Outcome, Unavailable } from '#hub/ledger.ts';
import type { Signal } from '#hub/signals.ts';
import { isAway } from '#store/away.ts';
import { CLOSE, type Connection, FULL_BYTES } from './connection.ts';
import type { Following, Reader } from './feed.ts';
import { type Audience, ackText } from './frame-text.ts';
import { Order } from './order.ts';
import type { Realtime } from './realtime.ts';
import type { Proof } from './revocations.ts';

/** What `welcome` tells: how often a client should ping. */
export const HEARTBEAT_SECONDS = 20;
/** Frames that may wait for the one under way. A client that sends more is broken, or means harm. */
const MOST_FRAMES_WAITING = 2_000;
/** Pause before a client tries again what could not be done. */
const RETRY_MS = 2_000;
/** How often a full connection is looked at. */
const DRAIN_MS = 100;

/**
 * One connection of somebody known: what all roles share. A role (visitor.ts, agent.ts, server-client.ts) says what each
 * frame does; here are the ways to answer, to follow and to commit.
 */
export abstract class Session implements Reader {
  readonly id = randomUUID();
  abstract readonly audience: Audience;
  readonly realtime: Realtime;
  readonly #connection: Connection;
  readonly #following = new Map<ConversationId, Following>();
  /** Frames that wait for the one under way; undefined when none is. */
  #waiting: ClientFrame[] | undefined;
  readonly #onEnd: (() => void)[] = [];
  #draining: NodeJS.Timeout | undefined;
  readonly #order = new Order();
  /** Resolves when the client has its welcome and what it missed. */
  readonly #begun = Promise.withResolvers<void>();
  #ended = false;

  constructor(realtime: Realtime, connection: Connection) {
    this.realtime = realtime;
    this.#connection = connection;
  }

  /** What must stay good for it to go on (revocations.ts); null: a token that runs out by itself. */
  get proof(): Proof | null {
    return null;
  }

  /** Called once, after hello: welcome, then what was missed. */
  abstract begin(hello: Extract<ClientFrame, { type: 'hello' }>): Promise<void>;
  /** Any frame but hello and ping. */
  abstract handle(frame: ClientFrame): void | Promise<void>;
  /** The connection is gone. */
  abstract end(): void;
  /** Does this reader see that somebody types, has read, is there? */
  abstract sees(signal: Signal): boolean;

  /** Says welcome; frames that come meanwhile wait. Resolves when the client has what it missed, or was sent away. */
  start(hello: Extract<ClientFrame, { type: 'hello' }>): Promise<void> {
    const beginning = this.begin(hello).then(this.#begun.resolve, (error: unknown) => {
      // Who got no welcome cannot go on: he comes back.
      this.realtime.log.warn({ error }, 'a session could not begin');
      this.bye('unavailable', RETRY_MS);
    });
    this.#after(hello, beginning);
    return beginning;
  }

  /**
   * Takes one frame. Never throws: what goes wrong is told to the client. Frames are handled one after the other, so that
   * one that has to look something up is not overtaken by the next; most need no look and cost no promise.
   */
  receive(frame: ClientFrame): void {
    if (this.#waiting) {
      if (this.#waiting.length >= MOST_FRAMES_WAITING) this.#connection.close(CLOSE.policy, 'too many frames at once');
      else this.#waiting.push(frame);
      return;
    }
    this.#take(frame);
  }

  #take(frame: ClientFrame): void {
    if (frame.type === 'ping') return this.reply({ type: 'pong' });
    if (frame.type === 'hello') return this.refuse(frame, 'bad_frame', 'Hello was said already.');
    const before = this.#order.before(frame);
    if (before !== null)
      return this.#refuseForNow(frame, 'unavailable', `The message ${before} comes first: send it again.`, RETRY_MS);
    try {
      const handling = this.handle(frame);
      if (handling) this.#after(frame, handling);
    } catch (error) {
      this.failed(frame, error);
    }
  }

  #after(frame: ClientFrame, handling: Promise<void>): void {
    this.#waiting ??= [];
    handling
      .catch((error: unknown) => this.failed(frame, error))
      .finally(() => {
        const next = this.#waiting ?? [];
        this.#waiting = undefined;
        // One of these may have to wait again: then the rest waits behind it.
        for (const waiting of next) this.receive(waiting);
      });
  }

  send(text: string): void {
    if (!this.#ended) this.#connection.send(text);
  }

  reply(frame: ServerFrame): void {
    this.send(JSON.stringify(frame));
  }

  full(): boolean {
    const full = this.#connection.buffered() > FULL_BYTES;
    if (full) this.#awaitDrain();
    return full;
  }

  /** Ends the session from our side; the client comes back after `retryAfterMs`. */
  bye(reason: string, retryAfterMs: number): void {
    this.reply({ type: 'bye', reason, retryAfterMs });
    this.#connection.close(CLOSE.restart, reason);
  }

  closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#draining);
    for (const following of this.#following.values()) this.realtime.feed.unfollow(following);
    this.#following.clear();
    for (const listener of this.#onEnd) listener();
    this.end();
  }

  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  get isClosed(): boolean {
    return this.#ended;
  }

  follows(conversation: ConversationId): boolean {
    return this.#following.has(conversation);
  }

  /** Begins to read a conversation, from `after` on; null: its last events. Twice is fine. */
  async follow(conversation: ConversationId, after: number | null): Promise<void> {
    if (this.#ended || this.#following.has(conversation)) return;
    const following = this.realtime.feed.follow(conversation, this, after);
    this.#following.set(conversation, following.place);
    await following.caughtUp;
  }

  unfollow(conversation: ConversationId): void {
    const following = this.#following.get(conversation);
    if (following) this.realtime.feed.unfollow(following);
    this.#following.delete(conversation);
  }

  /** Commits and answers with `ack` or `refused`. No promise: this is the hot path. */
  commit(
    frame: ClientFrame,
    conversation: ConversationId,
    command: Command,
    then?: (outcome: Extract<Outcome, { ok: true }>) => void,
  ): void {
    this.realtime.ledger.submit(conversation, command, (outcome) => {
      if (outcome instanceof Unavailable) return this.failed(frame, outcome);
      if (!outcome.ok) return this.refused(frame, conversation, outcome.refusal);
      this.acknowledge(frame, conversation, outcome.seq);
      then?.(outcome);
    });
  }

  acknowledge(frame: ClientFrame, conversation?: ConversationId, seq?: number): void {
    this.send(ackText(frame, conversation, seq));
  }

  refuse(frame: ClientFrame, code: string, message: string): void {
    this.reply({ type: 'refused', ...echo(frame), code, message });
  }

  /** More than its share: nothing was done, and the same frame may come again after `waitMs`. */
  tooFast(frame: ClientFrame, waitMs: number): void {
    this.#refuseForNow(frame, 'rate_limited', `Too much at once. Try again in ${waitMs} ms.`, waitMs);
  }

  /**
   * What this connection rests on is no longer good. A browser may have a new cookie by now (he changed his password): it
   * comes back at once, and is told then why it cannot. A key is what it is.
   */
  revoke(message: string): void {
    if (this.proof?.kind !== 'key') return this.bye('token_expired', 0);
    this.reply({ type: 'refused', code: 'token_expired', message });
    this.#connection.close(CLOSE.unauthorized, 'token_expired');
  }

  refused(frame: ClientFrame, conversation: ConversationId, refusal: Refusal): void {
    const { code, message, control } = refusal;
    const holder = control ? { holder: this.#face(holderOf(control)), epoch: control.epoch } : {};
    this.reply({ type: 'refused', ...echo(frame), code, message, conversation, ...holder } as ServerFrame);
  }

  failed(frame: ClientFrame, error: unknown): void {
    const away = error instanceof Unavailable ? error : isAway(error) ? new Unavailable(error) : null;
    if (away) return this.#refuseForNow(frame, 'unavailable', away.message, away.retryAfterMs);
    this.realtime.log.error({ error, frame: frame.type }, 'a frame failed');
    this.#refuseForNow(frame, 'internal', 'Something went wrong on our side. Try again.', RETRY_MS);
  }

  /** Nothing was done; the same frame is worth another try. */
  #refuseForNow(frame: ClientFrame, code: string, message: string, retryAfterMs: number): void {
    this.#order.refusedForNow(frame);
    this.reply({ type: 'refused', ...echo(frame), code, message, retryAfterMs });
  }

  /**
   * Work that nobody waits for, in its turn: nothing is told before the welcome, which brings the state of then. A
   * database that goes away in the middle must not end the process.
   */
  background(work: () => Promise<void> | void): void {
    this.#begun.promise.then(work).catch((error: unknown) => {
      this.realtime.log.warn({ error }, 'a session could not be told something; it is looked up again');
      this.realtime.nodes.doubt();
    });
  }

  /** A conversation that this session may touch, or null after having said no. */
  protected async allowed(
    frame: ClientFrame,
    conversation: ConversationId,
    may: (state: Conversation) => boolean,
  ): Promise<Conversation | null> {
    const state = await this.realtime.ledger.read(conversation);
    if (state && may(state)) return state;
    this.refuse(frame, 'not_found', 'There is no such conversation.');
    return null;
  }

  /** The parts of a message as the log keeps them; null after having refused a file that is not there. */
  protected async resolve(
    frame: ClientFrame,
    parts: readonly PartInput[],
    workspace: WorkspaceId,
    uploadedBy: string | null,
  ): Promise<Part[] | null> {
    if (!hasFiles(parts)) return parts as Part[];
    const found = await this.realtime.withFiles(workspace, parts, uploadedBy);
    if ('parts' in found) return found.parts;
    this.refuse(frame, 'unknown_file', `There is no uploaded file ${found.unknown.join(', ')}. Upload it first.`);
    return null;
  }

  #face(holder: Holder): Holder {
    if (this.audience === 'staff') return holder;
    if (holder.holder === 'agent') return { holder: 'agent', agent: { id: holder.agent.id, name: holder.agent.name } };
    return { holder: holder.holder } as Holder;
  }

  /** A full connection is filled again from the log once it has drained. */
  #awaitDrain(): void {
    if (this.#draining || this.#ended) return;
    this.#draining = setInterval(() => {
      if (this.#connection.buffered() > FULL_BYTES / 4) return;
      clearInterval(this.#draining);
      this.#draining = undefined;
      for (const following of this.#following.values()) void this.realtime.feed.resume(following);
    }, DRAIN_MS);
    this.#draining.unref();
  }
}

/** The ids by which a client knows its frame. */
function echo(frame: ClientFrame): { clientId?: string; id?: string } {
  return {
    ...('clientId' in frame && frame.clientId ? { clientId: frame.clientId } : {}),
    ...(frame.id ? { id: frame.id } : {}),
  };
}

export function hasFiles(parts: readonly PartInput[]): boolean {
  return parts.some((part) => part.type === 'file');
}
