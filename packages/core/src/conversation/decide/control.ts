import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import type { Actor } from '#conversation/events.ts';
import {
  endHandoff,
  leave,
  loops,
  moveControl,
  requestHandoff,
  SYSTEM,
  seat,
  stopLoop,
  tell,
  voice,
  writeNote,
} from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { deskFor, firstDesk, routingOf } from '#conversation/rules.ts';
import type { Handoff } from '#conversation/state.ts';
import type { IntegrationId } from '#ids.ts';
import type { AgentRef } from '#message/message.ts';
import { acceptHandoff } from './handoff.ts';

type ControlCommand = CommandOf<'take' | 'pass' | 'requeue' | 'hold' | 'resume' | 'release'>;
type Active = Handoff & { phase: 'active' };
type Line = Exclude<CommandOf<'pass'>['to'], { agent: AgentRef } | { bot: IntegrationId }>;

/** Control on purpose: seize it, hand it on, give it back. */
export function decideControl(draft: Draft, command: ControlCommand): Decision {
  if (draft.state.status === 'closed') return refuse('closed');
  switch (command.type) {
    case 'take':
      return take(draft, command);
    case 'pass':
      return pass(draft, command);
    case 'requeue':
      return requeue(draft, command);
    case 'hold':
    case 'resume':
      return hold(draft, command);
    case 'release':
      return release(draft, command);
  }
}

/** The agent who holds control, and what acts for him: his outside desk, or the API. */
function owns(draft: Draft, by: Actor): boolean {
  const { control } = draft.state;
  if (control.holder !== 'agent') return false;
  return by.role === 'agent' ? by.agent.id === control.agent.id : by.role === 'api' || by.role === 'system';
}

/** A person decides what he wants, as often as he wants; a machine that goes in circles is stopped (I9). */
function isMachine(by: Actor): boolean {
  return by.role !== 'agent' && by.role !== 'customer';
}

/**
 * An agent steps in, from anywhere: from the bot without a handoff in the line (it is opened and active at once, so
 * that every human stretch is a handoff with one outcome), from the line, or on purpose from another agent.
 */
function take(draft: Draft, { agent, force, ticket }: CommandOf<'take'>): Decision {
  const { control, handoff } = draft.state;
  if (control.holder === 'agent') {
    if (control.agent.id === agent.id) return draft.done();
    if (!force || !handoff) return refuse('held_by_agent', { control });
    transferToAgent(draft, handoff, agent);
  } else if (handoff) acceptHandoff(draft, handoff, agent, ticket);
  else {
    draft.add({
      type: 'handoff.requested',
      handoff: draft.newId('hnd'),
      reason: 'agent_took_over',
      evidence: [],
      by: { role: 'agent', agent },
      queue: draft.rules.defaultQueue,
      desk: agent.desk ?? null,
      priority: 0,
      skills: [],
    });
    if (draft.state.handoff) acceptHandoff(draft, draft.state.handoff, agent, ticket);
  }
  return draft.done();
}

function transferToAgent(draft: Draft, handoff: Handoff, agent: AgentRef, note?: string): void {
  const from = handoff.phase === 'active' ? handoff.agent : null;
  draft.add({ type: 'handoff.transferred', handoff: handoff.id, from, to: { agent }, ...(note ? { note } : {}) });
  if (from) leave(draft, from);
  seat(draft, agent, 'transferred');
}

function pass(draft: Draft, command: CommandOf<'pass'>): Decision {
  const { by, to, note } = command;
  const { control, handoff } = draft.state;
  if (by.role === 'customer') return refuse('not_allowed');
  if ('bot' in to) return passToBot(draft, command, to.bot);
  if (control.holder === 'bot' && 'queue' in to && by.role !== 'agent') return passFromBot(draft, by, to, note);
  if (!owns(draft, by) || handoff?.phase !== 'active') return refuse('not_owner', { control });
  if ('agent' in to && to.agent.id === handoff.agent.id) return refuse('same_party');
  if (isMachine(by) && loops(draft)) stopLoop(draft);
  else if ('agent' in to) transferToAgent(draft, handoff, to.agent, note);
  else passToLine(draft, handoff, to, note);
  return draft.done();
}

function passFromBot(draft: Draft, by: Actor, to: Line, note: string | undefined): Decision {
  if (isOtherBot(draft, by)) return refuse('control_lost', { control: draft.state.control });
  requestHandoff(draft, {
    reason: by.role === 'bot' ? 'bot_asked' : 'api',
    by,
    evidence: [],
    queue: to.queue,
    ...('desk' in to ? { desk: to.desk } : {}),
    summary: note,
  });
  return draft.done();
}

/** A bot speaks for itself only, and only while it holds control. */
function isOtherBot(draft: Draft, by: Actor): boolean {
  const { control } = draft.state;
  return by.role === 'bot' && (control.holder !== 'bot' || control.bot !== by.id);
}

/** The agent hands him on: to a queue, or to another desk. */
function passToLine(draft: Draft, handoff: Active, to: Line, note: string | undefined): void {
  const { agent: from } = handoff;
  toLine(draft, handoff, to, from, note);
  leave(draft, from);
  moveControl(draft, { holder: 'queue', queue: to.queue }, 'transferred');
}

