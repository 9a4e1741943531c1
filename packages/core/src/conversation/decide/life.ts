import type { CommandOf, Given } from '#conversation/commands.ts';
import { type Decision, Draft } from '#conversation/draft.ts';
import type { Actor, Logged } from '#conversation/events.ts';
import { evolve } from '#conversation/evolve.ts';
import { keyOf } from '#conversation/key.ts';
import {
  endHandoff,
  forgetLoop,
  isRaised,
  join,
  leave,
  moveControl,
  raise,
  reopen,
  writeNote,
} from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { type HandoffOutcome, MOST_FLAGS } from '#conversation/state.ts';
import { botFailed } from './bot-failed.ts';

type LifeCommand = CommandOf<
  | 'close'
  | 'erase'
  | 'rate'
  | 'flag'
  | 'unflag'
  | 'reopen'
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
  const draft = new Draft(evolve(null, opened), given);
  for (const said of transcript ?? []) {
    const { author, parts, saidAt } = said;
    draft.add({
      type: 'message',
      message: {
        id: given.newId('msg'),
        author,
        parts,
        epoch: 1,
        imported: true,
        ...(saidAt === undefined ? {} : { saidAt }),
      },
    });
  }
  return { events: [opened, ...draft.events], state: draft.state, seq: 1 };
}

/** Everything around the talking: the end, the rating, flags, watchers, what happened outside. */
export function decideLife(draft: Draft, command: LifeCommand): Decision {
  switch (command.type) {
    case 'close':
      return close(draft, command);
    case 'erase':
      return erase(draft, command.by);
    case 'rate':
      return rate(draft, command);
    case 'reopen':
      if (command.by.role === 'customer' || command.by.role === 'bot') return refuse('not_allowed');
      if (draft.state.status === 'closed') reopen(draft, command.by);
      return draft.done();
    case 'flag':
    case 'unflag':
      return flag(draft, command);
    case 'watch':
    case 'unwatch':
      return watch(draft, command);
    case 'bot-skipped':
      if (draft.state.control.holder !== 'bot') return refuse('control_lost', { control: draft.state.control });
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

/**
 * Ends everything: the handoff with its outcome, presences, control. A person who ends it has looked at it, so that what
 * the loop guard stopped may begin anew.
 */
export function closeConversation(draft: Draft, by: Actor, outcome?: HandoffOutcome, note?: string): void {
  const { handoff, participants, control } = draft.state;
  const waiting = handoff !== null && handoff.phase !== 'active';
  const result = outcome ?? (handoff && (by.role === 'customer' && waiting ? 'cancelled_by_customer' : 'resolved'));
  if (handoff && result) endHandoff(draft, result, by, note);
  else if (note) writeNote(draft, by, note);
  for (const { agent } of participants) leave(draft, agent);
  if (by.role === 'agent') forgetLoop(draft, by);
  if (control.holder !== 'nobody') moveControl(draft, { holder: 'nobody' }, 'closed');
  draft.add({ type: 'conversation.closed', by, ...(result ? { outcome: result } : {}) });
}

/** Whoever holds it, it ends. Twice is once. */
function erase(draft: Draft, by: Actor): Decision {
  const { erased, status, customer } = draft.state;
  if (erased) return draft.done();
  if (status === 'open') closeConversation(draft, by);
  draft.add({ type: 'customer.erased', customer, by });
  return draft.done();
}

/** The whole conversation once it is over; before that the stretch with a person that has ended. Once each. */
function rate(draft: Draft, command: CommandOf<'rate'>): Decision {
  const { status, ended, rated } = draft.state;
  if (!Number.isInteger(command.score) || command.score < 1 || command.score > 5) return refuse('bad_rating');
  if (status !== 'closed' && !ended?.agent) return refuse('not_closed');
  if (rated) return refuse('already_rated');
  draft.add({
    type: 'rating.given',
    score: command.score,
    handoff: ended?.id ?? null,
    ...(command.comment ? { comment: command.comment } : {}),
  });
  return draft.done();
}

function flag(draft: Draft, { type, name, by, ...more }: CommandOf<'flag' | 'unflag'>): Decision {
  if (by.role === 'customer') return refuse('not_allowed');
  const { flags } = draft.state;
  const raised = isRaised(draft, name);
  if (type === 'unflag' && raised) draft.add({ type: 'flag.removed', name, by });
  if (type === 'flag' && !raised) {
    if (flags.length >= MOST_FLAGS)
      return refuse('not_allowed', {
        message: `A conversation carries at most ${MOST_FLAGS} flags. Remove one first.`,
      });
    const evidence = 'evidence' in more && more.evidence ? { evidence: more.evidence } : {};
    raise(draft, { name, by: by.role, ...evidence });
  }
  return draft.done();
}

/** Watching is being there without control. The owner is there anyway. */
function watch(draft: Draft, { type, agent }: CommandOf<'watch' | 'unwatch'>): Decision {
  const present = draft.state.participants.find((one) => one.agent.id === agent.id);
  if (type === 'watch' && !present) join(draft, agent, 'watcher');
  if (type === 'unwatch' && present?.role === 'watcher') leave(draft, agent);
  return draft.done();
}
