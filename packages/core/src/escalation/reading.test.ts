import { describe, expect, it } from 'vitest';
import { excerpt, oneSlip, quoteAround, read, stem } from './reading.ts';

const words = (text: string) => read(text).words.map((word) => word.text);

describe('reading', () => {
  it('[ES1] makes words plain and keeps marks', () => {
    expect(words("I DON'T want, Café… heeeelp!")).toEqual(['i', 'dont', 'want', ',', 'cafe', '.', 'help', '.']);
    expect(words('f*** **this** * item')).toEqual(['****', 'this', 'item']);
    expect(words('don’t')).toEqual(['dont']);
  });

  it('[ES9] gives forms of a word one stem', () => {
    for (const forms of [
      'charge charges charged charging',
      'cancel cancelled cancelling canceled',
      'dispute disputed disputing',
      'stop stopped stopping',
      'try tries tried trying',
    ]) {
      expect(new Set(forms.split(' ').map(stem)).size, forms).toBe(1);
    }
    expect(stem('bus')).not.toBe(stem('bu'));
    expect(stem('1182s')).toBe('1182s');
  });

  it.each([
    ['agrnt', 'agent', true],
    ['agnet', 'agent', true],
    ['aget', 'agent', true],
    ['agennt', 'agent', true],
    ['agent', 'agent', true],
    ['again', 'agent', false],
    ['genta', 'agent', false],
    ['', 'agent', false],
  ])('[ES1] one slip: %s for %s is %s', (typed, meant, slip) => expect(oneSlip(typed, meant)).toBe(slip));

  it('[ES10] quotes the sentence, or the part of a long one around the words', () => {
    const long = `${'blah '.repeat(200)}let me talk to a human ${'blah '.repeat(200)}`;
    const reading = read(long);
    const at = reading.words.findIndex((word) => word.text === 'talk');
    const quote = quoteAround(reading, at, at + 3);
    expect(quote.length).toBeLessThanOrEqual(300);
    expect(quote).toContain('talk to a human');
  });

  it('[ES10] never cuts a character in half', () => {
    expect(excerpt('ab😀', 0, 3)).toBe('ab');
  });
});
