import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Topic } from './policy.ts';
import { read } from './reading.ts';
import { topics } from './topic.ts';

const found = (text: string, wanted: Topic[] = defaultPolicy().topics) =>
  topics(1, read(text), { topics: wanted }).map(({ topic }) => topic);
const one = (...phrases: string[]): Topic[] => [{ name: 'own', phrases, action: 'flag' }];

describe('topics', () => {
  it('[ES9] finds the words of a phrase in any order and form, near each other', () => {
    expect(found('You are charging me twice!', one('charged twice'))).toEqual(['own']);
    expect(found('Twice this month you charged me', one('charged twice'))).toEqual(['own']);
    expect(found('I was charged', one('charged twice'))).toEqual([]);
    const far = 'I called twice about the lamp that I had bought for my mother and was then not charged';
    expect(found(far, one('charged twice'))).toEqual([]);
  });

  it('[ES9] does not look across sentences', () => {
    expect(found('I was charged. I called twice.', one('charged twice'))).toEqual([]);
    expect(found('I was charged, twice', one('charged twice'))).toEqual(['own']);
  });

  it('[ES9] takes either word of a/b, and any negation for not', () => {
    expect(found('the payment is not mine', one('not mine payment/charge'))).toEqual(['own']);
    expect(found("a charge that isn't mine", one('not mine payment/charge'))).toEqual(['own']);
    expect(found('the payment is mine', one('not mine payment/charge'))).toEqual([]);
  });

  it('[ES9] needs two words for a phrase that names a word twice', () => {
    expect(found('a lamp', one('lamp lamp'))).toEqual([]);
    expect(found('a lamp and a lamp', one('lamp lamp'))).toEqual(['own']);
  });

  it('[ES9] an empty phrase and an empty list find nothing', () => {
    expect(found('anything', one('', '  ', '/'))).toEqual([]);
    expect(found('anything', [])).toEqual([]);
  });

  it.each([
    ['I was charged twice for order 1182', 'billing'],
    ["there's a payment on my card that I don't recognise", 'billing'],
    ['I see a charge I never made', 'billing'],
    ['I want to dispute this invoice', 'billing'],
    ['you billed me the wrong amount', 'billing'],
    ['I want a refund', 'billing'],
    ['give me my money back', 'billing'],
    ['someone used my card to buy a phone', 'fraud'],
    ['my account was hacked', 'fraud'],
    ['you will hear from my lawyer', 'legal'],
    ['I am going to sue you', 'legal'],
    ['see you in court', 'legal'],
    ['please delete all my personal data', 'privacy'],
    ['I want to close my account', 'account_closure'],
    ['I want to kill myself', 'safety'],
  ])('[ES9] a new workspace looks for: %s (%s)', (text, topic) => expect(found(text)).toContain(topic));

  it.each([
    'Where is my order?',
    'How can I pay?',
    'I would like to charge my phone',
    'Is there a tennis court at the hotel?',
    'Do you deliver on Sunday?',
    'what a nice bill holder',
    'I ordered two lamps',
    'my name is Sue',
  ])('[ES9] and finds nothing in: %s', (text) => expect(found(text)).toEqual([]));

  it('[ES10] names the words as written, in the order of the text', () => {
    const [signal] = topics(4, read('Hello. TWICE you Charged me.'), { topics: one('charged twice') });
    expect(signal?.evidence).toMatchObject({
      kind: 'topic:own',
      seq: 4,
      quote: 'TWICE you Charged me.',
      words: ['TWICE', 'Charged'],
    });
  });
});
