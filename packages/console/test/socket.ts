import type { AgentId, Command, ConversationId } from '@baton/core';
import type { ClientFrame, ServerFrame } from '@baton/protocol';
import type { WebSocket } from 'ws';
import { AGENTS, ME, ref } from './agents.ts';
import { held } from './http.ts';
import type { FakeHub, Talk } from './hub.ts';
import { contextOf, eventOf, summaryOf } from './present.ts';

/** The agent's socket, as the hub's own (server: realtime/agent.ts) answers it. */
export class FakeSocket {
  readonly #hub: FakeHub;
  readonly #socket: WebSocket;
  readonly #following = new Set<ConversationId>();

  constructor(hub: FakeHub, socket: WebSocket) {
    this.#hub = hub;
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data))));
  }

  send(frame: ServerFrame): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  drop(): void {
    this.#socket.terminate();
  }

  committed(talk: Talk, events: Talk['log']): void {
    const { state } = talk;
    for (const { event } of events) {
      if (event.type === 'control.changed' && event.to.holder === 'agent' && event.to.agent.id === ME.id)
        this.#follow(talk, state.seq);
      if (event.type === 'handoff.offered' && event.agent.id === ME.id) this.#offer(talk);
    }
    if (this.#following.has(state.id))
      for (const logged of events) this.send({ type: 'event', conversation: state.id, ...eventOf(logged) });
    this.send({ type: 'inbox', conversation: summaryOf(talk) });
  }

  follows(conversation: ConversationId): boolean {
    return this.#following.has(conversation);
  }

  #offer(talk: Talk): void {
    const { handoff } = talk.state;
    const context = contextOf(talk);
    if (handoff?.phase === 'offered' && context)
      this.send({
        type: 'offer',
        conversation: talk.state.id,
        handoff: handoff.id,
        expiresAt: new Date(handoff.expiresAt).toISOString(),
        context,
      });
  }

  #follow(talk: Talk, after: number): void {
    if (this.#following.has(talk.state.id)) return;
    this.#following.add(talk.state.id);
    for (const logged of talk.log.slice(Math.max(0, after)))
      this.send({ type: 'event', conversation: talk.state.id, ...eventOf(logged) });
  }

  #take(frame: ClientFrame): void {
    switch (frame.type) {
      case 'hello':
        return this.#hello(frame.since ?? {});
      case 'ping':
        return this.send({ type: 'pong' });
      case 'presence': {
        Object.assign(ME, { presence: frame.state, ...(frame.capacity !== undefined && { capacity: frame.capacity }) });
        this.send({
          type: 'presence',
          agent: ref(ME),
          state: ME.presence,
          capacity: ME.capacity,
          active: held(this.#hub, ME.id),
        });
        return this.#ack(frame);
      }
      case 'accept':
      case 'decline': {
        const talk = [...this.#hub.talks.values()].find(({ state }) => state.handoff?.id === frame.handoff);
        if (!talk)
          return this.send({
            type: 'refused',
            id: frame.id,
            code: 'no_handoff',
            message: 'There is no such open handoff.',
          });
        return this.#commit(frame, talk.state.id, { type: frame.type, handoff: frame.handoff, agent: ref(ME) });
      }
      default:
        return this.#inConversation(frame);
    }
  }

  #hello(since: Record<string, number>): void {
    this.send({
      type: 'welcome',
      me: { role: 'agent', id: ME.id, name: ME.name, agentRole: 'owner', presence: ME.presence, capacity: ME.capacity },
      conversation: null,
      heartbeatSeconds: 20,
      server: 'fake',
    });
    const own = [...this.#hub.talks.values()].filter(
      ({ state }) => state.control.holder === 'agent' && state.control.agent.id === ME.id,
    );
    for (const talk of own) if (!(talk.state.id in since)) this.#follow(talk, talk.log.length - 200);
    for (const [id, seq] of Object.entries(since)) {
      const talk = this.#hub.talks.get(id as ConversationId);
      if (talk) this.#follow(talk, seq);
    }
    for (const talk of this.#hub.talks.values())
      if (talk.state.handoff?.phase === 'offered' && talk.state.handoff.agent.id === ME.id) this.#offer(talk);
  }

  #inConversation(frame: Extract<ClientFrame, { conversation?: unknown }>): void {
    const agent = ref(ME);
    const by = { role: 'agent', agent } as const;
    const talk = this.#hub.talks.get(frame.conversation as ConversationId);
    if (!talk)
      return this.send({ type: 'refused', id: frame.id, code: 'not_found', message: 'There is no such conversation.' });
    const id = talk.state.id;
    switch (frame.type) {
      case 'follow':
        this.#follow(talk, frame.after ?? 0);
        return this.#ack(frame);
      case 'unfollow':
        this.#following.delete(id);
        return this.#ack(frame);
      case 'typing':
      case 'read':
        return;
      case 'say':
        return this.#commit(frame, id, {
          type: 'say',
          author: { role: 'agent', ...agent },
          parts: frame.parts as never,
          clientId: frame.clientId,
          ...(frame.epoch !== undefined && { epoch: frame.epoch }),
        });
      case 'barge':
        return this.#commit(frame, id, {
          type: 'barge',
          agent,
          parts: frame.parts as never,
          ...(frame.clientId && { clientId: frame.clientId }),
        });
      case 'take':
        return this.#commit(frame, id, { type: 'take', agent, ...(frame.force && { force: true }) });
      case 'watch':
      case 'unwatch':
      case 'hold':
      case 'resume':
        return this.#commit(frame, id, { type: frame.type, agent });
      case 'release':
      case 'close':
        return this.#commit(frame, id, {
          type: frame.type,
          by,
          ...(frame.note && { note: frame.note }),
          ...('outcome' in frame && frame.outcome && { outcome: frame.outcome }),
        } as Command);
      case 'pass': {
        const other =
          'agent' in frame.to
            ? AGENTS.find((one) => 'agent' in frame.to && one.id === (frame.to.agent as AgentId))
            : undefined;
        return this.#commit(frame, id, {
          type: 'pass',
          by,
          to: (other ? { agent: ref(other) } : frame.to) as never,
          ...(frame.note && { note: frame.note }),
        });
      }
      case 'note':
        return this.#commit(frame, id, { type: 'note', author: { role: 'agent', ...agent }, text: frame.text });
      case 'whisper':
        return this.#commit(frame, id, { type: 'whisper', agent, text: frame.text });
      case 'flag':
      case 'unflag':
        return this.#commit(frame, id, { type: frame.type, name: frame.name, by });
      default:
        return this.send({
          type: 'refused',
          id: frame.id,
          code: 'not_allowed',
          message: `An agent cannot send \`${frame.type}\`.`,
        });
    }
  }

  #commit(frame: ClientFrame, id: ConversationId, command: Command): void {
    const outcome = this.#hub.submit(id, command);
    const echo = {
      ...('clientId' in frame && frame.clientId && { clientId: frame.clientId }),
      ...(frame.id && { id: frame.id }),
    };
    if (outcome.ok) return this.send({ type: 'ack', ...echo, conversation: id, seq: outcome.seq });
    const { code, message, control } = outcome.refusal;
    this.send({ type: 'refused', ...echo, code, message, conversation: id, ...(control && { epoch: control.epoch }) });
  }

  #ack(frame: ClientFrame): void {
    if (frame.id) this.send({ type: 'ack', id: frame.id });
  }
}
