import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import {
  backToBot,
  endHandoff,
  leaveLine,
  loops,
  mayReopen,
  reopen,
  requestHandoff,
  SYSTEM,
  seat,
  tell,
  voice,
  waitHow,
} from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { limitsOf } from '#conversation/rules.ts';
import type { Handoff, Ticket } from '#conversation/state.ts';
import type { AgentRef } from '#message/message.ts';
import { askIfLong } from './waiting.ts';

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
      draft.add({
        type: 'handoff.declined',
        handoff: handoff.id,
        agent: handoff.agent,
        ...(command.why ? { why: command.why } : {}),
      });
      return draft.done();
    case 'abandon':
      if (handoff.phase === 'active') return refuse('wrong_phase');
      if (isAwayOnPurpose(handoff)) return draft.done();
      endHandoff(draft, 'abandoned', SYSTEM);
      backToBot(draft, 'abandoned');
      return draft.done();
    case 'tell':
      return tellOutlook(draft, handoff, command);
  }
}

function request(draft: Draft, command: CommandOf<'request-handoff'>): Decision {
  const { control, handoff, status } = draft.state;
  const { by } = command;
  if (by.role === 'bot' && (control.holder !== 'bot' || control.bot !== by.id))
    return refuse('control_lost', { control });
  if (status === 'closed') {
    if (by.role !== 'customer' || !mayReopen(draft)) return refuse('closed');
    reopen(draft, by);
  }
  if (handoff && control.holder === 'bot') {
    waitHow(draft, null, by);
    return draft.done();
  }
  if (handoff) return refuse('handoff_open', { control });
  // A customer is asked to wait a moment; for a machine the loop is stopped where a person sees it.
  if (by.role === 'customer' && loops(draft)) return refuse('loop_guard');
  requestHandoff(draft, { ...command, evidence: command.evidence ?? [] });
  return draft.done();
}

/** He left a message or wants to be called back: that he has gone says nothing. */
function isAwayOnPurpose(handoff: Handoff): boolean {
  return 'meanwhile' in handoff && (handoff.meanwhile === 'message' || handoff.meanwhile === 'callback');
}

/** A desk that was given up before: what it says now is about a ticket that nobody waits for. */
function isFormerDesk(handoff: Handoff, desk: Handoff['desk'] | undefined): boolean {
  return desk !== undefined && desk !== handoff.desk;
}

function acknowledge(draft: Draft, handoff: Handoff, command: CommandOf<'acknowledge'>): Decision {
  const { ticket, outlook } = command;
  if (handoff.phase !== 'requested' || isFormerDesk(handoff, command.desk)) return refuse('wrong_phase');
  draft.add({
    type: 'handoff.queued',
    handoff: handoff.id,
    queue: handoff.queue,
    desk: handoff.desk,
    why: 'acknowledged',
    ...(ticket ? { ticket } : {}),
  });
  const say = voice(draft);
  // The event first: what the customer is told rests on it (I5).
  if (outlook) estimateTold(draft, handoff, outlook);
  if (!handoff.told)
    tell(draft, 'connecting', outlook ? say.connecting(outlook, handoff.reason) : say.connectingOnly(handoff.reason));
  else if (outlook) tell(draft, 'place', say.place(outlook));
  if (outlook) askIfLong(draft, outlook);
  return draft.done();
}

/** The customer is back in the line (transfer, agent lost): he hears where he stands now. */
function tellOutlook(draft: Draft, handoff: Handoff, { outlook }: CommandOf<'tell'>): Decision {
  if (handoff.phase !== 'queued' && handoff.phase !== 'offered') return refuse('wrong_phase');
  estimateTold(draft, handoff, outlook);
  tell(draft, 'place', voice(draft).place(outlook));
  askIfLong(draft, outlook);
  return draft.done();
}

function estimateTold(draft: Draft, handoff: Handoff, outlook: CommandOf<'tell'>['outlook']): void {
  const { position, ahead, estimate } = outlook;
  draft.add({ type: 'estimate.told', handoff: handoff.id, position, ahead, estimate });
}

