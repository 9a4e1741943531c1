import type { ReturnContext } from '@baton/core';
import { sentences } from './excerpt.ts';
import type { SmallTalk } from './small-talk.ts';

/** The house bot's own sentences. Each is true whenever it is said: it never promises, and never says that it is a person. */
export const phrases = {
  unknown: [
    "I'm sorry, I don't know that. Could you say it in other words?",
    "I'm sorry, I found nothing about that in our help pages. Could you describe it differently?",
  ],
  unsure: "I'm not sure that I understood you. Is it about one of these?",
  alsoHelpful: 'Perhaps also of interest:',
  repeated: "I'm sorry, that is all that I know about this.",
  reference:
    "Thank you. I can't look up orders or accounts myself, but a person from our team can, and would see what you have written here.",
  files: "I'm sorry, I can't look at files. A person from our team can.",
  foreign: "I'm sorry, I only understand English. A person from our team may speak your language.",
  staying: 'All right. What else can I help you with?',
  noneOfThese: "Then I'm afraid I don't know it. Could you say it in other words?",
  gone: "I'm sorry, that page is no longer there. What would you like to know?",
  teamClosed: 'Our team is not in at the moment.',
  noneLabel: 'None of these',
} as const;

/** One of several wordings, the same each time for the same turn. */
export function pick(wordings: readonly string[], seq: number): string {
  return wordings[seq % wordings.length] ?? wordings[0] ?? '';
}

export function replyTo(
  talk: SmallTalk,
  to: { botName: string; customerName: string | null; seq: number; subjects: string[] },
): string {
  const name = to.customerName?.trim().split(/\s+/)[0];
  switch (talk) {
    case 'greeting':
      return `Hello${name ? ` ${name}` : ''}! What can I help you with?`;
    case 'how_are_you':
      return 'All is well here, thank you. What can I help you with?';
    case 'thanks':
      return pick(
        ["You're welcome! Is there anything else?", 'My pleasure. Is there anything else I can help with?'],
        to.seq,
      );
    case 'bye':
      return 'Goodbye, and have a good day!';
    case 'are_you_a_bot':
      return "I'm a bot: a program that answers from our help pages. If you would rather talk to a person, just say so.";
    case 'who_are_you':
      return `I'm ${to.botName}, a bot that answers from our help pages. If you would rather talk to a person, just say so.`;
    case 'what_can_you_do':
      return to.subjects.length === 0
        ? 'You can ask me anything in your own words. If you would rather talk to a person, just say so.'
        : 'You can ask me anything in your own words, for example about one of these. If you would rather talk to a person, just say so.';
    case 'praise':
      return pick(
        ['Thank you! Is there anything else I can help with?', "I'm glad to hear that. Is there anything else?"],
        to.seq,
      );
    case 'nothing_else':
      return 'All right. Just write again whenever you need something.';
    case 'all_right':
      return 'Is there anything else I can help you with?';
    case 'laughter':
      return 'Is there anything I can help you with?';
    case 'no_help':
      return "I'm sorry that I was no help.";
  }
}

/**
 * What the bot says when a human stretch has ended. Baton has just told the customer that the bot is back, so this only shows that
 * the bot knows what happened. Null: nothing worth saying. The agent's note is for the bot alone; of the promises only those are
 * repeated that the customer was told.
 */
export function onReturn(returned: ReturnContext): string | null {
  const { agent, said } = returned;
  if (!agent || said.length === 0) return null;
  const promises = returned.promised
    .filter((promise) => said.some(({ text }) => text.includes(promise)))
    .flatMap(sentences);
  const kept = promises.at(-1);
  if (kept === undefined)
    return `I have read what you and ${agent.name} wrote. Is there anything else I can help you with?`;
  return `I have read what you and ${agent.name} wrote. ${agent.name} told you: “${kept}” Is there anything else I can help you with?`;
}
