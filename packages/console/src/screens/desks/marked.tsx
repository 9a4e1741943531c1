import { Fragment } from 'react';

/** Plain text in which names of buttons and fields stand between two asterisks. */
export function Marked({ text }: { text: string }) {
  return text.split(/\*\*(.+?)\*\*/).map((piece, at) =>
    // The pieces of a text never change places.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    at % 2 === 1 ? <strong key={at}>{piece}</strong> : <Fragment key={at}>{piece}</Fragment>,
  );
}
