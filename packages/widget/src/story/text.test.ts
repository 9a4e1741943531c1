import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainOf, tokensOf } from './text.ts';

const linksOf = (text: string, rich = false) =>
  tokensOf(text, rich).flatMap((token) => (token.is === 'link' ? [token.href] : []));

test.each([
  ['see https://example.com/a_(b)?c=d&e.', ['https://example.com/a_(b)?c=d&e']],
  ['(https://example.com/x)', ['https://example.com/x']],
  ['www.example.com, and me@example.com!', ['https://www.example.com', 'mailto:me@example.com']],
  ['http://', []],
  ['javascript:alert(1) data:text/html,x file:///etc', []],
  ['[click](javascript:alert(1))', []],
])('[WG15] links in %j', (text, links) => {
  expect(linksOf(text)).toEqual(links);
  expect(linksOf(text, true)).toEqual(links);
});

test('[WG15] nothing of a text is lost, and every link has a scheme that is safe', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('', ' https://a.example/?q=', ' www.a.example ', ' x@y.example'),
      (text, link) => {
        const tokens = tokensOf(text + link + text, false);
        expect(tokens.map((token) => token.text).join('')).toBe(text + link + text);
        for (const href of linksOf(text + link + text, true)) expect(href).toMatch(/^(https?|mailto):/);
      },
    ),
  );
});

test('[WG15] of others, a little Markdown is read; of the customer, nothing', () => {
  const text = '# Hours\n- **Monday** `9-5`\n- [shop](https://example.com)';
  expect(tokensOf(text, true)).toEqual([
    { is: 'bold', text: 'Hours' },
    { is: 'text', text: '\n• ' },
    { is: 'bold', text: 'Monday' },
    { is: 'text', text: ' ' },
    { is: 'code', text: '9-5' },
    { is: 'text', text: '\n• ' },
    { is: 'link', text: 'shop', href: 'https://example.com' },
  ]);
  expect(tokensOf('2 * 3 * 4 **x**', false)).toEqual([{ is: 'text', text: '2 * 3 * 4 **x**' }]);
  expect(tokensOf('So:\n```js\n- a **b**\n```\nDone', true)).toEqual([
    { is: 'text', text: 'So:' },
    { is: 'block', text: '- a **b**' },
    { is: 'text', text: 'Done' },
  ]);
  expect(tokensOf('```\nnot closed', true)).toEqual([{ is: 'text', text: '```\nnot closed' }]);
  expect(plainOf('**a** [b](https://example.com)')).toBe('a b');
});
