import type { ConversationId, Page, Part } from '@baton/core';
import type { ClientFrame } from '@baton/protocol';
import type { Signal } from '#hub/signals.ts';
import type { Connection } from './connection.ts';
import { placeFrame } from './place.ts';
import type { Realtime, Visitor } from './realtime.ts';
import type { Proof } from './revocations.ts';
import { HEARTBEAT_SECONDS, hasFiles, Session } from './session.ts';

type Frame<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;

/** A customer at the widget. He reaches his own conversations on his own site, and of those only what is meant for him. */
export class VisitorSession extends Session {
  readonly audience = 'customer';
  readonly visitor: Visitor;
  /** Conversations known to be his. */
  readonly #own = new Set<ConversationId>();
  readonly #role: { role: 'customer'; id: Visitor['customer'] };
  #since: Record<string, number> = {};
  #name: string | null = null;

  constructor(realtime: Realtime, connection: Connection, visitor: Visitor) {
    super(realtime, connection);
    this.visitor = visitor;
    this.#role = { role: 'customer', id: visitor.customer };
  }

  override get proof(): Proof {
    return { kind: 'site', id: this.visitor.channel };
  }

  async begin(hello: Frame<'hello'>): Promise<void> {
    const { customer, conversation } = this.visitor;
    this.realtime.line.askDesks(this.visitor.workspace);
    this.#since = hello.since ?? {};
    this.#name = await this.realtime.customerName(this.visitor.workspace, customer);
    this.reply({
      type: 'welcome',
      me: { role: 'visitor', id: customer, name: this.#name },
      conversation: conversation ?? null,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      server: 'baton',
    });
    if (conversation) await this.attach(conversation);
    // What the client still shows of an earlier conversation.
    for (const id of Object.keys(this.#since) as ConversationId[]) {
      if (id !== conversation && (await this.#isOwn(id))) await this.attach(id);
    }
  }

  /** Does this window show a conversation? */
  get hasConversation(): boolean {
    return this.#own.size > 0;
  }

  end(): void {
    for (const conversation of this.#own) this.realtime.presence.visitorGone(conversation, this.id);
  }

  /** A customer sees the one who answers him, never who watches. */
  sees(signal: Signal): boolean {
    if (signal.type === 'typing') return signal.who.role !== 'customer';
    return signal.type === 'read' && signal.who === 'agent';
  }

  /** Reads a conversation of this visitor, also one that another tab has just opened. */
  async attach(conversation: ConversationId): Promise<void> {
    // Who is gone is not there again: nobody would say of him that he left.
    if (this.isClosed || this.follows(conversation)) return;
    this.#own.add(conversation);
    this.realtime.presence.visitorConnected(conversation, this.id);
    await this.follow(conversation, this.#since[conversation] ?? null);
    const state = await this.realtime.ledger.read(conversation);
    const place = state && (await placeFrame(this.realtime, state));
    if (place) this.reply(place);
    for (const { side, seq } of await this.realtime.reads.of(conversation)) {
      this.reply({ type: 'read', conversation, who: side, seq });
    }
  }

  handle(frame: ClientFrame): void | Promise<void> {
    const wait = this.realtime.limits.visitor(this.visitor.customer);
    if (wait > 0) return this.tooFast(frame, wait);
    switch (frame.type) {
      case 'say':
        return this.#say(frame);
      case 'typing':
        return this.#typing(frame);
      case 'read':
        return this.#read(frame);
      case 'ask-human':
        return this.#askHuman(frame);
      case 'cancel':
      case 'close':
      case 'rate':
        return this.#verb(frame);
      default:
        return this.refuse(frame, 'not_allowed', `A visitor cannot send \`${frame.type}\`.`);
    }
  }

  #say(frame: Frame<'say'>): void | Promise<void> {
    if (frame.author === 'bot' || frame.bot)
      return this.refuse(frame, 'not_allowed', 'A visitor speaks for himself only.');
    const { conversation, parts } = frame;
    if (!conversation || !this.follows(conversation) || hasFiles(parts)) return this.#sayAfterLook(frame);
    this.#commitSay(frame, conversation, parts as Part[]);
  }

  #commitSay(frame: Frame<'say'>, conversation: ConversationId, parts: Part[]): void {
    const author = { ...this.#role, ...(this.#name ? { name: this.#name } : {}) };
    this.commit(frame, conversation, { type: 'say', author, parts, clientId: frame.clientId });
  }

  async #sayAfterLook(frame: Frame<'say'>): Promise<void> {
    const parts = await this.resolve(frame, frame.parts, this.visitor.workspace, this.visitor.customer);
    const conversation = parts && (await this.#conversation(frame, frame.conversation, frame.page));
    if (parts && conversation) this.#commitSay(frame, conversation, parts);
  }

  /** His conversation: the one he names, or the open one, or a new one. */
  async #conversation(
    frame: ClientFrame,
    named: ConversationId | undefined,
    page: Frame<'say'>['page'],
  ): Promise<ConversationId | null> {
    if (named) {
      if (!(await this.#isOwn(named))) {
        this.refuse(frame, 'not_found', 'There is no such conversation.');
        return null;
      }
      // Who writes also reads.
      await this.attach(named);
      return named;
    }
    const conversation = await this.realtime.openFor(this.visitor, page as Page | undefined);
    await this.attach(conversation);
    return conversation;
  }

  async #isOwn(conversation: ConversationId): Promise<boolean> {
    if (this.#own.has(conversation)) return true;
    const own = await this.realtime.isOwn(this.visitor, conversation);
    if (own) this.#own.add(conversation);
    return own;
  }

  async #typing(frame: Frame<'typing'>): Promise<void> {
    if (!(await this.#isOwn(frame.conversation)))
      return this.refuse(frame, 'not_found', 'There is no such conversation.');
    const who = { ...this.#role, ...(this.#name ? { name: this.#name } : {}) };
    this.realtime.signals.send({ type: 'typing', conversation: frame.conversation, who, on: frame.on ?? true });
  }

  async #read(frame: Frame<'read'>): Promise<void> {
    if (!(await this.#isOwn(frame.conversation)))
      return this.refuse(frame, 'not_found', 'There is no such conversation.');
    this.realtime.reads.mark(frame.conversation, 'customer', frame.seq);
  }

  async #askHuman(frame: Frame<'ask-human'>): Promise<void> {
    const conversation = await this.#conversation(frame, frame.conversation, frame.page);
    if (!conversation) return;
    const evidence = [{ kind: 'asked_for_human', detail: 'Pressed "Talk to a person".' }];
    this.commit(frame, conversation, { type: 'request-handoff', by: this.#role, reason: 'customer_asked', evidence });
  }

  async #verb(frame: Frame<'cancel'> | Frame<'close'> | Frame<'rate'>): Promise<void> {
    const { conversation } = frame;
    if (!(await this.#isOwn(conversation))) return this.refuse(frame, 'not_found', 'There is no such conversation.');
    if (frame.type === 'cancel') this.commit(frame, conversation, { type: 'cancel', by: this.#role });
    // How it ended is for staff to say; that he is done, for him.
    else if (frame.type === 'close') this.commit(frame, conversation, { type: 'close', by: this.#role });
    else
      this.commit(frame, conversation, {
        type: 'rate',
        score: frame.score,
        ...(frame.comment ? { comment: frame.comment } : {}),
      });
  }
}
