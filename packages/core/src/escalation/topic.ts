import type { EscalationPolicy, Signal, Topic } from './policy.ts';
import { isMark, quoteAround, type Reading, stem } from './reading.ts';

/** All words of a phrase must stand within this many words of each other, in one sentence. */
export const NEAR = 12;

const NEGATIONS = new Set(
  'not no never without cannot dont doesnt didnt cant couldnt wont wouldnt isnt wasnt arent werent hasnt havent hadnt shouldnt aint neither nor nothing nobody none unable didn don'.split(' '),
);

/** Subjects of the policy that the text touches, one signal each. */
export function topics(seq: number, reading: Reading, policy: EscalationPolicy): Signal[] {
  if (policy.topics.length === 0) return [];
  const stems = reading.words.map((word) => (isMark(word) ? word.text : NEGATIONS.has(word.text) ? 'not' : stem(word.text)));
  const seen = new Set(stems);
  const signals: Signal[] = [];
  for (const topic of policy.topics) {
    const found = find(topic, stems, seen);
    if (!found) continue;
    const words = found.map((index) => reading.words[index]?.text ?? '').filter((word) => word !== '');
    signals.push({
      kind: 'topic',
      topic: topic.name,
      score: 1,
      evidence: {
        kind: `topic:${topic.name}`,
        seq,
        quote: quoteAround(reading, found[0] ?? 0, found.at(-1) ?? 0),
        words,
        score: 1,
        detail: `The customer writes about "${topic.name}".`,
      },
    });
  }
  return signals;
}

function find(topic: Topic, stems: readonly string[], seen: ReadonlySet<string>): number[] | null {
  for (const phrase of topic.phrases) {
    const wanted = parsePhrase(phrase);
    if (wanted.length === 0 || !wanted.every((forms) => forms.some((form) => seen.has(form)))) continue;
    const found = near(wanted, stems);
    if (found) return found;
  }
  return null;
}

/** "charged/billed twice" -> [[charg, bill], [twic]]. */
function parsePhrase(phrase: string): string[][] {
  return phrase
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/\s+/)
    .map((word) => word.split('/').filter((form) => form !== '').map((form) => (NEGATIONS.has(form) ? 'not' : stem(form))))
    .filter((forms) => forms.length > 0);
}

/** Positions of one word per wanted form, each within NEAR words of the first found, in one sentence; sorted. */
function near(wanted: readonly string[][], stems: readonly string[]): number[] | null {
  const anchor = wanted[0] ?? [];
  for (let at = 0; at < stems.length; at++) {
    if (!anchor.includes(stems[at] ?? '')) continue;
    const found = [at];
    for (const forms of wanted.slice(1)) {
      const index = closest(forms, stems, at, found);
      if (index === -1) break;
      found.push(index);
    }
    if (found.length === wanted.length) return found.sort((a, b) => a - b);
  }
  return null;
}

function closest(forms: readonly string[], stems: readonly string[], at: number, taken: readonly number[]): number {
  for (let step = 1, back = true, on = true; step < NEAR && (back || on); step++) {
    if (back && stems[at - step] === '.') back = false;
    if (on && stems[at + step] === '.') on = false;
    if (on && forms.includes(stems[at + step] ?? '') && !taken.includes(at + step)) return at + step;
    if (back && forms.includes(stems[at - step] ?? '') && !taken.includes(at - step)) return at - step;
  }
  return -1;
}
