import type { Logged } from '#conversation/events.ts';
import { textOf } from '#message/message.ts';
import { messagesOf, type Said } from '#message/transcript.ts';

/** One question to the bot and what came of it. */
export interface BotAttempt {
  seq: number;
  asked: string;
  answered: string | null;
  fallback: boolean;
  sources: string[];
  tools: string[];
}

/**
 * What was asked of the bot and what came of it, oldest first. An answer goes to the question that it names
 * (`answers`), else to the last one before it. A turn that the bot failed at has no answer and counts as a fallback.
 */
export function botTried(events: readonly Logged[]): BotAttempt[] {
  const attempts = new Map<number, BotAttempt>();
  let last: BotAttempt | undefined;
  for (const said of messagesOf(events)) {
    const { author, turn, imported, redacted, answers } = said.message;
    if (author.role === 'customer' && (turn || imported) && !redacted) {
      last = {
        seq: said.seq,
        asked: textOf(said.message.parts),
        answered: null,
        fallback: false,
        sources: [],
        tools: [],
      };
      attempts.set(said.seq, last);
    } else if (author.role === 'bot' && !redacted) {
      const attempt = (answers === undefined ? undefined : attempts.get(answers)) ?? last;
      if (attempt) addAnswer(attempt, said);
    } else if (author.role === 'agent') last = undefined;
  }
  for (const { event } of events) {
    if (event.type !== 'bot.skipped' || event.why !== 'failed') continue;
    const attempt = attempts.get(event.turn);
    if (attempt) attempt.fallback = true;
  }
  return [...attempts.values()];
}

function addAnswer(attempt: BotAttempt, { message: { parts, bot } }: Said): void {
  const text = textOf(parts);
  if (text !== '') attempt.answered = attempt.answered === null ? text : `${attempt.answered}\n${text}`;
  if (bot?.fallback) attempt.fallback = true;
  for (const { title } of bot?.sources ?? []) if (!attempt.sources.includes(title)) attempt.sources.push(title);
  for (const { name, ok } of bot?.tools ?? []) attempt.tools.push(ok ? name : `${name} (failed)`);
}
