import { describe, expect, it } from 'vitest';
import { ASKS, DECLINES_BOT, DOES_NOT_ASK } from './asked.corpus.ts';
import { askedForHuman } from './asked.ts';
import { defaultPolicy } from './policy.ts';
import { read } from './reading.ts';

const { threshold } = defaultPolicy().signals.asked_for_human;
const scoreOf = (text: string) => askedForHuman(1, read(text))?.score ?? 0;

describe('asked for a person', () => {
  it.each(ASKS)('[ES1] asks: %s', (text) => expect(scoreOf(text)).toBeGreaterThanOrEqual(threshold));

  it.each(DECLINES_BOT)('[ES2] declines the bot: %s', (text) =>
    expect(scoreOf(text)).toBeGreaterThanOrEqual(threshold),
  );

  it.each(DOES_NOT_ASK)('[ES3] does not ask: %s', (text) => expect(scoreOf(text)).toBeLessThan(threshold));

  it('[ES10] quotes the sentence and the words that decided', () => {
    const signal = askedForHuman(7, read('My parcel is late. I would like to speak to your Supervisor, now! Thanks.'));
    expect(signal?.evidence).toMatchObject({
      kind: 'asked_for_human',
      seq: 7,
      quote: 'I would like to speak to your Supervisor, now!',
      words: ['speak to your Supervisor'],
      detail: 'The customer asks for a person.',
    });
  });

  it('[ES1] takes the surest clause', () => {
    const weak = scoreOf('customer service');
    expect(scoreOf('I asked customer service, they said no, so let me talk to a human')).toBeGreaterThan(weak);
  });
});
