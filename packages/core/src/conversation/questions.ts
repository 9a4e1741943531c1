import { choiceOf, type Part, textOf } from '#message/message.ts';
import { isNo, isYes } from '#words/answer.ts';
import type { Conversation } from './state.ts';

/** How a customer may wait, and that he does not want to any more. */
const WAITS = ['wait:keep', 'wait:bot', 'wait:message', 'wait:callback', 'wait:stop'] as const;
export type WaitChoice = (typeof WAITS)[number];

/** What a customer can answer to Baton's own questions: "Shall I connect you?" and "Do you want to go on waiting?". */
type Answer = 'handoff:yes' | 'handoff:no' | WaitChoice;

/**
 * Marks a typed yes or no with the choice that it means, so that the log says what was understood. Only while the
 * question is the last thing between Baton and the customer: a "no" to something else stays an ordinary message.
 */
export function understood(state: Conversation, parts: Part[]): Part[] {
  const question = openQuestion(state);
  if (question === null || choiceOf(parts) !== undefined) return parts;
  const text = textOf(parts);
  const yes = isYes(text, state.locale);
  if (!yes && !isNo(text, state.locale)) return parts;
  const choice = question === 'handoff' ? (yes ? 'handoff:yes' : 'handoff:no') : yes ? 'wait:keep' : 'wait:stop';
  const first = parts.findIndex((part) => part.type === 'text');
  return parts.map((part, index) => (index === first ? { ...part, choice } : part));
}

export function isWaitChoice(choice: string | null | undefined): choice is WaitChoice {
  return WAITS.some((one) => one === choice);
}

/** Does this message ask "shall I connect you?"? Baton's own does, and a bot's may. */
export function asksAboutPerson(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === 'choices' && part.choices.some(({ id }) => id === 'handoff:yes'));
}

function openQuestion({ proposal, handoff }: Conversation): 'handoff' | 'wait' | null {
  if (proposal) return 'handoff';
  return handoff && (handoff.phase === 'queued' || handoff.phase === 'offered') && handoff.asking ? 'wait' : null;
}

/**
 * The answer to Baton that a customer's message is, or null: then it is for whoever holds control. A button may be
 * pressed late: "yes, connect me" and "leave the line" are always understood, a late "no" is only a word.
 */
export function answerIn({ control, proposal, handoff }: Conversation, parts: readonly Part[]): Answer | null {
  const choice = choiceOf(parts);
  switch (control.holder) {
    case 'bot':
      if (handoff && isWaitChoice(choice)) return choice;
      return choice === 'handoff:yes' || (choice === 'handoff:no' && proposal) ? choice : null;
    case 'queue':
      return isWaitChoice(choice) ? choice : null;
    case 'agent':
    case 'nobody':
      return null;
  }
}
