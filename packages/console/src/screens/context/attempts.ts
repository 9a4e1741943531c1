import type { EventItem, HandoffContext } from '@baton/protocol';

/** One question to the bot and what came of it. */
export type Attempt = HandoffContext['botTried'][number];

/** Attempts that are shown; the newest matter. */
const SHOWN = 6;

/** What the bot tried, from the part of the log that is here: each question of the customer and the bot's answer to it. */
export function triedOf(events: readonly EventItem[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (const { seq, event } of events) {
    if (event.type === 'bot.skipped' && event.why === 'failed') mark(attempts, { answered: null, fallback: true });
    if (event.type !== 'message' || event.message.redacted) continue;
    const { author, parts, bot } = event.message;
    const text = parts
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join(' ')
      .trim();
    if (author.role === 'customer' && text !== '')
      attempts.push({ seq, asked: text, answered: null, fallback: false, sources: [], tools: [] });
    if (author.role === 'agent') dropOpen(attempts);
    if (author.role !== 'bot') continue;
    mark(attempts, {
      answered: text,
      fallback: bot?.fallback ?? false,
      sources: bot?.sources?.map((source) => source.title) ?? [],
      tools: bot?.tools?.map((tool) => tool.name) ?? [],
    });
  }
  // What a person answered, or nobody yet, is not the bot's attempt.
  return attempts.filter((one) => one.answered !== null || one.fallback).slice(-SHOWN);
}

function mark(attempts: Attempt[], result: Partial<Attempt>): void {
  const open = attempts.at(-1);
  if (open && open.answered === null) Object.assign(open, result);
}

function dropOpen(attempts: Attempt[]): void {
  if (attempts.at(-1)?.answered === null) attempts.pop();
}
