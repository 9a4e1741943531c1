import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from './assess.ts';
import { emptyMemory, type Memory, remember } from './memory.ts';
import { defaultPolicy, type EscalationPolicy, type Verdict } from './policy.ts';
import { QUOTE_LENGTH } from './reading.ts';
import { judge } from './verdict.ts';

const policy = defaultPolicy();

/** Any text at all: lone surrogates, marks, and words that the rules look for, in a heap. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        ...'I not talk to a human agent bot charged twice useless fuck already told you someone else , . ! \n you are my put me through'.split(
          ' ',
        ),
      ),
      { maxLength: 300 },
    )
    .map((words) => words.join(' ')),
);

/** What a conversation with a bot looks like: customer, bot, customer ... */
function story(given: EscalationPolicy, ...lines: string[]): Verdict[] {
  let memory: Memory = emptyMemory();
  const verdicts: Verdict[] = [];
  lines.forEach((text, index) => {
    const seq = 2 * index + 1;
    const verdict = judge(assess(memory, { seq, text }, given), memory, given);
    verdicts.push(verdict);
    memory = remember(memory, { role: 'customer', seq, text });
    if (verdict.action === 'offer')
      memory = remember(memory, { role: 'proposed', kinds: verdict.evidence.map(({ kind }) => kind) });
    else memory = remember(memory, { role: 'bot', text: `Answer number ${index} to what was asked.`, fallback: false });
  });
  return verdicts;
}

describe('assess', () => {
  it('[ES10] each signal names the message, quotes at most 300 characters of it, and says in a sentence why', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, text) => {
        let memory = remember(emptyMemory(), { role: 'customer', seq: 1, text: before });
        memory = remember(memory, { role: 'bot', text: 'Sorry?', fallback: true });
        for (const { score, evidence } of assess(memory, { seq: 5, text }, { ...policy, fallbackLimit: 1 })) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(evidence).toMatchObject({ seq: 5, score });
          expect(evidence.detail).toMatch(/^[A-Z].*\.$/);
          if (evidence.quote === undefined) continue;
          expect(evidence.quote.length).toBeLessThanOrEqual(QUOTE_LENGTH);
          expect(evidence.quote.isWellFormed()).toBe(true);
          for (const word of evidence.words ?? []) expect(text).toContain(word);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[ES17] never throws and never changes what it is given, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const memory = Object.freeze(remember(emptyMemory(), { role: 'customer', seq: 1, text }));
        const signals = assess(memory, { seq: 2, text }, policy);
        expect(assess(memory, { seq: 2, text }, policy)).toEqual(signals);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    'a'.repeat(8_000),
    'a '.repeat(4_000),
    '!'.repeat(8_000),
    'talk to '.repeat(1_000),
    'do not transfer me to '.repeat(360),
    'I already told you twice and '.repeat(270),
    'charged not '.repeat(660),
    "don't ".repeat(1_300),
    `${'x'.repeat(7_000)} talk to a human`,
    'fffuuuccckkk '.repeat(600),
    '\ud800'.repeat(8_000),
  ])('[ES17] reads the longest message at once (%#)', (text) => {
    expect(() => assess(emptyMemory(), { seq: 1, text }, policy)).not.toThrow();
  });

  it("[ES11] a tapped choice is the bot's words: only what the bot did counts", () => {
    const text = 'Talk to a human, I was charged twice, you are useless!!!';
    expect(assess(emptyMemory(), { seq: 1, text, choice: 'a' }, policy)).toEqual([]);
    const stuck = { ...emptyMemory(), fallbacksInARow: 2 };
    expect(assess(stuck, { seq: 1, text, choice: 'a' }, policy).map(({ kind }) => kind)).toEqual(['repeated_fallback']);
  });

  it('[ES19] the story of a billing dispute: flagged, offered when he repeats himself, handed off when he asks', () => {
    const verdicts = story(
      policy,
      'Hi, I was charged twice for my order',
      'No, I was charged twice for my order!',
      'This is ridiculous!!! You are useless',
      'Let me talk to a person',
    );
    expect(verdicts.map(({ action, reason }) => [action, reason])).toEqual([
      ['flag', 'restricted_topic'],
      ['offer', 'repeated_fallback'],
      ['offer', 'frustration'],
      ['handoff', 'customer_asked'],
    ]);
  });

  it('[ES19] a workspace changes it in the policy and nowhere else', () => {
    const strict: EscalationPolicy = {
      ...policy,
      signals: { ...policy.signals, asked_for_human: { action: 'offer', threshold: 0.5 } },
      topics: [{ name: 'warranty', phrases: ['broken lamp'], action: 'handoff' }],
    };
    expect(story(strict, 'My lamp came broken')[0]).toMatchObject({ action: 'handoff', flags: [{ name: 'warranty' }] });
    expect(story(strict, 'I was charged twice')[0]?.action).toBe('ignore');
    expect(story(strict, 'let me talk to a human')[0]?.action).toBe('offer');
  });

  it('[ES19] an ordinary conversation raises nothing', () => {
    const verdicts = story(
      policy,
      'Hello',
      'Do you ship to Norway?',
      'And how long does it take?',
      'ok',
      'Can I pay by card?',
      'Great, thanks!',
    );
    expect(verdicts.map(({ action }) => action)).toEqual(Array(6).fill('ignore'));
  });
});