function deskFailed(draft: Draft, handoff: Handoff, command: CommandOf<'desk-failed'>): Decision {
  if (handoff.phase !== 'requested' || isFormerDesk(handoff, command.desk)) return refuse('wrong_phase');
  const next = command.retry ? handoff.desk : command.next;
  noteFailure(draft, handoff, command.detail);
  if (next === undefined) failHandoff(draft);
  else tryDesk(draft, handoff, next);
  return draft.done();
}

/** Staff see which desk failed and why. */
function noteFailure(draft: Draft, handoff: Handoff, detail: string): void {
  const side = `desk:${handoff.desk ?? 'console'}`;
  draft.add({ type: 'delivery.failed', side, seq: draft.state.seq, kind: 'handoff', detail });
}

function tryDesk(draft: Draft, handoff: Handoff, desk: Handoff['desk']): void {
  const { id, reason, evidence, queue, priority, skills, preferredSkills, summary } = handoff;
  draft.add({
    type: 'handoff.requested',
    handoff: id,
    reason,
    evidence,
    by: SYSTEM,
    queue,
    desk,
    priority,
    skills,
    ...(preferredSkills ? { preferredSkills } : {}),
    ...(summary === undefined ? {} : { summary }),
    retry: true,
  });
}

/** The desk let a try pass: the next one of the queue's list; the last one is asked again until the whole time is up. */
export function deskSilent(draft: Draft, handoff: Handoff, next: Handoff['desk'] | undefined): void {
  noteFailure(draft, handoff, 'The desk did not answer in time.');
  tryDesk(draft, handoff, next === undefined ? handoff.desk : next);
}

/** No desk took it: the customer hears it, and the bot goes on. */
export function failHandoff(draft: Draft): void {
  endHandoff(draft, 'desk_failed', SYSTEM);
  tell(draft, 'desk_failed', voice(draft).deskFailed());
  backToBot(draft, 'desk_failed');
}

function offer(draft: Draft, handoff: Handoff, { agent }: CommandOf<'offer'>): Decision {
  if (handoff.phase !== 'queued') return refuse('wrong_phase');
  const expiresAt = draft.at + limitsOf(draft.rules, handoff.queue).offerSeconds * 1_000;
  draft.add({ type: 'handoff.offered', handoff: handoff.id, agent, expiresAt });
  return draft.done();
}

function accept(draft: Draft, handoff: Handoff, { agent, direct }: CommandOf<'accept'>): Decision {
  const { control } = draft.state;
  if (handoff.phase === 'active') {
    return handoff.agent.id === agent.id ? { repeat: handoff.acceptedSeq } : refuse('not_offered', { control });
  }
  if (direct) acceptHandoff(draft, handoff, handoff.desk === null ? agent : { desk: handoff.desk, ...agent });
  else if (handoff.phase === 'offered' && handoff.agent.id === agent.id && draft.at <= handoff.expiresAt)
    acceptHandoff(draft, handoff, agent);
  else return refuse('not_offered', { control });
  return draft.done();
}

/** The agent has it: control moves now, and only now. */
export function acceptHandoff(draft: Draft, handoff: Handoff, agent: AgentRef, ticket?: Ticket): void {
  draft.add({ type: 'handoff.accepted', handoff: handoff.id, agent, ...(ticket ? { ticket } : {}) });
  seat(draft, agent, 'accepted');
}

function cancel(draft: Draft, { by, handoff: id }: CommandOf<'cancel'>): Decision {
  const { handoff } = draft.state;
  if (!handoff || (id !== undefined && id !== handoff.id)) return refuse('no_handoff');
  if (by.role === 'bot') return refuse('not_allowed');
  if (handoff.phase === 'active')
    return refuse('wrong_phase', { message: 'An agent answers already; close the conversation or return it instead.' });
  leaveLine(draft, by);
  return draft.done();
}
