import { type HandoffContext, type HandoffReason, transcriptText } from '@baton/core';
import type { OpenTicket } from '#ports/desk.ts';
import { inCharacters, type Measure, splitText } from './split.ts';

/** A piece of what an agent must know. `mark` is in its first line: by it the piece is found again after a cut-off try. */
export interface NotePiece {
  mark: string;
  /** Plain text, the mark included. */
  text: string;
}

/** Room for the line with the mark. */
const MARK_ROOM = 120;

/**
 * Everything that an agent must know, as plain text in pieces that a desk can hold: first who, why and what was tried, then the
 * whole transcript. The same handoff gives the same transcript pieces at every try, so that a try that was cut off can be
 * completed. `measure` counts as the vendor will: a piece that is written as HTML is longer than its text.
 */
export function handoffNotes(ticket: OpenTicket, limit: number, measure: Measure = inCharacters): NotePiece[] {
  const { context } = ticket;
  return [
    ...marked(context.handoff, 'handoff', briefText(ticket), limit, measure),
    ...transcriptNotes(context, limit, measure),
  ];
}

/** The transcript alone, for desks that hold the rest in fields. */
export function transcriptNotes(
  { handoff, transcript }: Pick<HandoffContext, 'handoff' | 'transcript'>,
  limit: number,
  measure: Measure = inCharacters,
): NotePiece[] {
  return marked(handoff, 'transcript', transcriptText(transcript), limit, measure);
}

function marked(handoff: string, what: string, text: string, limit: number, measure: Measure): NotePiece[] {
  const pieces = splitText(text, limit - MARK_ROOM, measure);
  return pieces.map((piece, index) => {
    const mark = `Baton ${handoff}: ${what} ${index + 1} of ${pieces.length}`;
    return { mark, text: `${mark}\n${piece}` };
  });
}

/** Who it is, why he is here, what the bot tried, and where to read on. What is not known is left out. */
export function briefText({ context, transcriptUrl }: OpenTicket): string {
  const { customer, page, flags, evidence, botTried, earlier } = context;
  const facts: [label: string, value: string | null][] = [
    ['Reason', REASONS[context.reason]],
    ['Customer', customerLine(customer)],
    ['E-mail', customer.email],
    ['Phone', customer.phone],
    ['Your id', customer.externalId],
    ['Language', context.language],
    ['Page', page && (page.title ? `${page.title} – ${page.url}` : page.url)],
    ['Channel', context.channel.name === '' ? context.channel.kind : context.channel.name],
    ['Priority', context.priority === 0 ? null : String(context.priority)],
    ['Skills', context.skills.join(', ')],
    ['Flags', flags.map(({ name }) => name).join(', ')],
  ];
  const blocks = [
    context.summary,
    facts.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])).join('\n'),
    list(
      'What is known',
      Object.entries(customer.attributes).map(([name, value]) => `${name}: ${value}`),
    ),
    list(
      'Why',
      evidence.flatMap(({ quote, detail }) => (quote ? [`“${quote}”`] : detail ? [detail] : [])),
    ),
    list('What the bot tried', botTried.map(attemptLine)),
    list(
      'Earlier conversations',
      earlier.map(({ at, outcome }) => `${new Date(at).toISOString().slice(0, 10)}${outcome ? ` (${outcome})` : ''}`),
    ),
    `Whole conversation: ${transcriptUrl}`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The reason of a handoff, for agents. */
export const REASONS: Record<HandoffReason, string> = {
  customer_asked: 'The customer asked for a person',
  bot_asked: 'The bot asked for a person',
  rule: 'A rule',
  frustration: 'The customer is frustrated',
  repeated_fallback: 'The bot kept having no answer',
  low_confidence: 'The bot was not sure of its answers',
  restricted_topic: 'This topic is not for the bot',
  bot_error: 'The bot failed',
  bot_timeout: 'The bot did not answer in time',
  agent_took_over: 'An agent took over',
  api: 'Another system asked for a person',
};

/** How to call somebody whose name nobody knows: told apart from others, and plainly no name. */
export function nameFor({ id, name }: HandoffContext['customer']): string {
  return name ?? `Visitor ${id.slice(-6)}`;
}

function customerLine({ name, verified }: HandoffContext['customer']): string {
  return `${name ?? 'Name not known'} (${verified ? 'identity verified' : 'identity not verified'})`;
}

function attemptLine({ asked, answered, fallback, sources, tools }: HandoffContext['botTried'][number]): string {
  const more = [...sources.map((title) => `source: ${title}`), ...tools.map((name) => `tool: ${name}`)];
  const told = answered === null ? 'no answer' : `${fallback ? 'did not know: ' : ''}${answered}`;
  return `${asked} → ${told}${more.length === 0 ? '' : ` [${more.join('; ')}]`}`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`;
}
