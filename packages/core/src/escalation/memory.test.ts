import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WORD_KEPT, WORDS_COMPARED } from './meaning.ts';
import {
  BOT_TEXT_KEPT,
  emptyMemory,
  HEAT_LIMIT,
  type Memory,
  remember,
  TEXT_KEPT,
  TURNS_KEPT,
  type Turn,
} from './memory.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(
    'you are useless!!!',
    'Where is my order 1182?',
    'x'.repeat(8_000),
    'ab'.repeat(4_000),
    'a1'.repeat(4_000),
    'word '.repeat(1_600),
  ),
);
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ role: fc.constant('customer' as const), seq: fc.nat(), text }),
  fc.record({ role: fc.constant('customer' as const), seq: fc.nat(), text, choice: fc.string() }),
  fc.record({ role: fc.constant('bot' as const), text, fallback: fc.boolean() }),
  fc.constant<Turn>({ role: 'bot-failed' }),
  fc.record({ role: fc.constant('proposed' as const), kinds: fc.array(fc.string(), { maxLength: 30 }) }),
  fc.constant<Turn>({ role: 'reset' }),
);
const after = (turns: readonly Turn[]): Memory => turns.reduce(remember, emptyMemory());

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) freeze(inner);
  return value;
}

describe('memory', () => {
  it('[ES15] stays bounded and plain JSON, whatever is said', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        const memory = after(turns);
        expect(memory.turns.length).toBeLessThanOrEqual(TURNS_KEPT);
        for (const kept of memory.turns) {
          expect(kept.text.length).toBeLessThanOrEqual(TEXT_KEPT);
          expect(kept.meaning.length).toBeLessThanOrEqual(WORDS_COMPARED);
          for (const word of [...kept.meaning, ...kept.numbers]) expect(word.length).toBeLessThanOrEqual(WORD_KEPT);
        }
        expect(Object.keys(memory.proposed).length).toBeLessThanOrEqual(20);
        expect(memory.lastBotText.length).toBeLessThanOrEqual(BOT_TEXT_KEPT);
        expect(memory.heat).toBeLessThanOrEqual(HEAT_LIMIT);
        expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
      }),
      { numRuns: 100 },
    );
  });

  it('[ES15] is pure: the given memory is not touched, and the same turns give the same memory', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 10 }), (turns) => {
        const frozen = turns.reduce((memory, next) => freeze(remember(memory, next)), freeze(emptyMemory()));
        expect(frozen).toEqual(after(turns));
      }),
      { numRuns: 50 },
    );
  });

  it('[ES16] starts again when control comes back from a person', () => {
    const memory = after([
      { role: 'customer', seq: 1, text: 'You are useless!!!' },
      { role: 'bot', text: 'Sorry?', fallback: true },
      { role: 'bot-failed' },
      { role: 'proposed', kinds: ['anger'] },
      { role: 'reset' },
    ]);
    expect(memory).toEqual({ ...emptyMemory(), count: 1 });
  });

  it("[ES11] a tapped choice is counted, and its words are nobody's anger", () => {
    const memory = remember(emptyMemory(), { role: 'customer', seq: 1, text: 'You are useless!!!', choice: 'b' });
    expect(memory).toMatchObject({ count: 1, heat: 0, turns: [{ seq: 1, meaning: [] }] });
  });
});
