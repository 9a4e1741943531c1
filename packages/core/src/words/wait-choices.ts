import type { Choice } from '#message/message.ts';
import type { LongWait } from './language.ts';

/**
 * The buttons below "how would you like to wait?". Where nobody is there, sitting in the window is not among them, and a
 * message is what a callback would be.
 */
export function waitChoices(
  why: LongWait['why'],
  bot: boolean,
  labels: Record<'keep' | 'bot' | 'message' | 'callback', string>,
): Choice[] {
  const ways: (keyof typeof labels)[] =
    why === 'closed'
      ? ['message', ...(bot ? (['bot'] as const) : [])]
      : ['keep', ...(bot ? (['bot'] as const) : []), 'message', 'callback'];
  return ways.map((way) => ({ id: `wait:${way}`, label: labels[way] }));
}
