import type { Command, Given } from './commands.ts';
import { decideControl } from './decide/control.ts';
import { decideHandoff } from './decide/handoff.ts';
import { decideLife, openConversation } from './decide/life.ts';
import { decideTalk } from './decide/talk.ts';
import { decideTick } from './decide/tick.ts';
import { type Decision, Draft } from './draft.ts';
import { keyOf } from './key.ts';
import { refuse } from './refusals.ts';
import type { Conversation } from './state.ts';

/**
 * THE place where control is decided: a state and a command give events, or a refusal. Pure: the moment, ids and the
 * workspace's rules are arguments; nothing is done here, only decided (the idea is Jérémie Chassaing's decider).
 *
 * Read on in decide/: `talk` who may say something · `handoff` the journey to a person · `control` take, pass,
 * release · `life` open, close, rate, flags, watchers · `tick` what is due.
 */
export function decide(state: Conversation | null, command: Command, given: Given): Decision {
  if (state === null) return command.type === 'open' ? openConversation(command, given) : refuse('not_found');
  const key = keyOf(command);
  if (key !== undefined) {
    const seen = state.keys.find(([known]) => known === key);
    if (seen) return { repeat: seen[1] };
  }
  const draft = new Draft(state, given, key);
  switch (command.type) {
    case 'open':
      return refuse('exists');
    case 'say':
    case 'note':
    case 'whisper':
    case 'barge':
    case 'edit':
    case 'redact':
      return decideTalk(draft, command);
    case 'request-handoff':
    case 'acknowledge':
    case 'desk-failed':
    case 'offer':
    case 'accept':
    case 'decline':
    case 'cancel':
    case 'abandon':
    case 'tell':
      return decideHandoff(draft, command);
    case 'take':
    case 'pass':
    case 'requeue':
    case 'hold':
    case 'resume':
    case 'release':
      return decideControl(draft, command);
    case 'tick':
      return decideTick(draft);
    default:
      return decideLife(draft, command);
  }
}
