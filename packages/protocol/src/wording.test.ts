import { expect, it } from 'vitest';
import { ClientFrame, ops } from './schemas.ts';

const faults = (
  schema: { safeParse(value: unknown): { error?: { issues: { path: PropertyKey[]; message: string }[] } } },
  value: unknown,
) =>
  Object.fromEntries(schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? []);

it('[AP2] says what is wanted in plain words', () => {
  expect(
    faults(ops.createHandoff.body, { customer: { externalId: 5 }, reason: 'bored', priority: 'high', skills: 'x' }),
  ).toMatchObject({
    'customer.externalId': 'A text is wanted here, not a number.',
    reason: expect.stringMatching(/^One of customer_asked, bot_asked, .+\.$/),
    priority: 'A number is wanted here, not a string.',
    skills: 'A list is wanted here, not a string.',
  });
  expect(faults(ops.createHandoff.body, {})).toEqual({ customer: 'It is missing.' });
  const say = { author: { role: 'customer' }, clientId: 'c' };
  expect(faults(ops.createMessage.body, { ...say, text: 'x'.repeat(8_001) })).toEqual({
    text: 'At most 8000 characters.',
  });
  expect(faults(ops.createHandoff.body, { customer: { externalId: '' } })).toEqual({
    'customer.externalId': 'It may not be empty.',
  });
  expect(faults(ops.replayWebhook.body, { since: 'yesterday' })).toEqual({
    since: 'A time such as 2026-11-22T12:00:00Z.',
  });
  expect(faults(ClientFrame, { type: 'shout' })).toEqual({ type: 'This type is not known here.' });
  expect(faults(ClientFrame, { type: 'ping', loud: true })).toEqual({ '': 'There is no such field: loud.' });
});
