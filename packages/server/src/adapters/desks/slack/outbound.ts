import type { HandoffId } from '@baton/core';
import { handoffNotes, type NotePiece, nameFor, REASONS } from '#kit/handoff-note.ts';
import { splitText } from '#kit/split.ts';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';
import { BUTTON } from './shapes.ts';
import { escaped, escapedLength } from './words.ts';

/**
 * Slack cuts off after 40,000 characters, and takes about one message a second in a channel: notes are as long as they
 * can be. A customer's words are split where Slack would fold them.
 */
const NOTE_LIMIT = 38_000;
const WORDS_LIMIT = 3_900;
/** A section takes 3,000. */
const HEADLINE_LIMIT = 2_500;
/** What a customer calls himself stands where Slack shows who speaks. */
const NAME_LIMIT = 60;

/** Nothing in it is taken for Slack's own signs, nobody is called by it, and no page is shown below it. */
const PLAIN = { mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** The kind of our metadata; `mark` in it is how what we wrote is found again. */
export const METADATA = 'baton';

function marked(mark: string): { metadata: object } {
  return { metadata: { event_type: METADATA, event_payload: { mark } } };
}

export function rootMark(handoff: HandoffId): string {
  return `handoff ${handoff}`;
}

/** The first message of the thread: who and why in short, and what can be done. */
export function rootMessage({ handoff, context }: OpenTicket, channel: string): object {
  const { customer, reason, flags, summary } = context;
  const why = [REASONS[reason], ...flags.map(({ name }) => name)].join(' · ');
  const [headline = ''] = splitText(
    [`${nameFor(customer)}: ${why}`, summary].filter((line) => line !== '').join('\n'),
    HEADLINE_LIMIT,
    escapedLength,
  );
  return {
    channel,
    text: escaped(headline),
    ...PLAIN,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: headline, emoji: false } },
      {
        type: 'actions',
        elements: [button('take', 'Take', 'primary'), button('return', 'Back to the bot'), button('close', 'Close')],
      },
    ],
    ...marked(rootMark(handoff)),
  };
}

function button(act: string, label: string, style?: 'primary'): object {
  return {
    type: 'button',
    action_id: BUTTON + act,
    text: { type: 'plain_text', text: label },
    ...(style ? { style } : {}),
  };
}

export function notePieces(ticket: OpenTicket): NotePiece[] {
  return handoffNotes(ticket, NOTE_LIMIT, escapedLength);
}

export interface Thread {
  channel: string;
  ts: string;
}

export function noteMessage({ channel, ts }: Thread, { mark, text }: NotePiece): object {
  return { channel, thread_ts: ts, text: escaped(text), ...PLAIN, ...marked(mark) };
}

/** Who says it, with what he is: nobody can call himself a colleague. */
function speaker({ author }: Pick<OutMessage, 'author'>): { username: string; icon_emoji: string } {
  const { role, name } = author;
  return role === 'customer'
    ? { username: `${name.slice(0, NAME_LIMIT)} (customer)`, icon_emoji: ':speech_balloon:' }
    : { username: `${name.slice(0, NAME_LIMIT)} (Baton)`, icon_emoji: ':left_speech_bubble:' };
}

/** Somebody's words in the thread, each piece with a mark of its own. */
export function wordMessages({ channel, ts }: Thread, message: OutMessage): { mark: string; json: object }[] {
  return splitText(message.text, WORDS_LIMIT, escapedLength).map((text, index) => {
    const mark = `${message.key} ${index + 1}`;
    const said = { channel, thread_ts: ts, text: escaped(text), ...speaker(message), ...PLAIN };
    return { mark, json: { ...said, ...marked(mark) } };
  });
}

/** Files keep no metadata: the words with them say which message they are of, and by these they are found again. */
export function fileComment({ author, seq }: OutMessage, index: number): string {
  return escaped(`${author.name.slice(0, NAME_LIMIT)}, message ${seq}${index === 0 ? '' : `, file ${index + 1}`}`);
}

export function shareBody({ channel, ts }: Thread, message: OutMessage, index: number, id: string): object {
  return {
    files: [{ id, title: message.files[index]?.name ?? 'file' }],
    channel_id: channel,
    thread_ts: ts,
    initial_comment: fileComment(message, index),
    ...speaker(message),
  };
}
