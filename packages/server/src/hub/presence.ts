import type { AgentId, AgentPresence, Conversation, ConversationId, Millis, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import {
  type AgentConnection,
  abandoned,
  agentLeft,
  agentReady,
  agentsSeen,
  choosePresence,
  expireAgents,
  forgetVisitors,
  idleOffers,
  type Orphan,
  orphans,
  visitorsLeft,
  visitorsSeen,
  visitorsUnseen,
} from '#store/presence.ts';
import type { Committed, Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import { teamChanges } from './line-changes.ts';
import type { Signals } from './signals.ts';

export interface PresenceTimings {
  /** How often this node says that its connections live. */
  beatMs: number;
  /** A connection that was not seen for this long is gone: three beats. */
  staleMs: number;
  /** How often it is looked who is gone for too long. */
  sweepMs: number;
  /** An agent without a connection keeps his conversations for this long. */
  agentGraceMs: number;
  /** An offer to an agent without a connection lapses after this: "at once", but a page that reloads keeps it. */
  offerGraceMs: number;
  /** A customer without a connection keeps his place for this long. */
  abandonAfterMs: number;
}

export const PRESENCE_TIMINGS: PresenceTimings = {
  beatMs: 15_000,
  staleMs: 45_000,
  sweepMs: 5_000,
  agentGraceMs: 60_000,
  offerGraceMs: 2_000,
  abandonAfterMs: 300_000,
};

/**
 * Who is there: agents with their consoles, customers who wait. Rows with a heartbeat, so that every node sees the same
 * and a crashed node's people are gone by themselves. Nobody is given up before this node itself has been up for the
 * whole grace: after a restart everybody gets the time to come back.
 */
export class Presence {
  readonly #deps: Deps;
  readonly #timings: PresenceTimings;
  /** This process, for the rows of customers. */
  readonly #node: string;
  readonly #agents = new Map<string, AgentConnection & { stored: Promise<void> }>();
  readonly #visitors = new Map<ConversationId, Set<string>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #work = new Set<Promise<void>>();
  /** What this node says of its agents just now; who goes away meanwhile is still in it. */
  #beating: Promise<unknown> = Promise.resolve();
  #startedAt: Millis;
  #sweeping = false;

  constructor(deps: Deps & { node: string; timings?: Partial<PresenceTimings> }) {
    this.#deps = deps;
    this.#node = deps.node;
    this.#timings = { ...PRESENCE_TIMINGS, ...deps.timings };
    this.#startedAt = deps.world.now();
    deps.ledger.onCommitted((committed) => this.#committed(committed));
    deps.line.onView((view, before) => {
      for (const { agent, presence: state, backAt = null, ...work } of teamChanges(before, view)) {
        const { capacity, active, wrapping } = work;
        deps.signals.send({
          type: 'presence',
          workspace: view.workspace,
          agent,
          state,
          backAt,
          capacity,
          active,
          wrapping,
        });
      }
    });
  }

  start(): void {
    this.#startedAt = this.#deps.world.now();
    for (const [work, every] of [
      [() => this.beat(), this.#timings.beatMs],
      [() => this.#sweepOnce(), this.#timings.sweepMs],
    ] as const) {
      this.#timers.add(setInterval(() => this.#under(work()), every).unref());
    }
  }

  /** Says that this node's people are gone, and resolves when that is written. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const connection of [...this.#agents.keys()]) this.gone(connection);
    this.#under(this.#left([...this.#visitors.keys()]));
    this.#visitors.clear();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** An agent's console is connected. `connection` is unique over all nodes. */
  connected(workspace: WorkspaceId, agent: AgentId, connection: string): void {
    const row = { workspace, agent, connection };
    const stored = agentsSeen(this.#deps.pool, this.#node, [row], this.#now());
    this.#agents.set(connection, { ...row, stored });
    this.#under(stored.then(() => this.#deps.line.changed(workspace)));
  }

  /** It is not any more. Twice is fine. */
  gone(connection: string): void {
    const row = this.#agents.get(connection);
    if (!row) return;
    this.#agents.delete(connection);
    this.#under(this.#agentGone(row));
  }

  /** What the agent chose: he is there, does not want more, pauses, has left; and how many conversations at once he takes. */
  async set(
    workspace: WorkspaceId,
    agent: AgentId,
    chosen: { presence?: AgentPresence; backAt?: Millis | null; capacity?: number },
  ): Promise<void> {
    await choosePresence(this.#deps.pool, workspace, agent, chosen);
    this.#deps.line.changed(workspace);
    if (chosen.presence !== undefined && chosen.presence !== 'online') await this.#lapse(agent);
  }

  /** The agent has wrapped up what he had: he has room again. */
  async ready(workspace: WorkspaceId, agent: AgentId): Promise<void> {
    await agentReady(this.#deps.pool, workspace, agent, this.#now());
    this.#deps.line.changed(workspace);
  }

  /** A customer's page is connected. */
  visitorConnected(conversation: ConversationId, connection: string): void {
    const connections = this.#visitors.get(conversation);
    if (connections) connections.add(connection);
    else {
      this.#visitors.set(conversation, new Set([connection]));
      this.#under(visitorsSeen(this.#deps.pool, this.#node, [conversation], this.#now()));
    }
  }

  /** It is not any more. Twice is fine. */
  visitorGone(conversation: ConversationId, connection: string): void {
    const connections = this.#visitors.get(conversation);
    if (!connections?.delete(connection) || connections.size > 0) return;
    this.#visitors.delete(conversation);
    this.#under(this.#left([conversation]));
  }

  /** One statement for all agents of this node, one for all customers. By timer; tests call it. */
  async beat(): Promise<void> {
    const { pool } = this.#deps;
    const agents = [...this.#agents.values()].map(({ workspace, agent, connection }) => ({
      workspace,
      agent,
      connection,
    }));
    if (agents.length > 0) {
      const said = agentsSeen(pool, this.#node, agents, this.#now());
      this.#beating = said.catch(() => undefined);
      await said;
    }
    const visitors = [...this.#visitors.keys()];
    if (visitors.length > 0) await visitorsSeen(pool, this.#node, visitors, this.#now());
  }

  /** Gives up who has been gone for too long. By timer; tests call it. Any number of nodes may do it at once. */
  async sweep(): Promise<void> {
    const { pool, line, ledger } = this.#deps;
    for (const workspace of await expireAgents(pool, this.#liveSince())) line.changed(workspace);
    await this.#lapse(null);
    if (this.#upFor(this.#timings.agentGraceMs)) {
      const lost = await orphans(pool, {
        liveSince: this.#liveSince(),
        before: this.#now() - this.#timings.agentGraceMs,
      });
      // The key names this absence: another node that found it too must not take it from the next agent.
      for (const one of lost)
        await ledger.commit(one.conversation, {
          type: 'requeue',
          handoff: one.handoff,
          why: 'agent_lost',
          agent: one.agent.id,
          key: absence(one),
        });
    }
    await visitorsUnseen(pool, { before: this.#now() - this.#timings.staleMs, now: this.#now() });
    if (this.#upFor(this.#timings.abandonAfterMs)) {
      const left = await abandoned(pool, {
        liveSince: this.#liveSince(),
        before: this.#now() - this.#timings.abandonAfterMs,
      });
      for (const { conversation, handoff } of left) await ledger.commit(conversation, { type: 'abandon', handoff });
    }
    await forgetVisitors(pool);
  }

  /** A sweep that takes longer than the pause between two is not joined by a second one. */
  async #sweepOnce(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    try {
      await this.sweep();
    } finally {
      this.#sweeping = false;
    }
  }

  async #agentGone({ stored, ...row }: AgentConnection & { stored: Promise<void> }): Promise<void> {
    // In this order, or a connection that ends at once, or in the moment of a beat, would be there until its row runs out.
    await stored.catch(() => undefined);
    await this.#beating;
    await agentLeft(this.#deps.pool, row, this.#now());
    this.#deps.line.changed(row.workspace);
    // Not running (any more): who runs sees it at the next sweep.
    if (this.#timers.size === 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#under(this.#lapse(row.agent));
    }, this.#timings.offerGraceMs);
    this.#timers.add(timer.unref());
  }

  /** Offers to agents who are not there (any more): the next one is asked. */
  async #lapse(agent: AgentId | null): Promise<void> {
    const times = { liveSince: this.#liveSince(), before: this.#now() - this.#timings.offerGraceMs };
    for (const { conversation, ...offer } of await idleOffers(this.#deps.pool, times, agent))
      await this.#deps.ledger.commit(conversation, { type: 'decline', ...offer });
  }

  /** A customer of a channel with pages of its own came (back) to the line: from now on it matters whether he is there. */
  #committed({ state, events }: Committed): void {
    const came = events.some(
      ({ event }) =>
        event.type === 'handoff.requested' || (event.type === 'handoff.queued' && event.why !== 'acknowledged'),
    );
    if (!came || !state.handoff || state.handoff.phase === 'active' || !this.#deps.isDirect(state)) return;
    if (this.#visitors.has(state.id)) this.#under(visitorsSeen(this.#deps.pool, this.#node, [state.id], this.#now()));
    else this.#under(this.#left([state.id]));
  }

  async #left(conversations: readonly ConversationId[]): Promise<void> {
    if (conversations.length > 0) await visitorsLeft(this.#deps.pool, this.#node, conversations, this.#now());
  }

  #now(): Millis {
    return this.#deps.world.now();
  }

  #liveSince(): Millis {
    return this.#now() - this.#timings.staleMs;
  }

  #upFor(grace: number): boolean {
    return this.#now() - this.#startedAt >= grace;
  }

  /** A database that is away: the next beat and the next sweep make it good. */
  #under(work: Promise<void>): void {
    const running = work
      .catch((error) =>
        this.#deps.world.log.debug({ error }, 'presence could not be written; the next beat makes it good'),
      )
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }
}

interface Deps {
  pool: Pool;
  world: World;
  ledger: Pick<Ledger, 'commit' | 'onCommitted'>;
  line: Line;
  signals: Signals;
  /** Do the customers of this conversation's channel connect to us (our widget), so that we see when they leave? */
  isDirect: (state: Conversation) => boolean;
}

function absence({ handoff, agent, lastSeenAt }: Orphan): string {
  return `agent_lost:${handoff}:${agent.id}:${lastSeenAt}`;
}
