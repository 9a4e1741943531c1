import type { AgentId, ConversationId, WorkspaceId } from '@baton/core';
import type { Line } from '#hub/line.ts';
import type { Moved } from '#hub/line-changes.ts';
import type { Told } from '#hub/nodes/nodes.ts';
import type { Telling } from '#hub/nodes/telling.ts';
import type { Signal } from '#hub/signals.ts';
import { presentTimeOrNull } from '#present/event.ts';
import { AgentSession } from './agent.ts';
import { People } from './people.ts';
import { queueFrame } from './place.ts';
import type { Realtime } from './realtime.ts';
import type { Session } from './session.ts';
import { VisitorSession } from './visitor.ts';

/** Lists are told of changes at most this often per conversation. */
const INBOX_MS = 250;
/** Where something was missed, lists are told of what changed in so much time. */
const LISTS_BACK_MS = 60_000;

/** All sessions of this node, and what they hear besides the events that they follow. */
export class Sessions {
  readonly #all = new Set<Session>();
  readonly #agents = new People<AgentSession>();
  readonly #workspaces = new People<AgentSession>();
  readonly #customers = new People<VisitorSession>();
  readonly #changed = new Map<WorkspaceId, Set<ConversationId>>();
  #inboxTimer: NodeJS.Timeout | undefined;
  #lookingAgain = false;
  /** Something was missed of which no look has begun yet; null: nothing. */
  #missed: 'perhaps' | 'likely' | null = null;
  /** What the last look found for lists. */
  #listed = new Map<ConversationId, number>();
  #realtime: Realtime | undefined;

  all(): Iterable<Session> {
    return this.#all;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Begins to listen to the hub. */
  listen(realtime: Realtime, line: Line): void {
    const { nodes, signals } = realtime;
    this.#realtime = realtime;
    nodes.onTold((told) => this.#told(told));
    nodes.onMissed((likely) => void this.#lookAgain(likely));
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
    for (const one of moved) {
      const [anybody] = realtime.feed.readersOf(one.conversation);
      if (!anybody) continue;
      this.#showPlace(realtime, one).catch((error: unknown) =>
        realtime.log.warn({ error, conversation: one.conversation }, 'a place in the line could not be shown'),
      );
    }
  }

  /** In the customer's own language; what he saw is kept. */
  async #showPlace(realtime: Realtime, { conversation, handoff, queue, outlook }: Moved): Promise<void> {
    const state = await realtime.ledger.read(conversation);
    if (!state) return;
    const text = JSON.stringify(queueFrame(realtime, conversation, outlook, state.locale));
    let seen = false;
    for (const { reader } of realtime.feed.readersOf(conversation)) {
      if (reader.full()) continue;
      reader.send(text);
      seen ||= reader instanceof VisitorSession;
    }
    const { estimate, position } = outlook;
    if (seen && estimate)
      realtime.shown.note({
        workspace: state.workspace,
        conversation,
        handoff,
        queue,
        at: realtime.world.now(),
        position,
        estimate,
      });
  }

  #remove(session: Session): void {
    this.#all.delete(session);
    if (session instanceof AgentSession) {
      this.#agents.delete(session.principal.agent.id, session);
      this.#workspaces.delete(session.principal.workspace, session);
    } else if (session instanceof VisitorSession) this.#customers.delete(session.visitor.customer, session);
  }

  /** Something happened in a conversation, on whichever node: those who do not read it (yet) are told. */
  #told({ workspace, conversation, seq, tellings, lists }: Told): void {
    for (const telling of tellings) this.#tell(telling, conversation, seq);
    if (lists) this.#listChanged(workspace, conversation);
  }

  #tell(telling: Telling, conversation: ConversationId, seq: number): void {
    if (telling.type === 'opened') {
      for (const visitor of this.#customers.of(telling.customer))
        if (visitor.visitor.channel === telling.channel) visitor.background(() => visitor.attach(conversation));
      return;
    }
    if (telling.type === 'erased') {
      // He comes back as a stranger: his token is worth nothing any more.
      for (const { reader } of this.#realtime?.feed.readersOf(conversation) ?? [])
        if (reader instanceof VisitorSession) reader.bye('erased', 0);
      return;
    }
    for (const session of this.#agents.of(telling.agent)) {
      if (telling.type === 'offered')
        session.background(() =>
          session.offer({ conversation, handoff: telling.handoff, expiresAt: telling.expiresAt, seq }),
        );
      else if (telling.type === 'offer-over')
        session.background(() => session.offerOver(conversation, telling.handoff, telling.why));
      else session.background(() => session.attach(conversation, null));
    }
  }

  #listChanged(workspace: WorkspaceId, conversation: ConversationId): void {
    if (!this.#workspaces.has(workspace)) return;
    const set = this.#changed.get(workspace) ?? new Set();
    set.add(conversation);
    this.#changed.set(workspace, set);
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

  /** Notices may have been lost: who was to be told something is looked up. */
  async #lookAgain(likely: boolean): Promise<void> {
    const realtime = this.#realtime;
    this.#missed = likely ? 'likely' : (this.#missed ?? 'perhaps');
    // A look that began before does not answer it: it is followed by another.
    if (!realtime || this.#lookingAgain) return;
    this.#lookingAgain = true;
    try {
      while (this.#missed !== null) {
        const wasLikely = this.#missed === 'likely';
        this.#missed = null;
        await this.#lookAgainForAgents(realtime);
        if (wasLikely) await Promise.all([this.#lookAgainForCustomers(realtime), this.#lookAgainForLists(realtime)]);
      }
    } catch (error) {
      realtime.log.debug({ error }, 'what was missed could not be looked up; trying again soon');
      realtime.nodes.doubt();
    } finally {
      this.#lookingAgain = false;
    }
  }

  async #lookAgainForAgents(realtime: Realtime): Promise<void> {
    const agents = [...this.#agents.keys()] as AgentId[];
    if (agents.length === 0) return;
    const askedAt = performance.now();
    const work = await realtime.workOfAll(agents);
    for (const agent of agents) {
      const open = work.get(agent) ?? { active: [], offered: [] };
      for (const session of this.#agents.of(agent)) session.background(() => session.lookAgain(open, askedAt));
    }
  }

  /** Windows without a conversation, whose customer has opened one in another window. */
  async #lookAgainForCustomers(realtime: Realtime): Promise<void> {
    const waiting = [...this.#customers.keys()].flatMap((customer) =>
      [...this.#customers.of(customer)].filter((session) => !session.hasConversation),
    );
    if (waiting.length === 0) return;
    const open = await realtime.openConversationsOf(waiting.map(({ visitor }) => visitor));
    for (const { id, customer, channel } of open)
      for (const session of this.#customers.of(customer))
        if (session.visitor.channel === channel) session.background(() => session.attach(id));
  }

  async #lookAgainForLists(realtime: Realtime): Promise<void> {
    const workspaces = [...this.#workspaces.keys()] as WorkspaceId[];
    const since = realtime.world.now() - LISTS_BACK_MS;
    const heads = workspaces.length === 0 ? [] : await realtime.headsSince(workspaces, since);
    for (const { workspace, id, seq } of heads) if (this.#listed.get(id) !== seq) this.#listChanged(workspace, id);
    this.#listed = new Map(heads.map(({ id, seq }) => [id, seq]));
  }

  #signal(signal: Signal): void {
    const text = JSON.stringify(
      signal.type === 'presence'
        ? { ...signal, workspace: undefined, backAt: presentTimeOrNull(signal.backAt) }
        : signal,
    );
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
