import type { CommandOf, Given } from '#conversation/commands.ts';
import { type Decision, Draft } from '#conversation/draft.ts';
import type { Actor, Logged } from '#conversation/events.ts';
import { evolve } from '#conversation/evolve.ts';
import { keyOf } from '#conversation/key.ts';
import { endHandoff, join, leave, moveControl } from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import type { HandoffOutcome } from '#conversation/state.ts';
import { botFailed } from './bot-failed.ts';
import { clean } from './talk.ts';

type LifeCommand = CommandOf<
  | 'close'
  | 'rate'
  | 'flag'
  | 'unflag'
  | 'watch'
  | 'unwatch'
  | 'bot-skipped'
  | 'bot-failed'
  | 'update-customer'
  | 'delivery-failed'
>;

/** Opens a conversation, with what was said before where a bot brings it. */
export function openConversation(command: CommandOf<'open'>, given: Given): Decision {
  const { id, workspace, channel, customer, bot, locale, page, attributes, transcript } = command;
  const key = keyOf(command);
  const opened: Logged = {
    seq: 1,
    at: given.at,
    event: {
      type: 'conversation.opened',
      id,
      workspace,
      channel,
      customer,
      bot,
      ...(locale ? { locale } : {}),
      ...(page ? { page } : {}),
      ...(attributes ? { attributes } : {}),
    },
    ...(key === undefined ? {} : { key }),
  };
  const draft = new Draft(evolve(null, opened), given, undefined);
  for (const said of transcript ?? []) {
    const { author, parts, saidAt } = said;
    draft.add({
      type: 'message',
      message: {
        id: given.newId('msg'),
        author,
        parts: parts.map(clean),
        epoch: 1,
        imported: true,
        ...(saidAt === undefined ? {} : { saidAt }),
      },
    });
  }
  return { events: [opened, ...draft.events], state: draft.state };
}

/** Everything around the talking: the end, the rating, flags, watchers, what happened outside. */
export function decideLife(draft: Draft, command: LifeCommand): Decision {
  switch (command.type) {
    case 'close':
      return close(draft, command);
    case 'rate':
      return rate(draft, command);
    case 'flag':
    case 'unflag':
      return flag(draft, command);
    case 'watch':
    case 'unwatch':
      return watch(draft, command);
    case 'bot-skipped':
      if (draft.state.control.holder !== 'bot' || draft.state.control.epoch !== command.epoch)
        return refuse('control_lost', { control: draft.state.control });
      if (draft.state.turns.some((turn) => turn.seq === command.turn))
        draft.add({ type: 'bot.skipped', turn: command.turn, why: 'noop' });
      return draft.done();
    case 'bot-failed':
      return botFailed(draft, command);
    case 'update-customer':
      draft.add({ type: 'customer.updated', customer: draft.state.customer, changes: command.changes, by: command.by });
      return draft.done();
    case 'delivery-failed': {
      const { side, seq, kind, detail } = command;
      draft.add({ type: 'delivery.failed', side, seq, kind, detail });
      return draft.done();
    }
  }
}

/** Who may close: the holder; a person or the API where no other agent holds it. */
function close(draft: Draft, command: CommandOf<'close'>): Decision {
  const { control, status } = draft.state;
  if (status === 'closed') return draft.done();
  const { by } = command;
  const allowed =
    by.role === 'agent'
      ? control.holder !== 'agent' || control.agent.id === by.agent.id
      : by.role === 'bot'
        ? control.holder === 'bot' && control.bot === by.id
        : true;
  if (!allowed) return refuse('not_owner', { control });
  closeConversation(draft, by, command.outcome, command.note);
  return draft.done();
}

/** Ends everything: the handoff with its outcome, presences, control. */
export function closeConversation(draft: Draft, by: Actor, outcome: HandoffOutcome | undefined, note?: string): void {
  const ended = draft.state.handoff
    ? (outcome ?? (by.role === 'customer' ? 'cancelled_by_customer' : 'resolved'))
    : undefined;
  if (ended) endHandoff(draft, ended, by, note);
  for (const { agent } of draft.state.participants) leave(draft, agent);
  if (draft.state.control.holder !== 'nobody') moveControl(draft, { holder: 'nobody' }, 'closed');
  const result = ended ?? outcome;
  draft.add({ type: 'conversation.closed', by, ...(result ? { outcome: result } : {}) });
}

function rate(draft: Draft, command: CommandOf<'rate'>): Decision {
  const { status, ended, rated } = draft.state;
  if (!Number.isInteger(command.score) || command.score < 1 || command.score > 5) return refuse('bad_rating');
  if (status !== 'closed' && !ended) return refuse('not_closed');
  if (rated) return refuse('already_rated');
  draft.add({
    type: 'rating.given',
    score: command.score,
    handoff: ended?.id ?? null,
    ...(command.comment ? { comment: command.comment } : {}),
  });
  return draft.done();
}

function flag(draft: Draft, command: CommandOf<'flag' | 'unflag'>): Decision {
  const raised = draft.state.flags.some((one) => one.name === command.name);
  if (command.type === 'flag' && !raised) {
    const by = command.by.role === 'customer' ? 'system' : command.by.role;
    draft.add({
      type: 'flag.added',
      flag: { name: command.name, by, ...(command.evidence ? { evidence: command.evidence } : {}) },
    });
  } else if (command.type === 'unflag' && raised)
    draft.add({ type: 'flag.removed', name: command.name, by: command.by });
  return draft.done();
}

/** Watching is being there without control. The owner is there anyway. */
function watch(draft: Draft, { type, agent }: CommandOf<'watch' | 'unwatch'>): Decision {
  const present = draft.state.participants.find((one) => one.agent.id === agent.id);
  if (type === 'watch' && !present) join(draft, agent, 'watcher');
  if (type === 'unwatch' && present?.role === 'watcher') leave(draft, agent);
  return draft.done();
}
