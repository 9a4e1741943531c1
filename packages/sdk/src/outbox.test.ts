import { expect, test } from 'vitest';
import { said } from '#test/fake-network.ts';
import { Outbox } from './outbox.ts';

test('[FD2] a frame is kept, in order, until its ack, its refusal or its event', () => {
  const outbox = new Outbox();
  for (const clientId of ['a', 'b', 'c', 'd'])
    outbox.add({ type: 'say', clientId, parts: [{ type: 'text', text: clientId }] });
  outbox.add({ type: 'ask-human', id: 'e' });
  expect(outbox.settle({ type: 'ack', clientId: 'a', seq: 1 })).toMatchObject({ clientId: 'a' });
  outbox.settle({ type: 'refused', clientId: 'c', code: 'too_long', message: '' });
  outbox.settle(said(4, 'd', 'd'));
  expect(outbox.settle({ type: 'pong' })).toBeUndefined();
  expect(outbox.frames().map((frame) => ('clientId' in frame ? frame.clientId : frame.id))).toEqual(['b', 'e']);
});
