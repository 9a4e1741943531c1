import type { HandoffId } from '@baton/core';
import type { NotePiece } from '#kit/handoff-note.ts';
import { htmlToText, textToHtml } from '#kit/html.ts';
import { unless } from '#kit/vendor.ts';
import type { DeskEvent, OpenTicket, OutMessage } from '#ports/desk.ts';
import type { Files } from '#ports/files.ts';
import type { Admin, Conversation, Intercom } from './client.ts';
import { partEvents, type Reading } from './inbound.ts';
import {
  contactBody,
  externalIdOf,
  firstWords,
  markOf,
  notePieces,
  othersNotes,
  type WordPiece,
  wordPieces,
} from './outbound.ts';

const NO_TEAM = '0';
/** Parts that are asked for again: one may become visible after a later one. */
const OVERLAP_S = 60;

export interface Opened {
  id: string;
  contact: string;
}

/** The conversation of a handoff with all its notes. With `again` only what is missing is done. */
export async function openConversation(api: Intercom, ticket: OpenTicket, again: boolean): Promise<Opened> {
  const { customer } = ticket.context;
  const contact =
    (await unless([404], api.contactOf(externalIdOf(customer)))) ?? (await api.addContact(contactBody(customer)));
  const known = again ? await findConversation(api, ticket.handoff) : null;
  const id = known ?? (await api.openConversation(contact.id, firstWords(ticket.handoff)));
  // At once, before rules of the workspace or Fin take it.
  if (ticket.group !== null) await api.assignTeam(id, ticket.group);
  await writeNotes(api, id, notePieces(ticket), known === null ? null : await api.conversation(id));
  return { id, contact: contact.id };
}

/** Among those that changed last, which holds what is new; then by search, which holds what is older. */
export async function findConversation(api: Intercom, handoff: HandoffId): Promise<string | null> {
  const mark = markOf(handoff);
  const ours = (found: Conversation[]) => found.find(({ source }) => htmlToText(source?.body ?? '').includes(mark));
  return (ours(await api.latest()) ?? ours(await api.search(mark)))?.id ?? null;
}

/** Gives the id of the first part that it became. */
export async function sendMessage(
  api: Intercom,
  files: Files,
  { id, contact }: Opened,
  message: OutMessage,
  again: boolean,
): Promise<string> {
  const there = again ? await api.conversation(id) : null;
  if (message.author.role !== 'customer') return writeNotes(api, id, othersNotes(message), there);
  const created_at = Math.floor(message.at / 1_000);
  let first: string | undefined;
  for (const piece of wordPieces(message)) {
    const known = there?.conversation_parts.find(
      (part) =>
        part.created_at === created_at &&
        part.author.type !== 'admin' &&
        squeezed(part.body ?? '') === squeezedText(piece.text),
    );
    first ??= known?.id;
    if (known) continue;
    const json = {
      message_type: 'comment',
      type: 'user',
      intercom_user_id: contact,
      body: piece.text,
      created_at,
      ...(piece.files.length === 0 ? {} : { attachment_files: await filesOf(files, piece) }),
    };
    const wrote = await api.reply(id, json);
    first ??= wrote.conversation_parts.at(-1)?.id ?? id;
  }
  return first ?? id;
}

/**
 * Says why in a note, as words with a close would go to the customer. What is closed or gone needs no closing; from the bot's team
 * it is taken in any case, so that it can be assigned there once more.
 */
export async function closeConversation(api: Intercom, botTeam: string | null, id: string, why: string): Promise<void> {
  const conversation = await unless([404], api.conversation(id));
  if (!conversation) return;
  const [isOpen, isReturned] = [
    conversation.open !== false,
    botTeam !== null && conversation.team_assignee_id === botTeam,
  ];
  if (isOpen) await writeNotes(api, id, [{ mark: why, text: why }], conversation);
  if (isReturned) await unless([404], api.assignTeam(id, NO_TEAM));
  if (isOpen) await unless([404], api.close(id));
}

/** What has happened since: parts under the keys that their notifications have. */
export async function pollConversation(
  api: Intercom,
  id: string,
  cursor: string | null,
  reading: Reading,
): Promise<{ events: DeskEvent[]; cursor: string }> {
  const conversation = await unless([404], api.conversation(id));
  if (!conversation)
    return { events: [{ type: 'closed', ticket: id, key: `gone:${id}`, agent: null }], cursor: cursor ?? '0' };
  const since = Number(cursor ?? 0);
  const parts = conversation.conversation_parts.filter(({ created_at }) => created_at >= since - OVERLAP_S);
  const events = parts.flatMap((part) => partEvents(id, part, reading));
  const hints = events.some(({ type }) => type === 'changed');
  const named = hints ? await withNames(api, reading) : reading;
  return {
    events: (hints ? parts.flatMap((part) => partEvents(id, part, named)) : events).filter(
      ({ type }) => type !== 'ignored',
    ),
    cursor: String(Math.max(since, ...parts.map(({ created_at }) => created_at))),
  };
}

/** Everybody's name, for parts that tell only an id. */
export async function withNames(api: Intercom, reading: Reading): Promise<Reading> {
  const names = new Map((await api.admins()).map(({ id, name }: Admin) => [id, name ?? undefined]));
  return { ...reading, nameOf: (admin) => names.get(admin) };
}

/** Writes the notes that are not there yet; gives the id of the first. */
async function writeNotes(
  api: Intercom,
  id: string,
  pieces: readonly NotePiece[],
  there: Conversation | null,
): Promise<string> {
  let first: string | undefined;
  for (const { mark, text } of pieces) {
    const known = there?.conversation_parts.find(
      ({ part_type, body }) =>
        part_type === 'note' &&
        htmlToText(body ?? '')
          .split('\n')[0]
          ?.trim() === mark,
    );
    first ??= known?.id;
    if (known) continue;
    const wrote = await api.note(id, `<p>${textToHtml(text)}</p>`);
    first ??= wrote.conversation_parts.at(-1)?.id;
  }
  return first ?? id;
}

/** As Intercom takes them: in base64. One that is gone here is a line of text with its address. */
async function filesOf(files: Files, { files: refs }: WordPiece): Promise<object[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const bytes = await files.read(ref);
      return bytes
        ? { content_type: ref.mime, name: ref.name, data: Buffer.from(bytes).toString('base64') }
        : { content_type: 'text/plain', name: `${ref.name}.txt`, data: Buffer.from(ref.url).toString('base64') };
    }),
  );
}

function squeezed(html: string): string {
  return squeezedText(htmlToText(html));
}

function squeezedText(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
