import { describe, expect, it } from 'vitest';
import { repeatedFallback, soundsLost } from './fallback.ts';
import { emptyMemory, type Memory, remember } from './memory.ts';
import { defaultPolicy } from './policy.ts';

const policy = defaultPolicy();
const says = (memory: Memory, text: string, fallback = false) => remember(memory, { role: 'bot', text, fallback });

describe('repeated fallback', () => {
  it('[ES7] is found once the bot did not know as often in a row as the policy says', () => {
    const once = says(emptyMemory(), 'Let me think about something else.', true);
    expect(repeatedFallback(5, once, policy)).toBeNull();
    const twice = says(once, 'I could not find anything.', true);
    expect(repeatedFallback(5, twice, policy)?.evidence).toMatchObject({
      kind: 'repeated_fallback',
      seq: 5,
      detail: 'The bot had no answer 2 times in a row.',
    });
    expect(repeatedFallback(5, once, { ...policy, fallbackLimit: 1 })).not.toBeNull();
    expect(repeatedFallback(5, says(twice, 'Returns are free.'), policy)).toBeNull();
  });

  it.each([
    "Sorry, I didn't understand that.",
    "I'm afraid I don’t quite understand.",
    'I am not able to understand your request.',
    'Could you please rephrase your question?',
    "I don't have an answer to that.",
    'I do not have information about that yet.',
  ])('[ES7] a bot that reports nothing gives itself away: %s', (text) => expect(soundsLost(text)).toBe(true));

  it.each([
    'Returns are free for 30 days.',
    'I understand. Your order is on its way.',
    'Do you understand the terms?',
    '',
  ])('[ES7] and not: %s', (text) => expect(soundsLost(text)).toBe(false));

  it('[ES7] the very same answer again is a fallback, unless it is a short courtesy', () => {
    const first = says(emptyMemory(), 'You can track your parcel on the order page.');
    expect(first.fallbacksInARow).toBe(0);
    expect(says(first, 'You can track your parcel on the order page.').fallbacksInARow).toBe(1);
    const long = 'A long answer. '.repeat(100);
    expect(says(says(emptyMemory(), `${long} One.`), `${long} Two.`).fallbacksInARow).toBe(0);
    expect(says(says(emptyMemory(), 'You are welcome!'), 'You are welcome!').fallbacksInARow).toBe(0);
  });
});
