import { describe, expect, it } from 'vitest';
import { correct, rankPassages, rarity, type Stemmed, type Term } from './passages.ts';

function passage(path: string, more: Partial<Stemmed>): Stemmed {
  return {
    path,
    title: path,
    heading: null,
    text: 'text',
    keywords: '',
    titleStems: [],
    keywordStems: [],
    headingStems: [],
    textStems: [],
    ...more,
  };
}

const term = (stem: string, weight = 1, more: Partial<Term> = {}): Term => ({
  stem,
  weight,
  hint: false,
  foreign: false,
  ...more,
});

describe('ranking passages', () => {
  it('[BT37] a keyword of several words counts when all of them are asked for', () => {
    const cash = passage('cash', { keywords: 'cash on delivery', keywordStems: [['cash', 'deliveri']] });
    const [both] = rankPassages('cash on delivery', [term('cash'), term('deliveri')], [cash]);
    expect(both).toMatchObject({ coverage: 1, onSubject: true });
    expect(rankPassages('delivery', [term('deliveri')], [cash])).toEqual([]);
  });

  it('[BT37] the more of the question a passage speaks of, the better; words that nobody knows weigh most', () => {
    const returns = passage('returns', { titleStems: ['return'] });
    const alone = rankPassages('return', [term('return')], [returns])[0]?.coverage;
    const known = rankPassages('return lamp', [term('return'), term('lamp')], [returns])[0]?.coverage ?? 0;
    const unknown =
      rankPassages('return spaceship', [term('return'), term('spaceship', 1, { foreign: true })], [returns])[0]
        ?.coverage ?? 0;
    expect(alone).toBe(1);
    expect(known).toBeLessThan(1);
    expect(unknown).toBeLessThan(known);
  });

  it('[BT37] a hint chooses between passages, and finds none by itself', () => {
    const uk = passage('uk', { titleStems: ['deliveri'], textStems: ['uk'] });
    const abroad = passage('abroad', { titleStems: ['deliveri'], textStems: ['ireland'] });
    const hint = term('ireland', 1, { hint: true });
    expect(rankPassages('delivery', [term('deliveri'), hint], [uk, abroad])[0]?.path).toBe('abroad');
    expect(rankPassages('pizza', [term('pizza'), hint], [uk, abroad])).toEqual([]);
  });

  it('[BT37] rare words weigh more than common ones', () => {
    expect(rarity(1, 30)).toBeGreaterThan(rarity(5, 30));
    expect(rarity(30, 30)).toBeGreaterThan(0);
    expect(rarity(0, 0)).toBeGreaterThan(0);
  });
});

describe('slips of the pen', () => {
  const KNOWN = ['cancel', 'return', 'deliveri', 'refund', 'store', 'international'];
  it.each([
    ['cancle', 'cancel'],
    ['retrun', 'return'],
    ['refnd', 'refund'],
    ['reffund', 'refund'],
    ['internatoinl', 'international'],
    ['pizza', null],
    ['stor', null],
    ['internet', null],
    ['turned', null],
  ])('[BT37] %s is taken for %s', (said, meant) => {
    expect(correct(said, KNOWN)).toBe(meant);
  });
});
