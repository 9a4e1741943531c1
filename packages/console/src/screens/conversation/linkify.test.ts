import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf, plainOf, safeUrl } from './linkify.ts';

const links = (text: string, rich = false) =>
  piecesOf(text, rich).flatMap((piece) => (piece.is === 'link' ? [piece.href] : []));

test.each([
  ['see https://example.com/a_(b)?c=d&e.', ['https://example.com/a_(b)?c=d&e']],
  ['(https://example.com/x), or www.example.com!', ['https://example.com/x', 'https://www.example.com']],
  ['write to ada.okafor@example.com.', ['mailto:ada.okafor@example.com']],
  ['javascript:alert(1) data:text/html,x file:///etc/passwd', []],
  ['no link here', []],
])('[CN21] web and mail addresses become links, nothing else: %s', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test('[CN21] a text that is cut into pieces loses nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', '.', 'https://x.y', '@', '<', '>', '(', ')', '*', '`', '\n') }),
      (text) =>
        piecesOf(text, false)
          .map((piece) => piece.text)
          .join('') === text,
    ),
  );
});

test('[CN21] bots and agents are shown as the customer sees them: bold, code, lists, named links', () => {
  expect(piecesOf('Take **M**, see [Sizes](https://example.com/sizes)', true)).toEqual([
    { is: 'text', text: 'Take ' },
    { is: 'bold', text: 'M' },
    { is: 'text', text: ', see ' },
    { is: 'link', text: 'Sizes', href: 'https://example.com/sizes' },
  ]);
  expect(piecesOf('[x](javascript:alert(1))', true)).toEqual([{ is: 'text', text: '[x](javascript:alert(1))' }]);
  expect(plainOf('- one\n- **two**')).toBe('• one\n• two');
  expect(piecesOf('**not bold**', false)).toEqual([{ is: 'text', text: '**not bold**' }]);
});

test('[CN21] addresses of files and cards are followed only to the web or to our own server', () => {
  expect(safeUrl('https://example.com')).toBe('https://example.com');
  expect(safeUrl('/files/abc')).toBe('/files/abc');
  for (const bad of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'ftp://x',
    undefined,
  ])
    expect(safeUrl(bad)).toBeUndefined();
});
