import { cleaned } from './clean.ts';
import type { Command, Given } from './commands.ts';
import { decideControl } from './decide/control.ts';
import { decideHandoff } from './decide/handoff.ts';
import { decideLife, openConversation } from './decide/life.ts';
import { decideTalk } from './decide/talk.ts';
import { decideTick } from './decide/tick.ts';
import { type Decision, Draft } from './draft.ts';
import { answerOf, keyOf } from './key.ts';
import { refuse } from './refusals.ts';
import type { Conversation } from './state.ts';

/**
 * THE place where control is decided: a state and a command give events, or a refusal. Pure: the moment, ids and the
 * workspace's rules are arguments; nothing is done here, only decided (the idea is Jérémie Chassaing's decider).
 *
 * Read on in decide/: `talk` who may say something · `handoff` the journey to a person · `control` take, pass,
 * release · `life` open, close, rate, flags, watchers · `tick` what is due.
 */
export function decide(state: Conversation | null, asked: Command, given: Given): Decision {
  const command = cleaned(asked);
  if (state === null) return command.type === 'open' ? openConversation(command, given) : refuse('not_found');
  const key = keyOf(command);
  const repeat = key === undefined ? undefined : answerOf(state, key);
  if (repeat !== undefined) return { repeat };
  // Nothing may be held of him: whatever is said would be.
  if (state.erased && command.type !== 'erase' && command.type !== 'tick')
    return refuse('closed', { message: 'What was said here was erased. Open a new conversation.' });
  if (isStale(state, command)) return refuse('control_lost', { control: state.control });
  const draft = new Draft(state, given, { key, says: command.type === 'say' });
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

/**
 * Was it sent under an epoch that has passed (I2)? Who names no epoch is judged by the holder alone. A customer may
 * always speak: his side of the conversation has no epoch.
 */
function isStale({ control }: Conversation, command: Command): boolean {
  if (!('epoch' in command) || command.epoch === undefined || command.epoch === control.epoch) return false;
  const by = 'by' in command ? command.by : 'author' in command ? command.author : null;
  return by?.role !== 'customer';
}
