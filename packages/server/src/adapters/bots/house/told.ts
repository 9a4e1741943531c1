import type { HistoryItem } from '#ports/bot.ts';
import { sentences } from './excerpt.ts';

/** Something that a colleague told this customer, in the colleague's own words. */
export interface Told {
  name: string;
  quote: string;
  /** Share of the question's content words that the quote has, 0 to 1. */
  share: number;
}

/** Longest quote, in characters. */
const QUOTE = 300;
/** Share of the question's content words that the quote must have. */
const ENOUGH = 0.5;

const EMPTY_WORDS = new Set(
  (
    'a an the and or but if so is are was were be been am do does did done have has had having can could will would shall should may might must not no nor i you he she it we they me him her us them ' +
    'my your his its our their this that these those there here what when where who why how which to of in on at by for with from about as than then too very just also again please thanks thank hi hello ' +
    'get got getting want wanted need know tell told say said ask asked long much many time take takes any some one im ive dont doesnt didnt cant wont isnt arent whats wheres hows whens still yet now ok okay yes ' +
    'sure really actually up out into back going go come like something anything order help'
  ).split(' '),
);

/**
 * What a colleague said in this conversation that answers the question; null when nothing does. The newest wins among equals: people
 * correct themselves.
 */
export function toldBefore(question: string, history: readonly HistoryItem[]): Told | null {
  const asked = contentOf(question);
  if (asked.size === 0) return null;
  let best: Told | null = null;
  for (const item of history) {
    if (item.role !== 'agent') continue;
    const all = sentences(item.text);
    for (const [index, sentence] of all.entries()) {
      const words = contentOf(sentence);
      const share = [...asked].filter((word) => words.has(word)).length / asked.size;
      if (share >= ENOUGH && share >= (best?.share ?? 0))
        best = { name: item.name ?? 'A colleague', quote: around(all, index), share };
    }
  }
  return best;
}

/** The sentence with what follows it, as far as it fits: "I refunded it. You will see it on Friday." */
function around(all: readonly string[], index: number): string {
  let quote = all[index] ?? '';
  for (const next of all.slice(index + 1)) {
    if (quote.length + next.length + 1 > QUOTE || next.endsWith('?')) break;
    quote = `${quote} ${next}`;
  }
  return quote.length > QUOTE ? `${quote.slice(0, QUOTE - 1).trimEnd()}…` : quote;
}

function contentOf(text: string): Set<string> {
  const words =
    text
      .toLowerCase()
      .replace(/['’`]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 1 && !EMPTY_WORDS.has(word)).map(stem));
}

/** A light stem: enough that "refunds", "refunded" and "refund" are one word. */
function stem(word: string): string {
  if (word.length < 5) return word.replace(/s$/, '');
  const base = word.replace(/(?:ies)$/, 'y').replace(/(?:ing|ed|es|s|ly|er)$/, '');
  return base.replace(/(.)\1$/, '$1').replace(/e$/, '');
}
