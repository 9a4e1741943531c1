import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import { raise, requestHandoff, SYSTEM, tell, voice } from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { botError } from '#escalation/bot-error.ts';
import { judge } from '#escalation/verdict.ts';
import { escalate } from './talk.ts';

/**
 * The bot failed at a turn, all tries included. Never silence: the policy's `bot_error` line says whether a person
 * is asked at once, the customer is asked, or hears an apology.
 */
export function botFailed(draft: Draft, command: CommandOf<'bot-failed'>): Decision {
  const { control, turns } = draft.state;
  if (control.holder !== 'bot') return refuse('control_lost', { control });
  if (!turns.some((turn) => turn.seq === command.turn)) return draft.done();
  failTurn(draft, command.turn, command.why, command.detail);
  return draft.done();
}

export function failTurn(draft: Draft, turn: number, why: 'bot_error' | 'bot_timeout', detail: string): void {
  draft.add({ type: 'bot.skipped', turn, why: 'failed', detail });
  const { memory } = draft.state;
  const verdict = judge([botError(memory, { seq: turn, detail })], memory, draft.rules.escalation);
  for (const { name, evidence } of verdict.flags) raise(draft, { name, by: 'rule', evidence });
  if (verdict.action === 'handoff')
    requestHandoff(draft, { reason: why, by: SYSTEM, evidence: verdict.evidence, queue: verdict.queue });
  else if (verdict.action === 'offer') escalate(draft, { ...verdict, reason: why });
  else tell(draft, 'apology', voice(draft).apology());
}
