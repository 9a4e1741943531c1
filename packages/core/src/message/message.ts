import type { AgentId, CustomerId, FileId, IntegrationId, MessageId, Millis } from '#ids.ts';

/** Longest text that one message may hold, in UTF-16 units. Told before sending; longer is refused, never cut. */
export const MAX_TEXT = 8_000;
/** Most parts of one message. */
export const MAX_PARTS = 20;

/** Something the customer can pick with one tap. `id` comes back in the answer's `choice`. */
export interface Choice {
  id: string;
  label: string;
}

export interface FileRef {
  id: FileId;
  name: string;
  mime: string;
  /** Bytes. */
  size: number;
  /** Where our own server serves it; unguessable. */
  url: string;
}

export interface FormField {
  name: string;
  label: string;
  kind: 'text' | 'email' | 'number' | 'select';
  required?: boolean;
  options?: string[];
}

/**
 * One piece of a message. A side that cannot show a part gets it degraded to text (message/degrade.ts).
 * A text's `choice` is the id of the choice that it answers.
 */
export type Part =
  | { type: 'text'; text: string; choice?: string }
  | { type: 'file'; file: FileRef }
  | { type: 'choices'; choices: Choice[] }
  | { type: 'card'; title: string; text?: string; imageUrl?: string; url?: string }
  | { type: 'form'; fields: FormField[]; submitLabel?: string };

/** An agent as others see him: the console's own, or one of an outside desk (then `desk` names it). */
export interface AgentRef {
  id: AgentId | string;
  name: string;
  avatarUrl?: string;
  desk?: IntegrationId;
}

/** Who said it. `system` is Baton itself: it speaks only of what an event proves. */
export type Author =
  | { role: 'customer'; id: CustomerId; name?: string }
  | { role: 'bot'; id: IntegrationId; name?: string; avatarUrl?: string }
  | { role: 'agent'; id: AgentId | string; name: string; avatarUrl?: string; desk?: IntegrationId }
  | { role: 'system'; id: 'system'; name?: string };

/** What a bot says of its own answer. Staff see it ("what the bot tried"), customers never do. */
export interface BotReport {
  /** The bot did not know: it fell back. */
  fallback?: boolean;
  /** 0 to 1, the bot's own view. */
  confidence?: number;
  intent?: string;
  /** Articles or documents that it used. */
  sources?: { title: string; url?: string }[];
  /** Tools that it called. */
  tools?: { name: string; ok: boolean; detail?: string }[];
}

/** What Baton itself says (core/words has the sentences). */
export type Notice =
  | 'connecting'
  | 'place'
  | 'proposal'
  | 'proposal_declined'
  | 'still_waiting'
  | 'meanwhile'
  | 'wait_limit'
  | 'desk_failed'
  | 'cancelled'
  | 'agent_lost'
  | 'apology'
  | 'loop_guard';

export interface Message {
  id: MessageId;
  author: Author;
  parts: Part[];
  /** The sender's own id: the same one twice is one message. */
  clientId?: string;
  /** Control's epoch under which it was accepted. */
  epoch: number;
  /** A customer's message that the bot owes an answer to. */
  turn?: true;
  /** A bot's message: the seq of the customer's message that it answers. */
  answers?: number;
  bot?: BotReport;
  /** A message of Baton itself: which one, so that a rule can see that it was said. */
  notice?: Notice;
  /** An agent's single message without control. */
  barge?: true;
  /** Said before Baton knew the conversation, brought by the bot that owns the channel; `saidAt` is when. */
  imported?: true;
  saidAt?: Millis;
  edited?: true;
  redacted?: true;
}

/** The words of a message, for search, transcript and scoring: text and card texts, file names in brackets. */
export function textOf(parts: readonly Part[]): string {
  const pieces: string[] = [];
  for (const part of parts) {
    if (part.type === 'text') pieces.push(part.text);
    else if (part.type === 'card') pieces.push(part.text ? `${part.title}\n${part.text}` : part.title);
    else if (part.type === 'file') pieces.push(`[${part.file.name}]`);
  }
  return pieces.join('\n');
}

/** The choice that a customer picked, if this message is a pick. */
export function choiceOf(parts: readonly Part[]): string | undefined {
  for (const part of parts) if (part.type === 'text' && part.choice) return part.choice;
  return undefined;
}

/** What is wrong with the parts of a message, in words for the sender; null when nothing is. */
export function faultOfParts(
  parts: readonly Part[],
): { code: 'empty' | 'too_long' | 'too_many_parts'; message: string } | null {
  if (parts.length > MAX_PARTS) return { code: 'too_many_parts', message: `A message has at most ${MAX_PARTS} parts.` };
  let length = 0;
  let content = false;
  for (const part of parts) {
    if (part.type === 'text') {
      length += part.text.length;
      if (part.text.trim() !== '') content = true;
    } else if (part.type !== 'choices') content = true;
  }
  if (length > MAX_TEXT) {
    return {
      code: 'too_long',
      message: `A message holds at most ${MAX_TEXT} characters; this one has ${length}. Shorten it or send it in pieces.`,
    };
  }
  if (!content) return { code: 'empty', message: 'A message needs some text, a file, a card or a form.' };
  return null;
}

/**
 * PostgreSQL refuses NUL in text, and lone surrogates cannot be written as UTF-8: one such character would fail
 * the statement that carries everybody else's messages too. NUL goes, a lone surrogate becomes U+FFFD.
 */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}
