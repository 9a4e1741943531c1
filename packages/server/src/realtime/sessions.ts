import type { Conversation, ConversationId, WorkspaceId } from '@baton/core';
import type { Committed } from '#hub/ledger.ts';
import type { Line } from '#hub/line.ts';
import type { Moved } from '#hub/line-view.ts';
import type { Signal } from '#hub/signals.ts';
import { AgentSession } from './agent.ts';
import { People } from './people.ts';
import { queueFrame } from './place.ts';
import type { Realtime } from './realtime.ts';
import type { Session } from './session.ts';
import { VisitorSession } from './visitor.ts';

/** Lists are told of changes at most this often per conversation. */
const INBOX_MS = 250;

/** All sessions of this node, and what they hear besides the events that they follow. */
export class Sessions {
  readonly #all = new Set<Session>();
  readonly #agents = new People<AgentSession>();
  readonly #workspaces = new People<AgentSession>();
  readonly #customers = new People<VisitorSession>();
  readonly #changed = new Map<WorkspaceId, Set<ConversationId>>();
  #inboxTimer: NodeJS.Timeout | undefined;
  #realtime: Realtime | undefined;

  get size(): number {
    return this.#all.size;
  }

  /** Begins to listen to the hub. */
  listen(realtime: Realtime, line: Line): void {
    const { ledger, signals } = realtime;
    this.#realtime = realtime;
    ledger.onCommitted((committed) => this.#committed(committed));
    signals.on((signal) => this.#signal(signal));
    line.onMoved((moved) => this.#moved(moved));
  }

  add(session: Session): void {
    this.#all.add(session);
    if (session instanceof AgentSession) {
      this.#agents.add(session.principal.agent.id, session);
      this.#workspaces.add(session.principal.workspace, session);
    } else if (session instanceof VisitorSession) this.#customers.add(session.visitor.customer, session);
    session.onEnd(() => this.#remove(session));
  }

  /** Customers moved in the line: their open windows show it. */
  #moved(moved: readonly Moved[]): void {
    const realtime = this.#realtime;
    if (!realtime) return;
    for (const { conversation, outlook } of moved) {
      const text = JSON.stringify(queueFrame(realtime, conversation, outlook));
      for (const { reader } of realtime.feed.readersOf(conversation)) if (!reader.full()) reader.send(text);
    }
  }

  #remove(session: Session): void {
    this.#all.delete(session);
    if (session instanceof AgentSession) {
      this.#agents.delete(session.principal.agent.id, session);
      this.#workspaces.delete(session.principal.workspace, session);
    } else if (session instanceof VisitorSession) this.#customers.delete(session.visitor.customer, session);
  }

  #committed({ before, state, events }: Committed): void {
    let listed = false;
    for (const { event } of events) {
      if (event.type === 'conversation.opened')
        for (const visitor of this.#customers.of(event.customer))
          if (visitor.visitor.channel === event.channel) void visitor.attach(state.id);
      if (event.type === 'handoff.offered')
        for (const agent of this.#agents.of(event.agent.id)) void agent.offer(state.id, event.handoff, event.expiresAt);
      if (event.type === 'control.changed' && event.to.holder === 'agent')
        for (const session of this.#agents.of(event.to.agent.id)) void session.attach(state.id, null);
      // A message of a conversation that a human holds changes no list but its owner's, and he reads its events.
      if (event.type !== 'message' || state.control.holder !== 'agent') listed = true;
    }
    this.#offerOver(before, state);
    if (listed) this.#listChanged(state);
  }

  /** Whoever was asked and is not any more is told so, whatever ended it. */
  #offerOver(before: Conversation | null, after: Conversation): void {
    const asked = before?.handoff;
    if (asked?.phase !== 'offered') return;
    const now = after.handoff;
    if (now?.phase === 'offered' && now.id === asked.id && now.agent.id === asked.agent.id) return;
    const why = now?.phase === 'active' ? 'accepted' : now ? 'queued' : (after.ended?.outcome ?? 'ended');
    for (const session of this.#agents.of(asked.agent.id))
      session.reply({ type: 'offer-gone', handoff: asked.id, conversation: after.id, why });
  }

  #listChanged(state: Conversation): void {
    if (!this.#workspaces.has(state.workspace)) return;
    const set = this.#changed.get(state.workspace) ?? new Set();
    set.add(state.id);
    this.#changed.set(state.workspace, set);
    this.#inboxTimer ??= setTimeout(() => void this.#tellInboxes(), INBOX_MS);
  }

  async #tellInboxes(): Promise<void> {
    this.#inboxTimer = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [workspace, ids] of changed) {
      const listening = [...this.#workspaces.of(workspace)].filter((session) => session.inbox);
      if (listening.length === 0 || !this.#realtime) continue;
      try {
        for (const conversation of await this.#realtime.summaries(workspace, [...ids])) {
          const text = JSON.stringify({ type: 'inbox', conversation });
          // A list that is late is made good by the next change, or by reading it again.
          for (const session of listening) if (!session.full()) session.send(text);
        }
      } catch (error) {
        this.#realtime.log.warn({ error }, 'lists could not be told of a change');
      }
    }
  }

  #signal(signal: Signal): void {
    const text = JSON.stringify(signal.type === 'presence' ? { ...signal, workspace: undefined } : signal);
    if (signal.type === 'presence') {
      for (const session of this.#workspaces.of(signal.workspace)) session.send(text);
      return;
    }
    for (const { reader } of this.#realtime?.feed.readersOf(signal.conversation) ?? []) {
      const session = reader as Session;
      if (session.sees(signal) && !session.full()) session.send(text);
    }
  }
}
