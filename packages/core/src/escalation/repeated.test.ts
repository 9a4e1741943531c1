import { describe, expect, it } from 'vitest';
import { emptyMemory, type Memory, remember, TURNS_KEPT } from './memory.ts';
import { defaultPolicy } from './policy.ts';
import { read } from './reading.ts';
import { repeatedQuestion } from './repeated.ts';

const { threshold } = defaultPolicy().signals.repeated_question;

/** The customer said these, and the bot answered each. */
function after(...said: string[]): Memory {
  let memory = emptyMemory();
  said.forEach((text, index) => {
    memory = remember(memory, { role: 'customer', seq: 2 * index + 1, text });
    memory = remember(memory, { role: 'bot', text: `Answer ${index} about something.`, fallback: false });
  });
  return memory;
}
const signalOf = (memory: Memory, text: string) => repeatedQuestion(99, read(text), memory);
const counts = (memory: Memory, text: string) => (signalOf(memory, text)?.score ?? 0) >= threshold;

describe('repeated question', () => {
  it.each([
    ['Where is my order?', 'where is my ORDER??'],
    ['I was charged twice for my order', 'But I was charged twice for my order!'],
    ['Can I return the lamp without the original box?', 'so can i return the lamp without its original box'],
    [
      'Why did my subscription renew after I cancelled it in March',
      'why did my subscription renew when I had cancelled it in march?',
    ],
    ['I ordered the blue lamp and received a red one', 'I received a red lamp, and I ordered the blue one'],
  ])('[ES4] is found: %s / %s', (first, again) => expect(counts(after(first), again)).toBe(true));

  it('[ES4] is found some turns later, and names the message', () => {
    const memory = after('Can I return the lamp without the original box?', 'no', 'That is not it');
    const signal = signalOf(memory, 'Can I return a lamp without the original box, please?');
    expect(signal?.score).toBeGreaterThanOrEqual(threshold);
    expect(signal?.evidence.detail).toContain('message 1');
    expect(signal?.evidence.words).toEqual(['return', 'lamp', 'without', 'original', 'box']);
  });

  it('[ES4] is forgotten after TURNS_KEPT turns', () => {
    const question = 'Can I return the lamp without the original box?';
    const others = Array.from({ length: TURNS_KEPT }, (_, index) => `${'abcdefgh'[index]}pple pie`);
    expect(counts(after(question, ...others), question)).toBe(false);
  });

  it.each([
    ['yes', 'yes'],
    ['ok thanks', 'ok thanks'],
    ['hello', 'hello'],
    ['1182', '1182'],
    ['order 1182', 'order 1182'],
    ['blue', 'blue'],
    ['blue, large', 'blue, large'],
    ['my account number is 1234', 'my account number is 9876'],
    ['Where is order 1182 that I paid on Monday?', 'Where is order 1183 that I paid on Monday?'],
    ['Is there a cheap hotel in the north with parking?', 'Is there another cheap hotel in the north with parking?'],
    ['I want to leave on Monday morning by train', 'I want to leave on Tuesday evening by train'],
    ['That sounds great, thank you', 'That sounds great, thank you'],
  ])('[ES5] is not found: %s / %s', (first, again) => expect(counts(after(first), again)).toBe(false));

  it('[ES5] sending it again before any answer is impatience', () => {
    const text = 'Where is my parcel that I ordered on Monday?';
    const waiting = remember(emptyMemory(), { role: 'customer', seq: 1, text });
    expect(counts(waiting, text)).toBe(false);
    expect(counts(remember(waiting, { role: 'bot', text: 'Parcels take three days.', fallback: false }), text)).toBe(
      true,
    );
    expect(counts(remember(waiting, { role: 'proposed', kinds: ['anger'] }), text)).toBe(true);
  });

  it.each([
    'I already told you my order number',
    "I've already said that",
    'as I said, it never arrived',
    'I asked you this before',
    'this is the third time I ask',
    'How many times do I have to explain it?',
    'You keep asking me the same thing',
    'that is not what I asked',
    "you didn't answer my question",
    "I'm repeating myself",
  ])('[ES6] he says so himself: %s', (text) => {
    const signal = signalOf(emptyMemory(), text);
    expect(signal?.score).toBeGreaterThanOrEqual(threshold);
    expect(signal?.evidence.words).toHaveLength(1);
  });

  it.each(['I told my wife about it', 'I have said yes', 'as I understand, it is free', 'the first time I order here'])(
    '[ES6] and not: %s',
    (text) => expect(counts(emptyMemory(), text)).toBe(false),
  );
});
