import type { Conversation, ConversationId } from '@baton/core';
import type { ClientFrame, Scope } from '@baton/protocol';
import type { Signal } from '#hub/signals.ts';
import type { Connection } from './connection.ts';
import type { Principal, Realtime } from './realtime.ts';
import type { Proof } from './revocations.ts';
import { HEARTBEAT_SECONDS, Session } from './session.ts';

type Frame<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;
type Key = Extract<Principal, { kind: 'key' }>;

/** Somebody's own server with an API key: it speaks for the customers and the bot of channels that it owns. */
export class ServerSession extends Session {
  readonly audience = 'staff';
  readonly principal: Key;

  constructor(realtime: Realtime, connection: Connection, principal: Key) {
    super(realtime, connection);
    this.principal = principal;
  }

  override get proof(): Proof {
    return { kind: 'key', id: this.principal.key };
  }

  async begin(hello: Frame<'hello'>): Promise<void> {
    const { workspace, key } = this.principal;
    this.reply({
      type: 'welcome',
      me: { role: 'server', id: key, workspace },
      conversation: null,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      server: 'baton',
    });
    if (!this.#may('conversations:read')) return;
    for (const [id, seq] of Object.entries(hello.since ?? {})) {
      const state = await this.realtime.ledger.read(id as ConversationId);
      if (state?.workspace === workspace) await this.follow(state.id, seq);
    }
  }

  end(): void {}

  sees(signal: Signal): boolean {
    return signal.type !== 'presence' && !(signal.type === 'typing' && signal.who.role === 'bot');
  }

  async handle(frame: ClientFrame): Promise<void> {
    const wait = this.realtime.limits.staff(this.principal.key);
    if (wait > 0) return this.tooFast(frame, wait);
    if (!('conversation' in frame) || !frame.conversation)
      return this.refuse(frame, 'not_allowed', `A server client cannot send \`${frame.type}\` without a conversation.`);
    const state = await this.allowed(
      frame,
      frame.conversation as ConversationId,
      ({ workspace }) => workspace === this.principal.workspace,
    );
    if (!state) return;
    if (frame.type === 'follow') {
      if (!this.#may('conversations:read'))
        return this.refuse(frame, 'forbidden', 'This key needs the scope conversations:read.');
      await this.follow(state.id, frame.after ?? null);
      return this.acknowledge(frame, state.id);
    }
    if (frame.type === 'unfollow') {
      this.unfollow(state.id);
      return this.acknowledge(frame, state.id);
    }
    if (!this.#may('conversations:write'))
      return this.refuse(frame, 'forbidden', 'This key needs the scope conversations:write.');
    return this.#write(frame, state);
  }

  /** `admin` includes every other scope. */
  #may(scope: Scope): boolean {
    return this.principal.scopes.includes(scope) || this.principal.scopes.includes('admin');
  }

  async #write(frame: ClientFrame, state: Conversation): Promise<void> {
    const by = { role: 'api', id: this.principal.key } as const;
    switch (frame.type) {
      case 'say':
        return this.#say(frame, state);
      case 'typing':
        return this.realtime.signals.send({
          type: 'typing',
          conversation: state.id,
          who: { role: 'customer', id: state.customer },
          on: frame.on ?? true,
        });
      case 'read':
        return this.realtime.reads.mark(state.id, 'customer', frame.seq);
      case 'ask-human':
        return this.commit(frame, state.id, {
          type: 'request-handoff',
          by: { role: 'customer', id: state.customer },
          reason: 'customer_asked',
        });
      case 'cancel':
        return this.commit(frame, state.id, { type: 'cancel', by });
      case 'release':
        return this.commit(frame, state.id, {
          type: 'release',
          by,
          ...(frame.note === undefined ? {} : { note: frame.note }),
        });
      case 'close':
        return this.commit(frame, state.id, {
          type: 'close',
          by,
          ...(frame.outcome === undefined ? {} : { outcome: frame.outcome }),
        });
      case 'rate':
        return this.commit(frame, state.id, {
          type: 'rate',
          score: frame.score,
          ...(frame.comment ? { comment: frame.comment } : {}),
        });
      case 'flag':
      case 'unflag':
        return this.commit(frame, state.id, { type: frame.type, name: frame.name, by });
      default:
        return this.refuse(frame, 'not_allowed', `A server client cannot send \`${frame.type}\`.`);
    }
  }

  async #say(frame: Frame<'say'>, state: Conversation): Promise<void> {
    const parts = await this.resolve(frame, frame.parts, this.principal.workspace, null);
    if (!parts) return;
    const author =
      frame.author === 'bot'
        ? ({ role: 'bot', id: state.bot ?? state.channel } as const)
        : ({ role: 'customer', id: state.customer } as const);
    this.commit(frame, state.id, {
      type: 'say',
      author,
      parts,
      clientId: frame.clientId,
      ...(frame.epoch === undefined ? {} : { epoch: frame.epoch }),
      ...(frame.bot ? { bot: frame.bot as never } : {}),
    });
  }
}
