// Ledgers without the hub around them: nothing moves but what the test does.
import type { Command, ConversationId, HandoffId, IntegrationId } from '@baton/core';
import pg from 'pg';
import { Directory } from '#hub/directory.ts';
import { Ledger } from '#hub/ledger.ts';
import type { World } from '#ports/world.ts';
import { testDatabase } from '#test/database.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { idMaker } from '#world';

/** The outside desk that the queue tries first. */
export const DESK: IntegrationId = 'int_desk';
const log = { debug() {}, info() {}, warn() {}, error() {} };

export interface BareLedger {
  pool: pg.Pool;
  world: World;
  seed: SeededWorkspace;
  directory: Directory;
  ledger: Ledger;
  /** Another node, with no bus between the two. */
  elsewhere: Ledger;
  opened(): Promise<ConversationId>;
  /** Commits, and fails loudly where it is refused. */
  does(by: Ledger, id: ConversationId, command: Command): Promise<void>;
  says(text: string): Command;
  asks(): Command;
  /** Its handoff is at the desk, with this ticket. */
  acknowledged(by: Ledger, id: ConversationId, ticket: string): Promise<HandoffId>;
  stop(): Promise<void>;
}

export async function bareLedger(): Promise<BareLedger> {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 4 });
  pool.on('error', () => {});
  const world = { now: () => Date.now(), newId: idMaker(() => Date.now()), fetch, log };
  const seed = await seedWorkspace(pool);
  await pool.query('update queues set desks = $2 where id = $1', [seed.queue, [DESK]]);
  const directory = new Directory({ pool, now: world.now });
  await directory.load([seed.workspace]);
  const ledger = new Ledger({ pool, world, directory });
  const does: BareLedger['does'] = async (by, id, command) => {
    const outcome = await by.commit(id, command);
    if (!outcome.ok) throw new Error(`${command.type} was refused: ${outcome.refusal.code}`);
  };
  return {
    pool,
    world,
    seed,
    directory,
    ledger,
    elsewhere: new Ledger({ pool, world, directory }),
    async opened() {
      const id = world.newId('cnv');
      const { workspace, channel, customer, bot } = seed;
      await does(ledger, id, { type: 'open', id, workspace, channel, customer, bot });
      return id;
    },
    does,
    says: (text) => ({
      type: 'say',
      author: { role: 'customer', id: seed.customer },
      parts: [{ type: 'text', text }],
      clientId: world.newId('msg'),
    }),
    asks: () => ({
      type: 'request-handoff',
      by: { role: 'customer', id: seed.customer },
      reason: 'customer_asked',
    }),
    async acknowledged(by, id, ticket) {
      const handoff = (await by.readNow(id))?.handoff?.id ?? 'hnd_none';
      await does(by, id, { type: 'acknowledge', handoff, desk: DESK, ticket: { id: ticket }, outlook: null });
      return handoff;
    },
    async stop() {
      await pool.end();
      await database.drop();
    },
  };
}
