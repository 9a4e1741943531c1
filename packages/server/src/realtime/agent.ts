import type { AgentId, Command, Conversation, ConversationId, HandoffId, Part } from '@baton/core';
import type { ClientFrame } from '@baton/protocol';
import type { Signal } from '#hub/signals.ts';
import { presentContext } from '#present/context.ts';
import { presentTime, presentTimeOrNull } from '#present/event.ts';
import { commandOf, keyOf } from './agent-commands.ts';
import type { Connection } from './connection.ts';
import type { OpenWork, Principal, Realtime } from './realtime.ts';
import type { Proof } from './revocations.ts';
import { HEARTBEAT_SECONDS, hasFiles, Session } from './session.ts';

type Frame<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;
type Agent = Extract<Principal, { kind: 'agent' }>;

/** An agent at the console. He reaches every conversation of his workspace; what he may do there the core decides. */
export class AgentSession extends Session {
  readonly audience = 'staff';
  readonly principal: Agent;
  /** Does this connection show lists that must be kept current? */
  inbox = false;
  /** Conversations known to be of his workspace. */
  readonly #known = new Set<ConversationId>();
  /** What he is being asked, as far as he was told, and when (performance.now). */
  readonly #offers = new Map<HandoffId, { conversation: ConversationId; toldAt: number }>();
  /** His own conversations that he does not want to read here. */
  readonly #unfollowed = new Set<ConversationId>();

  constructor(realtime: Realtime, connection: Connection, principal: Agent) {
    super(realtime, connection);
    this.principal = principal;
  }

  override get proof(): Proof | null {
    const { session } = this.principal;
    return session === undefined ? null : { kind: 'session', id: session };
  }

  async begin(hello: Frame<'hello'>): Promise<void> {
    const { workspace, agent, role } = this.principal;
    const { presence, backAt, capacity, active, offered } = await this.realtime.workOf(workspace, agent.id);
    // Gone meanwhile: nobody would say so of him again.
    if (this.isClosed) return;
    this.realtime.presence.connected(workspace, agent.id, this.id);
    this.inbox = hello.inbox ?? false;
    this.reply({
      type: 'welcome',
      me: {
        role: 'agent',
        id: agent.id,
        name: agent.name,
        workspace,
        agentRole: role,
        presence,
        backAt: presentTimeOrNull(backAt),
        capacity,
      },
      conversation: null,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      server: 'baton',
    });
    const since: Record<string, number> = hello.since ?? {};
    for (const id of new Set([...(Object.keys(since) as ConversationId[]), ...active])) {
      if (await this.#knows(id)) await this.attach(id, since[id] ?? null);
    }
    for (const offer of offered) await this.offer(offer);
  }

  end(): void {
    this.realtime.presence.gone(this.id);
  }

  sees(signal: Signal): boolean {
    if (signal.type === 'presence') return signal.workspace === this.principal.workspace;
    return signal.type === 'read' || signal.who.id !== this.principal.agent.id;
  }

  async attach(conversation: ConversationId, after: number | null): Promise<void> {
    this.#unfollowed.delete(conversation);
    if (this.follows(conversation)) return;
    await this.follow(conversation, after);
    for (const { side, seq } of await this.realtime.reads.of(conversation))
      this.reply({ type: 'read', conversation, who: side, seq });
  }

  /** Asks this agent, with everything that he must know to decide. `seq`: the log goes at least so far. */
  async offer({ conversation, handoff, expiresAt, seq = 0 }: Offered): Promise<void> {
    this.#offers.set(handoff, { conversation, toldAt: performance.now() });
    const context = await this.#contextOf(conversation, handoff, seq).catch((error: unknown) => {
      this.#offers.delete(handoff);
      throw error;
    });
    // It may be over by now.
    if (context && this.#offers.has(handoff))
      this.reply({
        type: 'offer',
        conversation,
        handoff,
        expiresAt: presentTime(expiresAt),
        context: presentContext(context),
      });
  }

