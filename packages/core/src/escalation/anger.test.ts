import { describe, expect, it } from 'vitest';
import { anger } from './anger.ts';
import { emptyMemory, type Memory, remember } from './memory.ts';
import { defaultPolicy } from './policy.ts';
import { read } from './reading.ts';

const { threshold } = defaultPolicy().signals.anger;
const scoreOf = (text: string, memory: Memory = emptyMemory()) => anger(1, read(text), memory)?.score ?? 0;
const after = (...said: string[]) =>
  said.reduce((memory, text, seq) => remember(memory, { role: 'customer', seq, text }), emptyMemory());

describe('anger', () => {
  it.each([
    'This is ridiculous!!!',
    'THIS IS RIDICULOUS, I AM FED UP',
    'You are useless',
    'you stupid bot',
    'this bot is garbage',
    'fuck you',
    'what the f*** is this sh*t!!',
    'this is bullsh*t, I am furious',
    'worst customer service ever',
    'Your company is a joke. I am furious.',
    'This is unacceptable, I will complain to the ombudsman',
    "I'm so frustrated, this is the worst",
  ])('[ES8] counts at once: %s', (text) => expect(scoreOf(text)).toBeGreaterThanOrEqual(threshold));

  it.each([
    'this is a bit annoying',
    'The delivery was terrible',
    'I am disappointed',
    'I am still waiting',
    'seriously?',
    'I NEED A NEW LAMP PLEASE',
    'Where is my order!!!',
    'damn, I forgot the code',
  ])('[ES8] one sign is not enough: %s', (text) => {
    expect(scoreOf(text)).toBeGreaterThan(0);
    expect(scoreOf(text)).toBeLessThan(threshold);
  });

  it.each([
    'Where is my order?',
    'I ordered a lamp, it is not here yet.',
    'Do you have the film about the mad scientist?',
    'That was not terrible at all',
    'I want to leave on Monday',
    'Thank you so much!',
    'a hotel with one star',
    'OK',
    'ID AB1182 GH',
    '',
  ])('[ES8] no sign at all: %s', (text) => expect(scoreOf(text)).toBe(0));

  it('[ES8] adds up over turns and fades', () => {
    const terrible = 'The delivery was terrible';
    expect(scoreOf(terrible, after(terrible))).toBeGreaterThanOrEqual(threshold);
    const calm = after(terrible, 'It was order 1182', 'blue', 'yes', 'no');
    expect(scoreOf(terrible, calm)).toBeLessThan(threshold);
  });

  it('[ES8] a calm turn gives no signal, however hot the turns before were', () => {
    expect(anger(1, read('It was order 1182'), after('You are useless!!!', 'THIS IS A JOKE, I HATE YOU'))).toBeNull();
  });

  it('[ES8] weighs more after the bot failed him', () => {
    const failed = remember(emptyMemory(), { role: 'bot-failed' });
    expect(scoreOf('This is terrible', failed)).toBeGreaterThan(scoreOf('This is terrible'));
  });

  it('[ES10] names the words as written', () => {
    const signal = anger(3, read('I waited two weeks. This is RIDICULOUS, your Support is a joke.'), emptyMemory());
    expect(signal?.evidence.words).toEqual(['your Support is a joke', 'RIDICULOUS']);
    expect(signal?.evidence.quote).toBe('This is RIDICULOUS, your Support is a joke.');
  });
});
