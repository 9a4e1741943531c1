import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import {
  backToBot,
  endHandoff,
  leave,
  loops,
  reopen,
  requestHandoff,
  SYSTEM,
  seat,
  tell,
  voice,
} from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { limitsOf } from '#conversation/rules.ts';
import type { Handoff } from '#conversation/state.ts';

type HandoffCommand = CommandOf<
  'request-handoff' | 'acknowledge' | 'desk-failed' | 'offer' | 'accept' | 'decline' | 'cancel' | 'abandon' | 'tell'
>;

/** The journey to a person: requested, queued, offered, active. */
export function decideHandoff(draft: Draft, command: HandoffCommand): Decision {
  if (command.type === 'request-handoff') return request(draft, command);
  if (command.type === 'cancel') return cancel(draft, command);
  const { handoff } = draft.state;
  if (!handoff || handoff.id !== command.handoff) return refuse('no_handoff');
  switch (command.type) {
    case 'acknowledge':
      return acknowledge(draft, handoff, command);
    case 'desk-failed':
      return deskFailed(draft, handoff, command);
    case 'offer':
      return offer(draft, handoff, command);
    case 'accept':
      return accept(draft, handoff, command);
    case 'decline':
      if (handoff.phase !== 'offered' || handoff.agent.id !== command.agent.id) return refuse('not_offered');
      draft.add({ type: 'handoff.declined', handoff: handoff.id, agent: handoff.agent });
      return draft.done();
    case 'abandon':
      if (handoff.phase === 'active') return refuse('wrong_phase');
      endHandoff(draft, 'abandoned', SYSTEM);
      backToBot(draft, 'abandoned');
      return draft.done();
    case 'tell':
      return tellOutlook(draft, handoff, command);
  }
}

function request(draft: Draft, command: CommandOf<'request-handoff'>): Decision {
  const { control, handoff } = draft.state;
  if (command.by.role === 'bot') {
    const holds = control.holder === 'bot' && control.bot === command.by.id;
    const stale = command.epoch !== undefined && command.epoch !== control.epoch;
    if (!holds || stale) return refuse('control_lost', { control });
  }
  if (draft.state.status === 'closed') {
    if (command.by.role !== 'customer') return refuse('closed');
    reopen(draft, command.by);
  }
  if (handoff) return refuse('handoff_open', { control });
  // A customer is asked to wait a moment; for a machine the loop is stopped where a person sees it.
  if (command.by.role === 'customer' && loops(draft)) return refuse('loop_guard');
  requestHandoff(draft, { ...command, evidence: command.evidence ?? [] });
  return draft.done();
}

function acknowledge(draft: Draft, handoff: Handoff, command: CommandOf<'acknowledge'>): Decision {
  if (handoff.phase !== 'requested') return refuse('wrong_phase');
  draft.add({
    type: 'handoff.queued',
    handoff: handoff.id,
    queue: handoff.queue,
    desk: handoff.desk,
    why: 'acknowledged',
    ...(command.ticket ? { ticket: command.ticket } : {}),
  });
  const { outlook } = command;
  if (!outlook) {
    if (!handoff.told) tell(draft, 'connecting', voice(draft).connectingOnly());
    return draft.done();
  }
  // The event first: what the customer is told rests on it (I5).
  draft.add({
    type: 'estimate.told',
    handoff: handoff.id,
    position: outlook.position,
    ahead: outlook.ahead,
    estimate: outlook.estimate,
  });
  if (handoff.told) tell(draft, 'place', voice(draft).place(outlook));
  else tell(draft, 'connecting', voice(draft).connecting(outlook));
  return draft.done();
}

/** The customer is back in the line (transfer, agent lost): he hears where he stands now. */
function tellOutlook(draft: Draft, handoff: Handoff, command: CommandOf<'tell'>): Decision {
  if (handoff.phase !== 'queued' && handoff.phase !== 'offered') return refuse('wrong_phase');
  const { position, ahead, estimate } = command.outlook;
  draft.add({ type: 'estimate.told', handoff: handoff.id, position, ahead, estimate });
  tell(draft, 'place', voice(draft).place(command.outlook));
  return draft.done();
}

function deskFailed(draft: Draft, handoff: Handoff, command: CommandOf<'desk-failed'>): Decision {
  if (handoff.phase !== 'requested') return refuse('wrong_phase');
  const side = handoff.desk === null ? 'desk:console' : `desk:${handoff.desk}`;
  draft.add({ type: 'delivery.failed', side, seq: draft.state.seq, kind: 'handoff', detail: command.detail });
  const next = command.retry ? handoff.desk : command.next;
  if (next === undefined) {
    failHandoff(draft);
    return draft.done();
  }
  const { id, reason, evidence, queue, priority, skills, summary } = handoff;
  draft.add({
    type: 'handoff.requested',
    handoff: id,
    reason,
    evidence,
    by: SYSTEM,
    queue,
    desk: next,
    priority,
    skills,
    retry: true,
    ...(summary === undefined ? {} : { summary }),
  });
  return draft.done();
}

/** No desk took it: the customer hears it, and the bot goes on. */
export function failHandoff(draft: Draft): void {
  endHandoff(draft, 'desk_failed', SYSTEM);
  tell(draft, 'desk_failed', voice(draft).deskFailed());
  backToBot(draft, 'desk_failed');
}

function offer(draft: Draft, handoff: Handoff, command: CommandOf<'offer'>): Decision {
  if (handoff.phase !== 'queued') return refuse('wrong_phase');
  const expiresAt = draft.at + limitsOf(draft.rules, handoff.queue).offerSeconds * 1_000;
  draft.add({ type: 'handoff.offered', handoff: handoff.id, agent: command.agent, expiresAt });
  return draft.done();
}

function accept(draft: Draft, handoff: Handoff, command: CommandOf<'accept'>): Decision {
  if (handoff.phase === 'active') {
    return handoff.agent.id === command.agent.id
      ? { repeat: handoff.acceptedSeq }
      : refuse('not_offered', { control: draft.state.control });
  }
  const asked = handoff.phase === 'offered' && handoff.agent.id === command.agent.id && draft.at <= handoff.expiresAt;
  if (!asked && !command.direct) return refuse('not_offered', { control: draft.state.control });
  acceptHandoff(draft, handoff, command.agent);
  return draft.done();
}

/** The agent has it: control moves now, and only now. */
export function acceptHandoff(draft: Draft, handoff: Handoff, agent: CommandOf<'accept'>['agent']): void {
  draft.add({ type: 'handoff.accepted', handoff: handoff.id, agent });
  const present = draft.state.participants.find((one) => one.agent.id === agent.id);
  if (present) leave(draft, agent);
  seat(draft, agent, 'accepted');
}

function cancel(draft: Draft, command: CommandOf<'cancel'>): Decision {
  const { handoff } = draft.state;
  if (!handoff || (command.handoff !== undefined && command.handoff !== handoff.id)) return refuse('no_handoff');
  if (handoff.phase === 'active')
    return refuse('wrong_phase', { message: 'An agent answers already; close the conversation or return it instead.' });
  endHandoff(draft, command.by.role === 'customer' ? 'cancelled_by_customer' : 'superseded', command.by);
  tell(draft, 'cancelled', voice(draft).cancelled());
  backToBot(draft, 'cancelled');
  return draft.done();
}
