import type { ConversationId } from '@baton/core';
import { describe, expect, test } from 'vitest';
import { loggedOf, type Notice, pack, unpack } from './notice.ts';

const head = (n: number, lists: `wsp_${string}` | null = null): Notice => ({
  type: 'head',
  conversation: `cnv_${String(n).padStart(26, '0')}` as ConversationId,
  seq: n,
  lists,
  events: [],
});

describe('notices', () => {
  test('[ND17] all of them come through, in order, in texts that keep the limit', () => {
    const notices: Notice[] = Array.from({ length: 1_000 }, (_, n) => head(n, n % 3 ? null : 'wsp_1'));
    notices.push(
      {
        type: 'told',
        workspace: 'wsp_1',
        conversation: 'cnv_1',
        seq: 3,
        tellings: [{ type: 'given', agent: 'agt_1' }],
      },
      { type: 'line', workspace: 'wsp_1' },
      { type: 'configured', workspace: 'wsp_1' },
      {
        type: 'signal',
        signal: {
          type: 'typing',
          conversation: 'cnv_1',
          who: { role: 'agent', id: 'agt_1', name: 'Zoë "Z"' },
          on: true,
        },
      },
      { type: 'here' },
    );
    const texts = pack('node-a', notices, 2_000);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_000);
    expect(texts.flatMap((text) => unpack('node-b', text) ?? [])).toEqual(notices);
  });

  test('[ND17] what was written comes along where it is short', () => {
    const event = { type: 'conversation.reopened', by: { role: 'system' } };
    const written = { seq: 6, at: 1_700_000_000_123, key: undefined, json: JSON.stringify(event) };
    const short = { ...head(7), events: [written, { ...written, seq: 7, key: 'say:cus_1:ü "1"' }] } as Notice;
    const long = { ...head(8), events: [{ ...written, json: JSON.stringify('x'.repeat(4_000)) }] } as Notice;
    const odd = { ...head(9), events: [{ ...written, key: 'a\tb' }] } as Notice;
    const [text = '', ...more] = pack('node-a', [short, long, odd], 7_900);
    expect(more).toEqual([]);
    expect(unpack('node-b', text)).toEqual([short, head(8), head(9)]);
    expect(loggedOf(written)).toEqual({ seq: 6, at: 1_700_000_000_123, event });
  });

  test('[ND17] what a node said itself is passed over, and so is what it does not know', () => {
    const [text = ''] = pack('node-a', [head(1)], 2_000);
    expect(unpack('node-a', text)).toBeNull();
    expect(unpack('node-b', 'node-c\nJ{"type":"from the future","x":1}\nXnobody knows\nHcnv_1\t2\t-\tmore')).toEqual([
      { type: 'head', conversation: 'cnv_1', seq: 2, lists: null, events: [] },
    ]);
  });

  test('[ND17] one that is larger than a bus can carry is left out, and no other with it', () => {
    const long: Notice = {
      type: 'signal',
      signal: {
        type: 'typing',
        conversation: 'cnv_1',
        who: { role: 'bot', id: 'int_1' },
        on: true,
        text: 'x'.repeat(900),
      },
    };
    expect(pack('n', [head(1), long, head(2)], 500).flatMap((text) => unpack('m', text) ?? [])).toEqual([
      head(1),
      head(2),
    ]);
  });
});
