import { expect, it } from 'vitest';
import { botError } from './bot-error.ts';
import { emptyMemory, remember } from './memory.ts';
import { defaultPolicy } from './policy.ts';
import { judge } from './verdict.ts';

it('[ES18] a failed bot counts 0.5, a second failure in a row 0.75: the threshold says after how many a person is asked', () => {
  const policy = defaultPolicy();
  const patient = {
    ...policy,
    signals: { ...policy.signals, bot_error: { action: 'handoff' as const, threshold: 0.75 } },
  };
  const once = remember(emptyMemory(), { role: 'bot-failed' });
  const twice = remember(once, { role: 'bot-failed' });
  const signal = botError(once, { seq: 3, detail: 'no answer within 15 s' });
  expect(signal).toMatchObject({ score: 0.5, evidence: { seq: 3, detail: 'The bot failed: no answer within 15 s' } });
  expect(judge([signal], once, policy)).toMatchObject({ action: 'handoff', reason: 'bot_error' });
  expect(judge([signal], once, patient).action).toBe('ignore');
  expect(judge([botError(twice, { seq: 3 })], twice, patient).action).toBe('handoff');
  const answered = remember(twice, { role: 'bot', text: 'Here I am again.', fallback: false });
  expect(botError(remember(answered, { role: 'bot-failed' }), { seq: 9 }).score).toBe(0.5);
});
