import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseCustomer } from '#hub/erasure.ts';
import { type TestSide, testSide } from '#test/side.ts';

let side: TestSide;
beforeAll(async () => {
  side = await testSide();
});
afterAll(() => side.stop());

test('[OP8] the open windows of an erased customer are ended', async () => {
  const customer = await side.customer('cus_gone');
  const window = await side.connect(`visitor:${customer}`);
  window.say('c1', 'My name is Ada');
  const { conversation } = await window.next('ack');

  const { workspace } = side.seed;
  const deps = { pool: side.pool, ledger: side.hub.ledger, filesFolder: '/nowhere' };
  expect(await eraseCustomer(deps, workspace, customer, { role: 'system' })).toMatchObject({ conversations: 1 });

  expect(await window.next('bye')).toMatchObject({ reason: 'erased' });
  await window.closed();
  expect(JSON.stringify(await side.hub.ledger.read(conversation as `cnv_${string}`))).not.toContain('Ada');
  const { rows } = await side.pool.query('select event::text as event from events where conversation_id = $1', [
    conversation,
  ]);
  expect(JSON.stringify(rows)).not.toContain('Ada');
});
