import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Dialogue, readDialogues } from './dialogues.ts';
import { scriptOf } from './script.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-dialogues-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dialogue = (id: string): Dialogue => ({
  id,
  file: 'a.jsonl',
  turns: [
    { role: 'customer', text: 'Hello' },
    { role: 'customer', text: 'Where is my lamp?' },
    { role: 'agent', text: 'Let me look.' },
    { role: 'agent', text: 'It is on its way.' },
    { role: 'bot', text: 'I am a bot.' },
    { role: 'customer', text: 'Thanks' },
  ],
});
const SHARES = { asks: 0.3, cuts: 0.3 };

describe('scripts', () => {
  test('[SM6] the same seed gives the same script, another seed another', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `d${index}`);
    const scripts = (seed: string) => ids.map((id) => scriptOf(dialogue(id), SHARES, seed));
    expect(scripts('1')).toEqual(scripts('1'));
    expect(scripts('1')).not.toEqual(scripts('2'));
  });

  test('[SM6] shares are shares: none, all, and about as many as was asked for', () => {
    const share = (of: (script: ReturnType<typeof scriptOf>) => boolean, shares: typeof SHARES) => {
      const scripts = Array.from({ length: 1_000 }, (_, index) => scriptOf(dialogue(`d${index}`), shares, '1'));
      return scripts.filter(of).length / scripts.length;
    };
    expect(share(({ ask }) => ask !== null, { asks: 0, cuts: 0 })).toBe(0);
    expect(share(({ cut }) => cut !== null, { asks: 0, cuts: 1 })).toBe(1);
    expect(share(({ ask }) => ask !== null, SHARES)).toBeCloseTo(0.3, 1);
  });

  test('an agent answers what the agent of the dialogue did; a customer who goes on is not waited for', () => {
    const { lines } = scriptOf(dialogue('d'), SHARES, '1');
    expect(lines).toEqual([
      { text: 'Hello', answers: [], waitsForAnswer: false },
      { text: 'Where is my lamp?', answers: ['Let me look.', 'It is on its way.'], waitsForAnswer: true },
      { text: 'Thanks', answers: [], waitsForAnswer: true },
    ]);
  });
});

describe('files', () => {
  const file = (name: string, ...lines: string[]) => {
    const path = join(folder, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };
  const good = JSON.stringify({ id: 'd1', source: 'somewhere', turns: [{ role: 'customer', text: 'Hi' }] });

  test('reads lines, skips empty ones and dialogues in which no customer says anything', () => {
    const silent = JSON.stringify({
      id: 'd2',
      turns: [
        { role: 'customer', text: '  ' },
        { role: 'agent', text: 'Hello?' },
      ],
    });
    const path = file('good.jsonl', good, '', silent, good);
    expect(readDialogues([path]).map(({ id, file: from }) => [id, from])).toEqual([
      ['d1', 'good.jsonl'],
      ['d1', 'good.jsonl'],
    ]);
  });

  test('[SM7] bad input is named with file and line, before anything is played', () => {
    expect(() => readDialogues([file('json.jsonl', good, '{"id":')])).toThrow(/json\.jsonl:2: not JSON/);
    const role = JSON.stringify({ id: 'd', turns: [{ role: 'user', text: 'Hi' }] });
    expect(() => readDialogues([file('role.jsonl', role)])).toThrow(/role\.jsonl:1: turns\.0\.role/);
    expect(() => readDialogues([join(folder, 'missing.jsonl')])).toThrow(/there is no .*missing\.jsonl/);
    expect(() => readDialogues([file('empty.jsonl', '')])).toThrow(/no dialogue in/);
  });
});
