import {
  type CustomerId,
  cleanText,
  type Imported,
  type IntegrationId,
  MAX_TEXT,
  type Part,
  type WorkspaceId,
} from '@baton/core';
import type { TranscriptItem } from '@baton/protocol/schemas';
import type { z } from 'zod';
import type { Db } from '#store/db.ts';
import type { SentPart } from '#store/files.ts';
import { partsOf } from './parts.ts';

interface Parties {
  customer: { id: CustomerId; name: string | null };
  /** Who the bot's lines belong to. */
  bot: IntegrationId;
}

/**
 * What was said before Baton knew the conversation, as messages. Nothing is cut: a text longer than a message becomes
 * several. A line without a word says nothing and is left out: a handoff must not fail for it.
 */
export async function importedOf(
  db: Db,
  workspace: WorkspaceId,
  base: string,
  items: readonly z.output<typeof TranscriptItem>[],
  parties: Parties,
): Promise<Imported[]> {
  const imported: Imported[] = [];
  for (const item of items) {
    const author = authorOf(item, parties);
    const saidAt = item.at === undefined ? {} : { saidAt: Date.parse(item.at) };
    const said = item.parts
      ? [await partsOf(db, workspace, item.parts as SentPart[], { base, uploadedBy: null })]
      : piecesOf(item.text ?? '');
    for (const parts of said) imported.push({ author, parts, ...saidAt });
  }
  return imported;
}

function authorOf(item: z.output<typeof TranscriptItem>, { customer, bot }: Parties): Imported['author'] {
  switch (item.role) {
    case 'customer': {
      const name = item.name ?? customer.name;
      return { role: 'customer', id: customer.id, ...(name ? { name } : {}) };
    }
    case 'bot':
      return { role: 'bot', id: bot, ...(item.name ? { name: item.name } : {}) };
    case 'agent':
      return { role: 'agent', id: 'imported', name: item.name ?? 'Agent' };
  }
}

/** A text as messages, cut at the end of a line or word where there is one in the last tenth. */
export function piecesOf(text: string): Part[][] {
  const pieces: Part[][] = [];
  let rest = cleanText(text).trim();
  while (rest.length > MAX_TEXT) {
    const at = cutAt(rest);
    pieces.push([{ type: 'text', text: rest.slice(0, at).trimEnd() }]);
    rest = rest.slice(at).trimStart();
  }
  if (rest !== '') pieces.push([{ type: 'text', text: rest }]);
  return pieces;
}

function cutAt(text: string): number {
  for (const mark of ['\n', ' ']) {
    const at = text.lastIndexOf(mark, MAX_TEXT - 1);
    if (at > MAX_TEXT * 0.9) return at + 1;
  }
  // Never between the two halves of a character.
  const last = text.charCodeAt(MAX_TEXT - 1);
  return last >= 0xd800 && last <= 0xdbff ? MAX_TEXT - 1 : MAX_TEXT;
}
