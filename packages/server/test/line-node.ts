// A server without sockets and HTTP: all of the hub that moves the line, with a clock that only the test moves.
import type { AgentId, Command, ConversationId, NewId, QueueId } from '@baton/core';
import type pg from 'pg';
import { Directory } from '#hub/directory.ts';
import { Dispatch } from '#hub/dispatch.ts';
import { Ledger } from '#hub/ledger.ts';
import { Line } from '#hub/line.ts';
import { Presence } from '#hub/presence.ts';
import { type AskHook, RoutingHooks } from '#hub/routing-hooks.ts';
import { Signals } from '#hub/signals.ts';
import type { Seal } from '#store/sealed.ts';
import type { SeededWorkspace } from './workspace.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Clock {
  now: number;
}

export type LineNode = ReturnType<typeof lineNode>;

export function lineNode(
  pool: pg.Pool,
  clock: Clock,
  { name = 'a', newId, ask, seal }: { name?: string; newId: NewId; ask?: AskHook; seal?: Seal },
) {
  const world = { now: () => clock.now, newId, fetch, log };
  const directory = new Directory({ pool, now: world.now, ...(seal ? { seal } : {}) });
  const ledger = new Ledger({ pool, world, directory });
  const line = new Line({ pool, world, directory, ledger, timings: { spacingMs: 1, pollMs: 50, measureMs: 0 } });
  const hooks = ask && new RoutingHooks({ directory, world, ask });
  const dispatch = new Dispatch({ pool, world, ledger, line, ...(hooks ? { hooks } : {}) });
  const signals = new Signals();
  const presence = new Presence({ pool, world, ledger, line, signals, node: name, isDirect: () => true });
  line.start();
  return {
    directory,
    ledger,
    line,
    presence,
    async stop() {
      await presence.stop();
      await dispatch.stop();
      await line.stop();
    },
  };
}

/** Commits, and fails loudly where it is refused. */
export async function commit({ ledger }: Pick<LineNode, 'ledger'>, id: ConversationId, command: Command) {
  const outcome = await ledger.commit(id, command);
  if (!outcome.ok) throw new Error(`${command.type} was refused: ${outcome.refusal.code}`);
  return outcome;
}

/** A customer who asks for a person; of a new conversation, each a little later than the one before. */
export async function asks(
  at: LineNode,
  seed: SeededWorkspace,
  clock: Clock,
  newId: NewId,
  more: { queue?: QueueId; priority?: number; skills?: string[]; preferredSkills?: string[]; locale?: string } = {},
): Promise<ConversationId> {
  const id = newId('cnv');
  const { locale, ...wish } = more;
  const { workspace, channel, bot, customer } = seed;
  const opened = { id, workspace, channel, customer, bot, ...(locale ? { locale } : {}) };
  await at.ledger.open({ type: 'open', ...opened });
  clock.now += 10;
  await commit(at, id, {
    type: 'request-handoff',
    by: { role: 'customer', id: customer },
    reason: 'customer_asked',
    ...wish,
  });
  return id;
}

/** An agent of this workspace, as the columns say. */
export async function makeAgent(
  pool: pg.Pool,
  seed: SeededWorkspace,
  newId: NewId,
  columns: Record<string, unknown> = {},
): Promise<AgentId> {
  const id = newId('agt');
  const row = { presence: 'online', capacity: 3, ...columns };
  const names = Object.keys(row);
  await pool.query(
    `insert into agents (workspace_id, id, email, name, ${names.join(', ')})
     values ($1, $2, $3, $2, ${names.map((_, index) => `$${index + 4}`).join(', ')})`,
    [seed.workspace, id, `${id}@example.com`, ...Object.values(row)],
  );
  return id;
}

/** Polls until it is so, with a deadline. */
export async function until<T>(what: () => Promise<T | null | undefined | false>, seconds = 25): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
