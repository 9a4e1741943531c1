import type { ReactNode } from 'react';
import classes from './quote.module.css';

/** The customer's own words, with the words marked that decided something. */
export function Quote({ text, words = [] }: { text: string; words?: readonly string[] | undefined }) {
  return (
    <blockquote className={classes.quote} dir="auto">
      {marked(text, words)}
    </blockquote>
  );
}

function marked(text: string, words: readonly string[]): ReactNode[] {
  let from = 0;
  return cut(text, words).map((piece) => {
    const at = from;
    from += piece.text.length;
    return piece.marked ? <mark key={at}>{piece.text}</mark> : piece.text;
  });
}

/** Cuts a text at the words that are to be marked, whatever their case. */
export function cut(text: string, words: readonly string[]): { text: string; marked: boolean }[] {
  const wanted = words.filter((word) => word.trim() !== '').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (wanted.length === 0) return [{ text, marked: false }];
  // The longest first: "a human" before "human".
  const pattern = new RegExp(`(${wanted.sort((a, b) => b.length - a.length).join('|')})`, 'giu');
  return text
    .split(pattern)
    .map((piece, at) => ({ text: piece, marked: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
