import { describe, expect, it } from 'vitest';
import { escapeHtml, htmlToText, textToHtml } from './html.ts';
import { inBytes, splitText } from './split.ts';

const squeezed = (text: string) => text.replace(/\s+/g, '');

describe('a long text', () => {
  it('[DK19] is split where it breaks, and nothing is lost', () => {
    const paragraph = 'One sentence. Another one, longer than that! And a question? ';
    const text = Array.from({ length: 200 }, (_, index) => `${index}: ${paragraph.repeat(3)}`).join('\n\n');
    for (const limit of [80, 500, 4_096]) {
      const pieces = splitText(text, limit);
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(limit);
      expect(squeezed(pieces.join(' '))).toBe(squeezed(text));
      expect(pieces.every((piece) => piece.trim() === piece && piece !== '')).toBe(true);
    }
  });

  it('[DK19] is never cut within a character', () => {
    const family = '👩‍👩‍👧';
    for (const limit of [10, 37, 100]) {
      const pieces = splitText(family.repeat(200), limit);
      expect(pieces.join('')).toBe(family.repeat(200));
      for (const piece of pieces) expect(piece.replaceAll(family, '')).toBe('');
    }
  });

  it('[DK19] is measured as the vendor measures it', () => {
    const text = 'ä & ö < ü '.repeat(500).trim();
    for (const piece of splitText(text, 300, inBytes)) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(300);
    const escaped = (piece: string) => textToHtml(piece).length;
    for (const piece of splitText(text, 300, escaped)) expect(textToHtml(piece).length).toBeLessThanOrEqual(300);
  });

  it('[DK19] that fits is one piece, and an empty one none', () => {
    expect(splitText(' short ', 10)).toEqual(['short']);
    expect(splitText('  ', 10)).toEqual([]);
    expect(splitText('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
  });
});

describe('HTML of a desk', () => {
  it.each([
    ['<p>Hello <b>Ada</b>,</p><p>two</p>', 'Hello Ada,\n\ntwo'],
    ['one<br>two<br/>three', 'one\ntwo\nthree'],
    ['<div>a</div><div>b</div>', 'a\nb'],
    ['<ul><li>x</li><li>y</li></ul>', '- x\n- y'],
    ['3 &lt; 5 &amp; &quot;so&quot; &#39;on&#x27; &euro;', `3 < 5 & "so" 'on' €`],
    ['<a href="https://a.example/x?y=1&amp;z=2">here</a>', 'here (https://a.example/x?y=1&z=2)'],
    ['<a href="https://a.example">https://a.example</a>', 'https://a.example'],
    ['<a href="mailto:a@b.example">a@b.example</a>', 'a@b.example'],
    ['<style>p{}</style>x<script>alert(1)</script><!-- c -->y', 'xy'],
    ['a\n   b\t c', 'a b c'],
    ['<pre>a\n  b</pre>', 'a\nb'],
    ['1 < 2 and no tag', '1 < 2 and no tag'],
    ['<p></p>\n<p>x</p>\n\n<p>y</p>', 'x\n\ny'],
    ['&unknown; &#0; &#x110000;', '&unknown;'],
    ['<img src="x" alt="a cat">', 'a cat'],
  ])('[DK9] %s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it('[DK7] shows any text as it is', () => {
    for (const text of ['<b>&amp;</b>', `"quotes" & 'more'`, 'two\nlines', '🎷 東京'])
      expect(htmlToText(textToHtml(text))).toBe(text);
    expect(escapeHtml('<script>')).not.toContain('<');
  });
});
