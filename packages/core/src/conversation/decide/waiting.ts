import type { Draft } from '#conversation/draft.ts';
import type { Actor } from '#conversation/events.ts';
import { leaveLine, tell, voice, waitHow } from '#conversation/moves.ts';
import type { WaitChoice } from '#conversation/questions.ts';
import { limitsOf } from '#conversation/rules.ts';
import type { Outlook } from '#queue/outlook.ts';
import type { LongWait } from '#words/language.ts';

/** How a customer spends his wait. Whatever he chooses but leaving, his place stays his. */

export function askHowToWait(draft: Draft, why: LongWait['why']): void {
  const { text, choices } = voice(draft).howToWait({ why, bot: draft.state.bot !== null });
  tell(draft, 'still_waiting', text, [{ type: 'choices', choices }]);
}

/** Nobody is there, or even the short end of the range is past the limit: he is asked now, not after sitting it out. */
export function askIfLong(draft: Draft, { availability, estimate }: Outlook): void {
  const { handoff, rules } = { handoff: draft.state.handoff, rules: draft.rules };
  if (handoff?.phase !== 'queued' || handoff.asked || handoff.meanwhile) return;
  if (availability === 'closed') return askHowToWait(draft, 'closed');
  const limit = limitsOf(rules, handoff.queue).queueAskSeconds;
  if (limit !== null && estimate !== null && estimate.lowSeconds >= limit) askHowToWait(draft, 'expected');
}

export function chooseWait(draft: Draft, choice: WaitChoice): void {
  const by: Actor = { role: 'customer', id: draft.state.customer };
  switch (choice) {
    case 'wait:stop':
      return leaveLine(draft, by);
    case 'wait:keep':
      return waitHow(draft, null, by);
    case 'wait:bot':
      return waitHow(draft, 'with_bot', by);
    case 'wait:message':
      return waitHow(draft, 'message', by);
    case 'wait:callback':
      return waitHow(draft, 'callback', by);
  }
}