/** It has taken too long here: he goes on in the line that is set for this, with his age. */
export function overflow(draft: Draft, handoff: Handoff): void {
  const to = routingOf(draft.rules, handoff.queue).overflow;
  if (to === null) return;
  toLine(draft, handoff, { queue: to.queue }, null);
  moveControl(draft, { holder: 'queue', queue: to.queue }, 'overflowed');
}

/**
 * To a queue, or to another desk: the age is kept, so that he does not start again at the end. A queue that the present
 * desk does not serve is its first desk's: it is asked as at the beginning.
 */
function toLine(draft: Draft, handoff: Handoff, to: Line, from: AgentRef | null, note?: string): void {
  const { id, reason, evidence, priority, skills, preferredSkills, summary } = handoff;
  // Nobody at this desk has chosen where he goes on: that queue's own first desk is asked.
  const usual = from === null ? firstDesk(draft.rules, to.queue) : deskFor(draft.rules, to.queue, handoff.desk);
  const desk = 'desk' in to ? to.desk : usual;
  draft.add({ type: 'handoff.transferred', handoff: id, from, to, ...(note ? { note } : {}) });
  if (desk === handoff.desk && !('desk' in to))
    draft.add({
      type: 'handoff.queued',
      handoff: id,
      queue: to.queue,
      desk,
      why: from === null ? 'overflowed' : 'transferred',
    });
  else
    draft.add({
      type: 'handoff.requested',
      handoff: id,
      reason,
      evidence,
      by: from === null ? SYSTEM : { role: 'agent', agent: from },
      queue: to.queue,
      desk,
      priority,
      skills,
      ...(preferredSkills ? { preferredSkills } : {}),
      ...(summary === undefined ? {} : { summary }),
      retry: true,
    });
}

/** Bot to bot: what the customer wrote last travels with control (I6). An agent who names a bot releases to it. */
function passToBot(draft: Draft, { by, note }: CommandOf<'pass'>, bot: IntegrationId): Decision {
  const { control } = draft.state;
  if (isOtherBot(draft, by)) return refuse('control_lost', { control });
  if (control.holder === 'bot') {
    if (control.bot === bot) return refuse('same_party');
  } else if (!owns(draft, by)) return refuse('not_owner', { control });
  giveToBot(draft, by, bot, note);
  return draft.done();
}

/** Back to the bot. It gets the return context; what nobody answered yet is its next turn. */
function release(draft: Draft, { by, note }: CommandOf<'release'>): Decision {
  const { control, bot } = draft.state;
  if (!owns(draft, by)) return refuse('not_owner', { control });
  if (bot === null) return refuse('no_bot');
  giveToBot(draft, by, bot, note);
  return draft.done();
}

/** An agent's own decision is no loop of machines; the guard stops the next automatic change. */
function giveToBot(draft: Draft, by: Actor, bot: IntegrationId, note: string | undefined): void {
  if (isMachine(by) && loops(draft)) return stopLoop(draft);
  // From bot to bot the customer keeps the place that he may have in a line.
  const returns = draft.state.handoff?.phase === 'active';
  if (returns) endHandoff(draft, 'returned_to_bot', by, note);
  else if (note) writeNote(draft, by, note, true);
  moveControl(draft, { holder: 'bot', bot }, returns ? 'returned_to_bot' : 'passed');
}

/** Back to the line: at the front when the agent was lost, with the age kept in any case. */
function requeue(draft: Draft, command: CommandOf<'requeue'>): Decision {
  const { handoff, control } = draft.state;
  if (!handoff || handoff.id !== command.handoff) return refuse('no_handoff');
  if (handoff.phase !== 'active') return refuse('wrong_phase');
  if (command.agent !== undefined && command.agent !== handoff.agent.id) return refuse('not_owner', { control });
  backToLine(draft, handoff, command.why);
  return draft.done();
}

export function backToLine(draft: Draft, handoff: Active, why: 'agent_lost' | 'agent_silent' | 'requeued'): void {
  if (loops(draft)) return stopLoop(draft);
  const { id, queue, desk, agent } = handoff;
  const front = why !== 'requeued';
  draft.add({ type: 'handoff.queued', handoff: id, queue, desk, why, ...(front ? { front } : {}) });
  leave(draft, agent);
  moveControl(draft, { holder: 'queue', queue }, why);
  const say = voice(draft);
  if (front) tell(draft, 'agent_lost', why === 'agent_lost' ? say.agentLost() : say.agentSilent());
}

function hold(draft: Draft, { type, agent }: CommandOf<'hold' | 'resume'>): Decision {
  const { handoff, control } = draft.state;
  if (handoff?.phase !== 'active' || handoff.agent.id !== agent.id) return refuse('not_owner', { control });
  if (handoff.held === (type === 'hold')) return draft.done();
  const did = type === 'hold' ? 'handoff.held' : 'handoff.resumed';
  draft.add({ type: did, handoff: handoff.id, agent: handoff.agent });
  return draft.done();
}
