import type { Token } from '#story/text.ts';
import { tokensOf } from '#story/text.ts';

/** A message's words. Links open in a new tab that knows nothing of this one. */
export function RichText({ text, rich }: { text: string; rich: boolean }) {
  return <>{tokensOf(text, rich).map(pieceOf)}</>;
}

function pieceOf(token: Token) {
  switch (token.is) {
    case 'link':
      return (
        <a href={token.href} target="_blank" rel="noopener noreferrer nofollow">
          {token.text}
        </a>
      );
    case 'bold':
      return <strong>{token.text}</strong>;
    case 'code':
      return <code>{token.text}</code>;
    case 'block':
      return <code class="block">{token.text}</code>;
    case 'text':
      return token.text;
  }
}
