/** Plain text in which names of buttons and fields stand between two asterisks, and words of machines between backticks. */
export function Marked({ text }: { text: string }) {
  return text.split(/(\*\*.+?\*\*|`.+?`)/).map((piece, at) => (
    // The pieces of a text never change places.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Piece key={at} text={piece} />
  ));
}

function Piece({ text }: { text: string }) {
  if (text.startsWith('**') && text.length > 4) return <strong>{text.slice(2, -2)}</strong>;
  return text.startsWith('`') && text.length > 2 ? <code>{text.slice(1, -1)}</code> : text;
}
