import type { Author } from '@baton/protocol';
import { safeUrl } from '#visit/site.ts';
import { useSurroundings } from './context.ts';
import { BotIcon } from './icons.tsx';

/** A face: the picture, else the initials of a person, else the sign of the assistant. */
export function Avatar({
  author,
  large,
}: {
  author: Pick<Author, 'role' | 'name'> & { avatarUrl?: string | undefined };
  large?: boolean;
}) {
  const { visit } = useSurroundings();
  const picture = author.avatarUrl ? safeUrl(author.avatarUrl, visit.host) : null;
  const name = author.name ?? '';
  const kind = author.role === 'agent' ? 'agent' : 'bot';
  return (
    <span class={`avatar ${kind} ${large ? 'large' : ''}`} aria-hidden="true">
      {picture ? <img src={picture} alt="" /> : kind === 'agent' ? initials(name) : <BotIcon size={large ? 22 : 16} />}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
