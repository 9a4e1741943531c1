import { ASKING } from './asked-words.ts';
import type { Signal } from './policy.ts';
import { quoteAround, type Reading } from './reading.ts';
import { rule, shapeOf } from './shape.ts';

interface Rule {
  score: number;
  shape: RegExp;
}

const says = (score: number, pattern: string): Rule => ({ score, shape: rule(ASKING, pattern) });

const PERSON = '((A|REAL|CUSTOMER|SERVICE|ME|FRONT){0,3}(HUMAN|SOMEONE))';

/** Ways to ask for a person, surest first. */
const RULES: readonly Rule[] = [
  says(0.95, `(TALK|REACH) SMALL{0,2} TO SMALL{0,2} ${PERSON}`),
  says(0.95, `LINK ME? SMALL? OVER? SMALL? TO SMALL{0,2} ${PERSON}`),
];

/** Does the customer ask for a person? The surest rule wins. */
export function askedForHuman(seq: number, reading: Reading): Signal | null {
  const shape = shapeOf(reading.words, ASKING);
  for (const { score, shape: wanted } of RULES) {
    const found = wanted.exec(shape);
    if (!found) continue;
    const first = found.index;
    const last = first + found[0].length - 1;
    const words = [reading.text.slice(reading.words[first]?.start, reading.words[last]?.end)];
    return {
      kind: 'asked_for_human',
      score,
      evidence: { kind: 'asked_for_human', seq, quote: quoteAround(reading, first, last), words, score, detail: 'The customer asks for a person.' },
    };
  }
  return null;
}
