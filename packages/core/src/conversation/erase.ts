import { emptyMemory } from '#escalation/memory.ts';
import type { Author, Message } from '#message/message.ts';
import type { ConversationEvent } from './events.ts';
import type { Conversation, Evidence, Flag, Handoff } from './state.ts';

/**
 * An event without anything that people wrote, and without what it says of the customer. Its type, its place, who acted and what
 * it did to control and handoff stay: the log keeps its shape. Twice is the same as once.
 */
export function withoutWords(event: ConversationEvent): ConversationEvent {
  switch (event.type) {
    case 'conversation.opened': {
      const { page: _page, attributes: _attributes, ...opened } = event;
      return opened;
    }
    case 'message':
      return { type: 'message', message: emptied(event.message) };
    case 'message.edited':
      return { ...event, parts: [] };
    case 'note':
      return { ...event, note: { ...event.note, author: nameless(event.note.author), text: '' } };
    case 'flag.added':
      return { ...event, flag: bareFlag(event.flag) };
    case 'proposal.made':
      return { ...event, evidence: [] };
    case 'bot.skipped': {
      const { detail: _detail, ...skipped } = event;
      return skipped;
    }
    case 'handoff.requested': {
      const { summary: _summary, ...requested } = event;
      return { ...requested, evidence: [] };
    }
    case 'handoff.transferred':
    case 'handoff.ended': {
      const { note: _note, ...rest } = event;
      return rest;
    }
    case 'customer.updated':
      return { ...event, changes: {} };
    case 'rating.given': {
      const { comment: _comment, ...given } = event;
      return given;
    }
    case 'delivery.failed':
      return { ...event, detail: '' };
    default:
      return event;
  }
}

/** An event without the words of one message: the message itself, its edits, and the quotes of it that spoke for a decision. */
export function withoutMessage(event: ConversationEvent, id: string, seq: number): ConversationEvent {
  switch (event.type) {
    case 'message':
      return event.message.id === id ? { type: 'message', message: emptied(event.message) } : event;
    case 'message.edited':
      return event.message === id ? { ...event, parts: [] } : event;
    case 'flag.added':
      return event.flag.evidence ? { ...event, flag: unquotedFlag(event.flag, seq) } : event;
    case 'proposal.made':
    case 'handoff.requested':
      return { ...event, evidence: unquoted(event.evidence, seq) };
    default:
      return event;
  }
}

/** The state after a message was redacted: which of the remembered words were its, we do not know, so all of them go. */
export function forgetMessage(state: Conversation, seq: number | undefined): Conversation {
  const next = { ...state, memory: { ...state.memory, turns: [], lastBotText: '' } };
  if (seq === undefined) return next;
  const { handoff, proposal } = state;
  return {
    ...next,
    flags: state.flags.map((flag) => unquotedFlag(flag, seq)),
    handoff: handoff && ({ ...handoff, evidence: unquoted(handoff.evidence, seq) } satisfies Handoff),
    proposal: proposal && { ...proposal, evidence: unquoted(proposal.evidence, seq) },
  };
}

/** The state after the customer was erased: over for good, and without a word. */
export function forgetCustomer(state: Conversation): Conversation {
  return {
    ...state,
    erased: true,
    flags: state.flags.map(bareFlag),
    proposal: null,
    turns: [],
    unanswered: null,
    memory: emptyMemory(),
  };
}

function emptied({ bot: _bot, ...message }: Message): Message {
  return { ...message, author: nameless(message.author), parts: [], redacted: true };
}

/** What agents and bots are called is the house's own; what a customer is called is his. */
function nameless(author: Author): Author {
  if (author.role !== 'customer') return author;
  const { name: _name, ...rest } = author;
  return rest;
}

function bareFlag<F extends Omit<Flag, 'at'>>({ evidence: _evidence, ...flag }: F): Omit<F, 'evidence'> {
  return flag;
}

function unquotedFlag<F extends Omit<Flag, 'at'>>(flag: F, seq: number): F {
  const [evidence] = flag.evidence ? unquoted([flag.evidence], seq) : [];
  return evidence ? { ...flag, evidence } : flag;
}

function unquoted(evidence: readonly Evidence[], seq: number): Evidence[] {
  return evidence.map((one) => {
    if (one.seq !== seq) return one;
    const { quote: _quote, words: _words, detail: _detail, ...rest } = one;
    return rest;
  });
}
