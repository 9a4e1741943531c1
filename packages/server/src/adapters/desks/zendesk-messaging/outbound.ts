import { createHash } from 'node:crypto';
import { type CustomerCard, type FileRef, type HandoffId, lineText } from '@baton/core';
import { handoffNotes } from '#kit/handoff-note.ts';
import { splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

/** Zendesk takes 4,096 characters of text. */
const TEXT_LIMIT = 4_000;
/** The last messages before the handoff come as messages of their authors; what is before them in larger pieces. */
export const TYPED = 20;
/** All metadata of a call together may have 4 KB. */
const TAGS_LIMIT = 1_000;
const NAME_LIMIT = 100;

/** What an agent writes to give the customer back to the bot; what follows is his note. */
export const BACK_TO_BOT = '/bot';

/** By this name our own key stands in the metadata of everything that we write. */
export const MARK = 'baton';

/** One message to be written there. It is found again by its key. */
export interface Piece {
  key: string;
  author: { role: OutMessage['author']['role']; name: string };
  content: { text: string } | { file: FileRef };
}

/**
 * Who it is. An e-mail address never is: somebody may claim another's, and would share his history. The second is how he was
 * known before he proved who he is.
 */
export function externalIdsOf({ id, verified, externalId }: CustomerCard): [string, ...string[]] {
  return verified && externalId !== null ? [externalId, id] : [id];
}

export function userBody({ context: { customer, language } }: OpenTicket): object {
  const { name, email, verified } = customer;
  const profile = {
    ...(name === null ? {} : { givenName: name.slice(0, 128) }),
    ...(email === null || !verified ? {} : { email }),
    ...(language === null ? {} : { locale: language }),
  };
  return {
    externalId: externalIdsOf(customer)[0],
    ...(Object.keys(profile).length === 0 ? {} : { profile }),
  };
}

export function conversationBody({ handoff, context }: OpenTicket): object {
  const [userExternalId] = externalIdsOf(context.customer);
  return {
    type: 'personal',
    // A widget of Zendesk's, where he has one, does not call him there: he reads in Baton's.
    participants: [{ userExternalId, subscribeSDKClient: false }],
    displayName: 'Handed over from the chat',
    metadata: { baton_handoff: handoff, baton_conversation: context.conversation, baton_customer: userExternalId },
  };
}

/** Everything that an agent must know, then everything that was said. The same at every try. */
export function openingPieces(ticket: OpenTicket): Piece[] {
  const { handoff, context } = ticket;
  const older = context.transcript.slice(0, -TYPED);
  const typed = context.transcript.slice(-TYPED);
  const notes = handoffNotes({ ...ticket, context: { ...context, transcript: older } }, TEXT_LIMIT);
  return [
    ...notes.map(({ mark, text }, index) => ({
      key: mark,
      author: BATON,
      content: { text: index === 0 ? `${text}\n${HOW_BACK}` : text },
    })),
    ...typed.flatMap((line, index) =>
      splitText(lineText(line), TEXT_LIMIT).map((text, piece) => ({
        key: `${handoff} said ${index + 1}.${piece + 1}`,
        author: { role: line.role, name: line.name ?? line.role },
        content: { text },
      })),
    ),
  ];
}

const BATON: Piece['author'] = { role: 'system', name: 'Baton' };
/** Short enough for what the limit leaves free. */
const HOW_BACK = `${BACK_TO_BOT} and a note gives the customer back to the bot.`;

/** Long words are several messages; each file is one of its own. What is not the customer's comes in its author's name. */
export function messagePieces({ key, author, text, files }: OutMessage): Piece[] {
  const contents: Piece['content'][] = [
    ...splitText(text, TEXT_LIMIT).map((piece) => ({ text: piece })),
    ...files.map((file) => ({ file })),
  ];
  return contents.map((content, index) => ({
    key: index === 0 ? key : `${key} ${index + 1}`,
    author,
    content,
  }));
}

/** Keys of closing words begin so: by them it is known that it was us who took control. */
export const CLOSING = 'closed ';

export function closingPiece(why: string): Piece {
  const key = `${CLOSING}${createHash('sha256').update(why).digest('hex').slice(0, 16)}`;
  return { key, author: BATON, content: { text: why } };
}

/** The body of a message. `mediaUrl` is where its file was put. */
export function messageBody({ key, author }: Piece, userExternalId: string, content: object): object {
  return {
    author:
      author.role === 'customer'
        ? { type: 'user', userExternalId }
        : {
            type: 'business',
            displayName: author.name.slice(0, NAME_LIMIT),
            ...(author.role === 'bot' ? { subtypes: ['AI'] } : {}),
          },
    content,
    metadata: { [MARK]: key },
  };
}

/** What goes with control to the agents: fields of the ticket that Zendesk makes. `first`: from this message on they read. */
export function passMetadata({ handoff, context, group }: OpenTicket, first: string): Record<string, string> {
  const { customer, flags, priority } = context;
  const field = (name: string) => `dataCapture.systemField.${name}`;
  return {
    [MARK]: handoff,
    origin_source_type: 'baton',
    first_message_id: first,
    [field('tags')]: tagsOf(flags.map(({ name }) => name)),
    ...(customer.name === null ? {} : { [field('requester.name')]: customer.name.slice(0, NAME_LIMIT) }),
    ...(customer.email === null || !customer.verified ? {} : { [field('requester.email')]: customer.email }),
    ...(priority === 0 ? {} : { [field('priority')]: priorityOf(priority) }),
    ...(group === null ? {} : { [field('group_id')]: group }),
  };
}

export function passMark(why: HandoffId | 'closed' | 'again'): Record<string, string> {
  return { [MARK]: why };
}

/** Of Baton's: below 0 is low, 1 high, more urgent. */
function priorityOf(priority: number): 'low' | 'high' | 'urgent' {
  if (priority < 0) return 'low';
  return priority === 1 ? 'high' : 'urgent';
}

/** Zendesk's tags have no spaces; the list is one text. */
function tagsOf(flags: readonly string[]): string {
  const tags = ['baton', ...flags.map((flag) => `baton_${flag.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_')}`)];
  let text = '';
  for (const tag of new Set(tags)) if (text.length + tag.length < TAGS_LIMIT) text += text === '' ? tag : `,${tag}`;
  return text;
}
