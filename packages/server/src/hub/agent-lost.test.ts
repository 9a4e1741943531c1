import type { AgentId, AgentRef, ConversationId } from '@baton/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BareLedger, bareLedger } from '#test/bare-ledger.ts';
import { inBetween } from '#test/in-between.ts';
import { agentRemoved } from './agent-removed.ts';
import type { Line } from './line.ts';
import { Presence } from './presence.ts';
import { Signals } from './signals.ts';

const DANA: AgentRef & { id: AgentId } = { id: 'agt_dana', name: 'Dana' };
const KIM: AgentRef & { id: AgentId } = { id: 'agt_kim', name: 'Kim' };
let bare: BareLedger;

beforeAll(async () => {
  bare = await bareLedger();
  for (const { id, name } of [DANA, KIM])
    await bare.pool.query(
      `insert into agents (workspace_id, id, email, name, last_seen_at) values ($1, $2, $2, $3, now() - interval '1 hour')`,
      [bare.seed.workspace, id, name],
    );
});
afterAll(() => bare.stop());

const takes = (id: ConversationId, agent: AgentRef) => bare.does(bare.ledger, id, { type: 'take', agent, force: true });

test('[QU31] a conversation that somebody takes over while its agent is found to be lost stays with him', async () => {
  const id = await bare.opened();
  await takes(id, DANA);
  const { pool, world, ledger } = bare;
  const line = { changed() {}, onView: () => () => undefined } as unknown as Line;
  const timings = { agentGraceMs: 0 };
  const own = { line, signals: new Signals(), isDirect: () => false, node: 'nod_ours', timings };
  const presence = new Presence({ pool, world, ledger, ...own });
  const over = inBetween(pool, /where h\.phase = 'active' and h\.desk_id/, { after: () => takes(id, KIM) });
  await presence.sweep();
  await over;
  await presence.stop();
  expect((await ledger.read(id))?.control).toMatchObject({ holder: 'agent', agent: KIM });
});

test('[QU50] a conversation that somebody takes over while its agent is removed stays with him', async () => {
  const id = await bare.opened();
  await takes(id, DANA);
  const { ledger } = bare;
  const late: Parameters<typeof agentRemoved>[0]['ledger'] = {
    readNow: (one) => ledger.readNow(one),
    async commit(one, command) {
      await takes(one, KIM);
      return ledger.commit(one, command);
    },
  };
  await agentRemoved({ pool: bare.pool, ledger: late }, DANA.id);
  expect((await ledger.read(id))?.control).toMatchObject({ holder: 'agent', agent: KIM });
});