  async #contextOf(conversation: ConversationId, handoff: HandoffId, seq: number) {
    const state = await this.realtime.ledger.read(conversation, seq);
    return state?.handoff?.id === handoff ? this.realtime.context(state) : null;
  }

  offerOver(conversation: ConversationId, handoff: HandoffId, why: string): void {
    this.#offers.delete(handoff);
    this.reply({ type: 'offer-gone', handoff, conversation, why });
  }

  /**
   * What he has and what he is asked as it stands in the database: what he was not told of, he is told now.
   *
   * @param askedAt when the database was asked: what he was told since then is newer (performance.now)
   */
  async lookAgain({ active, offered }: OpenWork, askedAt: number): Promise<void> {
    const standing = new Set(offered.map(({ handoff }) => handoff));
    for (const [handoff, { conversation, toldAt }] of this.#offers) {
      if (toldAt < askedAt && !standing.has(handoff))
        this.offerOver(conversation, handoff, active.includes(conversation) ? 'accepted' : 'ended');
    }
    for (const offer of offered) if (!this.#offers.has(offer.handoff)) await this.offer(offer);
    for (const conversation of active) if (!this.#unfollowed.has(conversation)) await this.attach(conversation, null);
  }

  handle(frame: ClientFrame): void | Promise<void> {
    switch (frame.type) {
      case 'presence':
        return this.#presence(frame);
      case 'ready':
        return this.realtime.presence
          .ready(this.principal.workspace, this.principal.agent.id)
          .then(() => this.acknowledge(frame));
      case 'accept':
      case 'decline':
        return this.#answer(frame);
      case 'hello':
      case 'ping':
        return;
      case 'ask-human':
      case 'cancel':
      case 'rate':
        return this.refuse(frame, 'not_allowed', `An agent cannot send \`${frame.type}\`.`);
      default:
        return this.#inConversation(frame);
    }
  }

  #inConversation(frame: InConversation): void | Promise<void> {
    const { conversation } = frame;
    if (!conversation) return this.refuse(frame, 'bad_frame', 'conversation: an agent names the conversation.');
    if (this.#known.has(conversation)) return this.#do(frame, conversation);
    return this.#knows(conversation).then((known) => {
      if (known) return this.#do(frame, conversation);
      this.refuse(frame, 'not_found', 'There is no such conversation.');
    });
  }

  #do(frame: InConversation, conversation: ConversationId): void | Promise<void> {
    const { agent } = this.principal;
    const by = { role: 'agent', agent } as const;
    switch (frame.type) {
      case 'say':
      case 'barge':
        return this.#say(frame, conversation);
      case 'typing':
        return this.realtime.signals.send({
          type: 'typing',
          conversation,
          who: { role: 'agent', id: agent.id, name: agent.name },
          on: frame.on ?? true,
        });
      case 'read':
        return this.realtime.reads.mark(conversation, 'agent', frame.seq);
      case 'follow':
        return this.attach(conversation, frame.after ?? null).then(() => this.acknowledge(frame, conversation));
      case 'unfollow':
        this.unfollow(conversation);
        this.#unfollowed.add(conversation);
        return this.acknowledge(frame, conversation);
      case 'watch':
        return this.commit(frame, conversation, { type: 'watch', agent }, () =>
          this.background(() => this.attach(conversation, frame.after ?? null)),
        );
      case 'take':
        return this.commit(
          frame,
          conversation,
          { type: 'take', agent, ...(frame.force ? { force: true } : {}) },
          () => {
            if (frame.force) this.realtime.audit(this.principal.workspace, agent, 'take.force', conversation);
            this.background(() => this.attach(conversation, null));
          },
        );
      case 'pass':
        return this.#pass(frame, conversation);
      default:
        return this.commit(frame, conversation, { ...commandOf(frame, by), ...keyOf(frame, agent.id) });
    }
  }

  #say(frame: Frame<'say'> | Frame<'barge'>, conversation: ConversationId): void | Promise<void> {
    if (frame.type === 'say' && (frame.author || frame.bot))
      return this.refuse(frame, 'not_allowed', 'An agent speaks for himself only.');
    if (!hasFiles(frame.parts)) return this.#commitSay(frame, conversation, frame.parts as Part[]);
    return this.resolve(frame, frame.parts, this.principal.workspace, null).then((parts) => {
      if (parts) this.#commitSay(frame, conversation, parts);
    });
  }

  #commitSay(frame: Frame<'say'> | Frame<'barge'>, conversation: ConversationId, parts: Part[]): void {
    const { agent } = this.principal;
    if (frame.type === 'barge')
      return this.commit(frame, conversation, {
        type: 'barge',
        agent,
        parts,
        ...(frame.clientId ? { clientId: frame.clientId } : {}),
      });
    this.commit(frame, conversation, {
      type: 'say',
      author: { role: 'agent', ...agent },
      parts,
      clientId: frame.clientId,
      ...(frame.epoch === undefined ? {} : { epoch: frame.epoch }),
    });
  }

  async #presence(frame: Frame<'presence'>): Promise<void> {
    const { workspace, agent } = this.principal;
    await this.realtime.presence.set(workspace, agent.id, {
      presence: frame.state,
      backAt: frame.backAt === undefined ? null : Date.parse(frame.backAt),
      ...(frame.capacity === undefined ? {} : { capacity: frame.capacity }),
    });
    this.acknowledge(frame);
  }

  async #answer(frame: Frame<'accept'> | Frame<'decline'>): Promise<void> {
    const { workspace, agent } = this.principal;
    const conversation = await this.realtime.conversationOf(workspace, frame.handoff as HandoffId);
    if (!conversation) return this.refuse(frame, 'no_handoff', 'There is no such open handoff.');
    this.#known.add(conversation);
    this.commit(frame, conversation, { type: frame.type, handoff: frame.handoff as HandoffId, agent }, () => {
      if (frame.type === 'accept') this.background(() => this.attach(conversation, null));
    });
  }

  async #pass(frame: Frame<'pass'>, conversation: ConversationId): Promise<void> {
    const { to, note } = frame;
    const by = { role: 'agent', agent: this.principal.agent } as const;
    const more = note === undefined ? {} : { note };
    if (!('agent' in to))
      return this.commit(frame, conversation, {
        type: 'pass',
        by,
        to: to as Extract<Command, { type: 'pass' }>['to'],
        ...more,
      });
    const other = await this.realtime.agent(this.principal.workspace, to.agent as AgentId);
    if (!other) return this.refuse(frame, 'unknown_agent', 'There is no such agent.');
    this.commit(frame, conversation, { type: 'pass', by, to: { agent: other }, ...more });
  }

  async #knows(conversation: ConversationId): Promise<boolean> {
    if (this.#known.has(conversation)) return true;
    const state: Conversation | null = await this.realtime.ledger.read(conversation);
    if (state?.workspace !== this.principal.workspace) return false;
    this.#known.add(conversation);
    return true;
  }
}

/** An offer to this agent that stands. */
interface Offered {
  conversation: ConversationId;
  handoff: HandoffId;
  expiresAt: number;
  seq?: number;
}

type InConversation = Exclude<
  ClientFrame,
  { type: 'presence' | 'ready' | 'accept' | 'decline' | 'hello' | 'ping' | 'ask-human' | 'cancel' | 'rate' }
>;
