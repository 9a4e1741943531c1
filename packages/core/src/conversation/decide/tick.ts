import { type DeadlineKind, deadlines } from '#conversation/deadlines.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import { backToBot, endHandoff, SYSTEM, tell, voice } from '#conversation/moves.ts';
import { nextDesk } from '#conversation/rules.ts';
import { failTurn } from './bot-failed.ts';
import { backToLine, overflow } from './control.ts';
import { deskSilent, failHandoff } from './handoff.ts';
import { closeConversation } from './life.ts';
import { askHowToWait } from './waiting.ts';

/** More deadlines than states: a tick that handled this many at once would be going in circles. */
const MOST_AT_ONCE = 20;

/** Does what is due, earliest first, each on the state that the one before left. Nothing due is fine. */
export function decideTick(draft: Draft): Decision {
  for (let round = 0; round < MOST_AT_ONCE; round++) {
    const next = deadlines(draft.state, draft.rules)[0];
    if (!next || next.at > draft.at) break;
    const before = draft.events.length;
    act(draft, next.kind);
    if (draft.events.length === before) break;
  }
  return draft.done();
}

function act(draft: Draft, kind: DeadlineKind): void {
  const { handoff } = draft.state;
  switch (kind) {
    case 'desk_notice':
      if (handoff) tell(draft, 'connecting', voice(draft).connectingOnly(handoff.reason));
      return;
    case 'desk_try':
      if (handoff) deskSilent(draft, handoff, nextDesk(draft.rules, handoff.queue, handoff.desk));
      return;
    case 'desk_total':
      return failHandoff(draft);
    case 'offer_expires':
      if (handoff?.phase === 'offered')
        draft.add({ type: 'handoff.expired', handoff: handoff.id, agent: handoff.agent });
      return;
    case 'queue_ask':
      return askHowToWait(draft, 'passed');
    case 'queue_limit':
      endHandoff(draft, 'wait_limit', SYSTEM);
      tell(draft, 'wait_limit', voice(draft).waitLimit());
      return backToBot(draft, 'wait_limit');
    case 'overflow':
      if (handoff?.phase === 'queued') overflow(draft, handoff);
      return;
    case 'agent_silent_warn':
      draft.add({
        type: 'note',
        note: {
          id: draft.newId('msg'),
          author: { role: 'system', id: 'system', name: draft.rules.voice },
          text: 'The customer has been waiting for your first word. The conversation goes back to the queue soon.',
        },
        warning: 'agent_silent',
      });
      return;
    case 'agent_silent':
      if (handoff?.phase === 'active') backToLine(draft, handoff, 'agent_silent');
      return;
    case 'customer_idle':
      return closeConversation(draft, SYSTEM, 'resolved');
    case 'human_idle':
      return humanIdle(draft);
    case 'bot_silent': {
      const turn = draft.state.turns[0];
      if (turn) failTurn(draft, turn.seq, 'bot_timeout', 'The bot did not answer in time.');
      return;
    }
    case 'bot_idle':
      return closeConversation(draft, SYSTEM);
  }
}

/**
 * A day of nothing under a human. What was answered is closed; what he left unanswered goes back to the bot, or to
 * another human where there is no bot: nobody's question ends without an answer because time went by.
 */
function humanIdle(draft: Draft): void {
  const { unanswered, bot, handoff } = draft.state;
  if (unanswered === null) return closeConversation(draft, SYSTEM, 'resolved');
  if (bot === null && handoff?.phase === 'active') return backToLine(draft, handoff, 'agent_silent');
  endHandoff(draft, 'agent_silent', SYSTEM);
  backToBot(draft, 'agent_silent');
}
