import { expect, test } from 'vitest';
import { linesOf, type Policy, policyToSend, topicDrafts } from './escalation-policy.ts';

const rule = { action: 'offer', threshold: 0.5 } as const;
const policy: Policy = {
  signals: { asked_for_human: rule, repeated_question: rule, repeated_fallback: rule, anger: rule, bot_error: rule },
  topics: [{ name: 'billing', phrases: ['charged twice', 'wrong bill'], action: 'flag', queue: 'que_b' }],
  fallbackLimit: 2,
};

test('[CN25] a policy that is edited and not changed is sent as it was', () => {
  expect(policyToSend(policy, topicDrafts(policy.topics))).toEqual(policy);
});

test('[CN25] topics are edited as lines; empty ones are dropped', () => {
  const [draft] = topicDrafts(policy.topics);
  if (!draft) throw new Error('no topic');
  expect(policyToSend(policy, [{ ...draft, phrases: ' charged twice \n\n  refund' }]).topics[0]?.phrases).toEqual([
    'charged twice',
    'refund',
  ]);
  expect(linesOf('\n \n')).toEqual([]);
});
