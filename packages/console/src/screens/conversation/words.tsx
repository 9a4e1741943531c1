import { Fragment, useState } from 'react';
import { t } from '#strings/strings.ts';
import { type Piece, piecesOf } from './linkify.ts';
import classes from './words.module.css';

/** Longer texts are folded: one message must not push the conversation off the screen. */
const FOLD_OVER = 1_400;
const SHOWN_FOLDED = 1_000;

/** The words of a message. */
export function Words({ text, rich }: { text: string; rich: boolean }) {
  const [open, setOpen] = useState(false);
  const folded = text.length > FOLD_OVER && !open;
  const pieces = piecesOf(folded ? `${text.slice(0, SHOWN_FOLDED).trimEnd()} …` : text, rich);
  return (
    <>
      <p className={classes.words} dir="auto">
        {pieces.map((piece, at) => (
          // The pieces of a text never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Fragment key={at}>{show(piece)}</Fragment>
        ))}
      </p>
      {text.length > FOLD_OVER && (
        <button type="button" className={classes.fold} onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t.timeline.less : t.timeline.more}
        </button>
      )}
    </>
  );
}

function show(piece: Piece) {
  switch (piece.is) {
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
    case 'bold':
      return <strong>{piece.text}</strong>;
    case 'code':
      return <code>{piece.text}</code>;
    case 'block':
      return <code className={classes.block}>{piece.text}</code>;
    case 'text':
      return piece.text;
  }
}
