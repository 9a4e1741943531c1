import type { Signal } from './policy.ts';
import type { Memory } from './remembered.ts';

/**
 * The bot failed at a turn (error or time-out). It comes from outside: nobody reads it off words.
 *
 * @param memory after the failure was remembered, so `failuresInARow` counts it
 * @param failed the message left without an answer, and what went wrong in a few words
 * @returns score 0.5 for the first failure, 0.75 for the second in a row, 0.875 ...: the policy's threshold says
 *   after how many a person is asked
 */
export function botError(memory: Memory, failed: { seq: number; detail?: string }): Signal {
  const times = Math.max(1, memory.failuresInARow);
  const score = 1 - 0.5 ** times;
  const said = `The bot failed${times === 1 ? '' : ` ${times} times in a row`}`;
  const detail = failed.detail ? `${said}: ${failed.detail.slice(0, 200)}` : `${said}.`;
  return { kind: 'bot_error', score, evidence: { kind: 'bot_error', seq: failed.seq, score, detail } };
}
