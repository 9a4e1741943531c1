import type { ConversationSummary } from '@baton/protocol';
import type { Command } from '#data/commands.ts';
import { customerName } from '#ui/names.ts';

/** Conversations that the palette shows at most. */
const MOST_CONVERSATIONS = 8;

/** Commands that fit what was typed: those whose label begins with it first, then those that have all its words. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const wanted = plain(typed);
  if (wanted === '') return [...commands];
  const words = wanted.split(' ');
  const fits = commands.filter((command) => {
    const hay = plain(`${command.label} ${command.words ?? ''}`);
    return words.every((word) => hay.includes(word));
  });
  return fits.sort((a, b) => rank(a, wanted) - rank(b, wanted));
}

/** Conversations whose customer or last words fit. Nothing typed: none, the lists are beside it. */
export function findConversations(rows: readonly ConversationSummary[], typed: string): ConversationSummary[] {
  const words = plain(typed).split(' ').filter(Boolean);
  if (words.length === 0) return [];
  return rows
    .filter((row) =>
      words.every((word) =>
        plain(`${customerName(row.customer)} ${row.customer.email ?? ''} ${row.last?.text ?? ''}`).includes(word),
      ),
    )
    .slice(0, MOST_CONVERSATIONS);
}

function rank(command: Command, wanted: string): number {
  const label = plain(command.label);
  if (label.startsWith(wanted)) return 0;
  return label.split(' ').some((word) => word.startsWith(wanted)) ? 1 : 2;
}

/** Lower case without accents: "Resumé" is found by "resume". */
function plain(text: string): string {
  return text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim();
}
