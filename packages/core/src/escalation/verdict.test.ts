import { describe, expect, it } from 'vitest';
import type { QueueId } from '#ids.ts';
import { emptyMemory, remember } from './memory.ts';
import { type Action, defaultPolicy, type EscalationPolicy, type Signal, type SignalKind } from './policy.ts';
import { judge, TURNS_BETWEEN_OFFERS } from './verdict.ts';

const KINDS = ['asked_for_human', 'repeated_question', 'repeated_fallback', 'anger', 'bot_error'] as const;

function signal(kind: SignalKind, score = 1, topic?: string): Signal {
  const named = topic === undefined ? {} : { topic };
  return { kind, score, ...named, evidence: { kind: topic === undefined ? kind : `topic:${topic}`, score } };
}

function policy(action: Action, threshold = 0.5, more: Partial<EscalationPolicy> = {}): EscalationPolicy {
  const signals = Object.fromEntries(KINDS.map((kind) => [kind, { action, threshold }])) as EscalationPolicy['signals'];
  return { ...defaultPolicy(), signals, ...more };
}

describe('verdict', () => {
  it.each([
    ['asked_for_human', 'customer_asked', 'asked_for_human'],
    ['repeated_question', 'repeated_fallback', 'repeated'],
    ['repeated_fallback', 'repeated_fallback', 'stuck'],
    ['anger', 'frustration', 'frustrated'],
    ['bot_error', 'bot_error', 'bot_error'],
  ] as const)('[ES12] %s means %s and raises the flag %s', (kind, reason, flag) => {
    const verdict = judge([signal(kind)], emptyMemory(), policy('handoff'));
    expect(verdict).toMatchObject({ action: 'handoff', reason, flags: [{ name: flag }], evidence: [{ kind }] });
  });

  it('[ES12] a topic means restricted_topic and raises its own name', () => {
    const own = policy('ignore', 0.5, { topics: [{ name: 'legal', phrases: ['sue'], action: 'offer' }] });
    const verdict = judge([signal('topic', 1, 'legal')], emptyMemory(), own);
    expect(verdict).toMatchObject({ action: 'offer', reason: 'restricted_topic', flags: [{ name: 'legal' }] });
  });

  it('[ES12] the strongest action wins and names the reason; all that counts is evidence, strongest first', () => {
    const mixed = policy('flag', 0.5);
    mixed.signals.anger = { action: 'offer', threshold: 0.6 };
    mixed.signals.bot_error = { action: 'ignore', threshold: 0 };
    const signals = [
      signal('repeated_question', 0.9),
      signal('bot_error'),
      signal('anger', 0.7),
      signal('asked_for_human', 0.4),
      signal('repeated_fallback', 0.95),
    ];
    const verdict = judge(signals, emptyMemory(), mixed);
    expect(verdict).toMatchObject({ action: 'offer', reason: 'frustration' });
    expect(verdict.evidence.map(({ kind }) => kind)).toEqual(['anger', 'repeated_fallback', 'repeated_question']);
    expect(verdict.flags.map(({ name }) => name)).toEqual(['frustrated', 'stuck', 'repeated']);
  });

  it('[ES12] among equals, what the customer says himself names the reason', () => {
    const verdict = judge([signal('anger'), signal('asked_for_human')], emptyMemory(), policy('handoff'));
    expect(verdict.reason).toBe('customer_asked');
  });

  it('[ES12] nothing that counts: nothing to do, nothing flagged', () => {
    expect(judge([], emptyMemory(), defaultPolicy())).toMatchObject({ action: 'ignore', evidence: [], flags: [] });
    expect(judge([signal('anger', 0.59)], emptyMemory(), policy('offer', 0.6)).action).toBe('ignore');
    expect(judge([signal('topic', 1, 'unknown')], emptyMemory(), policy('handoff')).action).toBe('ignore');
  });

  it('[ES13] what was offered is not offered again within three turns, but flagged', () => {
    const offers = policy('offer');
    let memory = remember(emptyMemory(), { role: 'customer', seq: 1, text: 'This is ridiculous!!!' });
    memory = remember(memory, { role: 'proposed', kinds: ['anger'] });
    for (let turn = 1; turn <= TURNS_BETWEEN_OFFERS; turn++) {
      expect(judge([signal('anger')], memory, offers)).toMatchObject({
        action: 'flag',
        flags: [{ name: 'frustrated' }],
      });
      expect(judge([signal('anger'), signal('repeated_question')], memory, offers).action).toBe('offer');
      memory = remember(memory, { role: 'customer', seq: turn + 1, text: 'hm' });
    }
    expect(judge([signal('anger')], memory, offers).action).toBe('offer');
  });

  it('[ES13] an offer before does not hold back a handoff', () => {
    const memory = remember(emptyMemory(), { role: 'proposed', kinds: ['asked_for_human'] });
    expect(judge([signal('asked_for_human')], memory, policy('handoff')).action).toBe('handoff');
  });

  it('[ES14] the queue of a topic goes with the handoff, also when he wrote about it some turns ago', () => {
    const queue = 'que_billing' as QueueId;
    const routed = policy('handoff', 0.5, {
      topics: [{ name: 'billing', phrases: ['charged twice'], action: 'flag', queue }],
    });
    const both = [signal('asked_for_human'), signal('topic', 1, 'billing')];
    expect(judge(both, emptyMemory(), routed).queue).toBe(queue);
    const memory = remember(emptyMemory(), { role: 'customer', seq: 1, text: 'You charged me twice' });
    expect(judge([signal('asked_for_human')], memory, routed).queue).toBe(queue);
    expect(judge([signal('asked_for_human')], emptyMemory(), routed)).not.toHaveProperty('queue');
    expect(judge([signal('topic', 1, 'billing')], emptyMemory(), routed)).not.toHaveProperty('queue');
  });
});
