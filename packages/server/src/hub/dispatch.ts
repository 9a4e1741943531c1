import type { Command, ConversationEvent, HandoffId, Offer, QueueId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { World } from '#ports/world.ts';
import { transaction } from '#store/db.ts';
import type { Committed, Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import type { LineView } from './line-view.ts';
import type { RoutingHooks } from './routing-hooks.ts';

/** A handoff to our own console that no node has acknowledged for this long was left by a node that died. */
const LEFT_MS = 1_000;
/** Workspaces that hand out at the same time on this node. Each holds one connection and needs others meanwhile. */
const MOST_AT_ONCE = 2;

/**
 * Hands the waiting to the agents of our own console: acknowledges what was requested, tells those who came back to
 * the line where they stand, and offers whenever somebody waits and somebody is free. It decides nothing itself:
 * `assign` of the core says who is asked, the ledger says whether that still holds. A refusal is a lost race and fine.
 */
export class Dispatch {
  readonly #pool: Pool;
  readonly #world: World;
  readonly #ledger: Pick<Ledger, 'commit' | 'onCommitted'>;
  readonly #line: Line;
  readonly #hooks: RoutingHooks | null;
  /** Where it hands out now. While it still reads, no view is news: its own will be newer. */
  readonly #running = new Map<WorkspaceId, 'reading' | 'offering'>();
  readonly #wanted = new Set<WorkspaceId>();
  readonly #acknowledging = new Set<HandoffId>();
  /** What is under way, for `stop`. */
  readonly #work = new Set<Promise<void>>();
  #stopped = false;

  constructor(deps: {
    pool: Pool;
    world: World;
    ledger: Pick<Ledger, 'commit' | 'onCommitted'>;
    line: Line;
    hooks?: RoutingHooks;
  }) {
    this.#pool = deps.pool;
    this.#world = deps.world;
    this.#ledger = deps.ledger;
    this.#line = deps.line;
    this.#hooks = deps.hooks ?? null;
    deps.ledger.onCommitted((committed) => this.#committed(committed));
    deps.line.onView((view) => this.#look(view));
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #committed({ state, events }: Committed): void {
    const { handoff } = state;
    if (!handoff || handoff.desk !== null) return;
    if (handoff.phase === 'requested')
      return this.#acknowledge(state.workspace, { ...handoff, conversation: state.id });
    const last = events.findLast(({ event }) => isBackInLine(event));
    if (!last) return;
    // By transfer, because the agent was lost, or from the bot: he is told where he stands now.
    this.#tell(state.workspace, { ...handoff, conversation: state.id }, `tell:${last.seq}`);
  }

  #look(view: LineView): void {
    for (const row of view.waiting) {
      if (row.phase === 'requested' && view.asOf - row.requestedAt > LEFT_MS)
        this.#acknowledge(view.workspace, { ...row, id: row.handoff });
    }
    if (this.#running.get(view.workspace) !== 'reading' && view.offers(view.asOf).length > 0)
      this.#want(view.workspace);
  }

  #acknowledge(workspace: WorkspaceId, { id, queue, conversation }: Subject): void {
    if (this.#stopped || this.#acknowledging.has(id)) return;
    this.#acknowledging.add(id);
    this.#under(async () => {
      try {
        const outlook = (await this.#line.fresh(workspace)).outlook(queue, id);
        await this.#commit(conversation, { type: 'acknowledge', handoff: id, outlook });
      } finally {
        this.#acknowledging.delete(id);
      }
    });
  }

  #tell(workspace: WorkspaceId, { id, queue, conversation }: Subject, key: string): void {
    this.#under(async () => {
      const view = await this.#line.fresh(workspace);
      if (view.position(id))
        await this.#commit(conversation, { type: 'tell', handoff: id, outlook: view.outlook(queue, id), key });
    });
  }

  #want(workspace: WorkspaceId): void {
    this.#wanted.add(workspace);
    this.#next();
  }

  #next(): void {
    for (const workspace of this.#wanted) {
      if (this.#stopped || this.#running.size >= MOST_AT_ONCE) return;
      if (this.#running.has(workspace)) continue;
      this.#wanted.delete(workspace);
      this.#running.set(workspace, 'reading');
      this.#under(async () => {
        try {
          await this.#handOut(workspace);
        } finally {
          this.#running.delete(workspace);
          this.#next();
        }
      });
    }
  }

  /**
   * Offers all that can be offered now. One node at a time per workspace, or two would ring one agent at once; who
   * does not get the lock leaves it to the node that has it, and looks again at the next change or second.
   */
  async #handOut(workspace: WorkspaceId): Promise<void> {
    const chosen = await this.#choose(workspace);
    await transaction(this.#pool, async (db) => {
      const { rows } = await db.query<{ mine: boolean }>(
        "select pg_try_advisory_xact_lock(hashtextextended('dispatch:' || $1, 0)) as mine",
        [workspace],
      );
      if (!rows[0]?.mine) return;
      const view = await this.#line.fresh(workspace);
      this.#running.set(workspace, 'offering');
      const conversations = new Map(view.waiting.map((row) => [row.handoff, row.conversation]));
      // All of them before the lock goes: the next to look must see them.
      await Promise.all(
        view.offers(this.#world.now(), chosen).map(({ handoff, agent }) => {
          const conversation = conversations.get(handoff);
          return conversation && this.#commit(conversation, { type: 'offer', handoff, agent });
        }),
      );
    });
  }

  /** Before the lock is taken, because others are slow; what they chose is held against the line as it is then. */
  async #choose(workspace: WorkspaceId): Promise<Map<QueueId, Offer[]> | undefined> {
    if (!this.#hooks) return undefined;
    const view = await this.#line.view(workspace);
    return this.#hooks.concerns(view) ? await this.#hooks.ask(view) : undefined;
  }

  async #commit(conversation: Subject['conversation'], command: Command): Promise<void> {
    const outcome = await this.#ledger.commit(conversation, command);
    if (!outcome.ok)
      this.#world.log.debug({ conversation, command: command.type, code: outcome.refusal.code }, 'came too late');
  }

  /** A failure here is a database that is away: the line is looked at again every second, nothing is lost. */
  #under(work: () => Promise<void>): void {
    const running = work()
      .catch((error) => this.#world.log.warn({ error }, 'handing out failed; it is tried again'))
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }
}

function isBackInLine(event: ConversationEvent): boolean {
  if (event.type === 'handoff.meanwhile') return event.meanwhile === null;
  return event.type === 'handoff.queued' && event.why !== 'acknowledged';
}

interface Subject {
  id: HandoffId;
  queue: LineView['waiting'][number]['queue'];
  conversation: LineView['waiting'][number]['conversation'];
}
