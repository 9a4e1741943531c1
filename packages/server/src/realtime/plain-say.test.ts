import { ClientFrame } from '@baton/protocol/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainSay } from './plain-say.ts';

const SAY = {
  type: 'say',
  clientId: 'c-1',
  conversation: 'cnv_01jd8n2x7k3v9q4m5w6e7r8t9y',
  parts: [{ type: 'text', text: 'Where is my parcel?' }],
  page: { url: 'https://shop.example/', title: 'Shop', referrer: '' },
};

/** Texts around each limit, and what is no text. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    'say',
    'text',
    'c 1',
    'ü',
    'a\n',
    'cnv_',
    'cnv_a',
    'cnv_a b',
    'cnv_a\n',
    0,
    -1,
    1.5,
    2 ** 53,
    null,
    true,
  ),
  fc.constantFrom(100, 101, 300, 301, 2_000, 2_001, 8_000, 8_001).map((length) => 'x'.repeat(length)),
  fc.string(),
  fc.constantFrom(
    {},
    [],
    { url: 'https://a' },
    [{ type: 'text', text: 'a' }],
    [{ type: 'text', text: 'a', choice: 'b' }],
  ),
);
const name = fc.constantFrom(
  'type',
  'clientId',
  'conversation',
  'parts',
  'epoch',
  'page',
  'id',
  'bot',
  'author',
  '__proto__',
  'text',
  'url',
  'title',
  'referrer',
  'choice',
  'constructor',
);
const place = fc.constantFrom<'frame' | 'part' | 'page' | 'parts'>('frame', 'part', 'page', 'parts');
const change = fc.record({ place, name, value, gone: fc.boolean() });

/** The frame after these changes, as it comes out of JSON. */
function changed(changes: readonly { place: string; name: string; value: unknown; gone: boolean }[]): unknown {
  const frame = JSON.parse(JSON.stringify(SAY)) as Record<string, unknown>;
  for (const { place, name, value: given, gone } of changes) {
    const value = structuredClone(given);
    if (place === 'parts') {
      if (Array.isArray(frame.parts)) frame.parts.push(value);
      continue;
    }
    const target =
      place === 'part' ? (frame.parts as unknown[] | null | undefined)?.[0] : place === 'page' ? frame.page : frame;
    if (typeof target !== 'object' || target === null) continue;
    if (gone) delete (target as Record<string, unknown>)[name];
    else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return JSON.parse(JSON.stringify(frame)) as unknown;
}

describe('a plain text', () => {
  test('what widget, console and SDK send is one', () => {
    expect(isPlainSay(SAY)).toBe(true);
    const { page: _page, conversation: _conversation, ...first } = SAY;
    expect(isPlainSay(first)).toBe(true);
    expect(isPlainSay({ ...SAY, epoch: 3 })).toBe(true);
    expect(isPlainSay({ ...SAY, parts: [{ type: 'text', text: 'yes', choice: 'handoff:yes' }] })).toBe(false);
  });

  test('it is never one that the schema would refuse or change', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const frame = changed(changes);
        if (!isPlainSay(frame)) return;
        plain++;
        const parsed = ClientFrame.safeParse(frame);
        expect(parsed.success).toBe(true);
        expect(parsed.data).toEqual(frame);
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  test('what is no object is none', () => {
    for (const raw of [null, 1, 'say', [], [SAY], undefined]) expect(isPlainSay(raw)).toBe(false);
  });
});
