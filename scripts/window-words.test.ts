import { SPOKEN, windowWords } from '@baton/core';
import { ENGLISH } from '@baton/widget/src/strings.ts';
import { describe, expect, it } from 'vitest';

/** A site's own, empty by default. */
const OWN = ['suggestions'];
/** Of the theme, where a site has set none. */
const THEME = ['greeting', 'title'];
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe("the window's words", () => {
  it.each(SPOKEN.filter((tag) => tag !== 'en'))('[WD9] %s has each of them, with what is filled in', (tag) => {
    const words = windowWords(tag);
    const expected = Object.entries(ENGLISH).filter(([key]) => !OWN.includes(key));
    expect(Object.keys(words).toSorted()).toEqual([...THEME, ...expected.map(([key]) => key)].toSorted());
    for (const [key, english] of expected)
      expect([key, placeholders(words[key] ?? '')]).toEqual([key, placeholders(english)]);
  });

  it('[WD9] the widget speaks English by itself', () => {
    for (const locale of [null, '', 'en-GB', 'sv']) expect(windowWords(locale)).toEqual({});
    expect(windowWords('de_AT').send).toBe('Senden');
  });
});
