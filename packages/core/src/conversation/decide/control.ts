import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import type { Actor } from '#conversation/events.ts';
import {
  endHandoff,
  leave,
  loops,
  moveControl,
  requestHandoff,
  seat,
  stopLoop,
  tell,
  voice,
} from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import type { Handoff } from '#conversation/state.ts';
import type { AgentRef } from '#message/message.ts';
import { acceptHandoff } from './handoff.ts';

type ControlCommand = CommandOf<'take' | 'pass' | 'requeue' | 'hold' | 'resume' | 'release'>;

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

function owns(draft: Draft, by: Actor): boolean {
  const { control } = draft.state;
  return (
    control.holder === 'agent' &&
    (by.role === 'agent' ? by.agent.id === control.agent.id : by.role === 'api' || by.role === 'system')
  );
}

/**
 * An agent steps in, from anywhere: from the bot without a handoff in the line (it is opened and active at once, so
 * that every human stretch is a handoff with one outcome), from the line, or on purpose from another agent.
 */
function take(draft: Draft, { agent, force }: CommandOf<'take'>): Decision {
  const { control, handoff } = draft.state;
  if (control.holder === 'agent') {
    if (control.agent.id === agent.id) return draft.done();
    if (!force || !handoff) return refuse('held_by_agent', { control });
    transferToAgent(draft, handoff, agent);
  } else if (handoff) acceptHandoff(draft, handoff, agent);
  else {
    const queue = draft.rules.defaultQueue;
    const id = draft.newId('hnd');
    draft.add({
      type: 'handoff.requested',
      handoff: id,
      reason: 'agent_took_over',
      evidence: [],
      by: { role: 'agent', agent },
      queue,
      desk: null,
      priority: 0,
      skills: [],
    });
    if (draft.state.handoff) acceptHandoff(draft, draft.state.handoff, agent);
  }
  return draft.done();
}

function transferToAgent(draft: Draft, handoff: Handoff, agent: AgentRef, note?: string): void {
  const from = handoff.phase === 'active' ? handoff.agent : null;
  draft.add({ type: 'handoff.transferred', handoff: handoff.id, from, to: { agent }, ...(note ? { note } : {}) });
  if (from) leave(draft, from);
  leave(draft, agent);
  seat(draft, agent, 'transferred');
}

function pass(draft: Draft, command: CommandOf<'pass'>): Decision {
  const { control, handoff } = draft.state;
  if ('bot' in command.to) return passToBot(draft, command, command.to.bot);
  if (control.holder === 'bot' && (command.by.role === 'bot' || command.by.role === 'api') && 'queue' in command.to) {
    if (staleBot(draft, command)) return refuse('control_lost', { control });
    requestHandoff(draft, {
      reason: command.by.role === 'bot' ? 'bot_asked' : 'api',
      by: command.by,
      evidence: [],
      queue: command.to.queue,
      ...('desk' in command.to ? { desk: command.to.desk } : {}),
      summary: command.note,
    });
    return draft.done();
  }
  if (!owns(draft, command.by) || !handoff || handoff.phase !== 'active') return refuse('not_owner', { control });
  if ('agent' in command.to) {
    if (command.to.agent.id === handoff.agent.id) return refuse('same_party');
    transferToAgent(draft, handoff, command.to.agent, command.note);
  } else passToLine(draft, handoff, command.to, command.note);
  return draft.done();
}

/** To a queue of the same desk, or to another desk: the age is kept, so that he does not start again at the end. */
function passToLine(
  draft: Draft,
  handoff: Handoff & { phase: 'active' },
  to: { queue: Handoff['queue'] } | { desk: NonNullable<Handoff['desk']>; queue: Handoff['queue'] },
  note: string | undefined,
): void {
  const from = handoff.agent;
  draft.add({ type: 'handoff.transferred', handoff: handoff.id, from, to, ...(note ? { note } : {}) });
  if ('desk' in to) {
    const { id, reason, evidence, priority, skills } = handoff;
    draft.add({
      type: 'handoff.requested',
      handoff: id,
      reason,
      evidence,
      by: { role: 'agent', agent: from },
      queue: to.queue,
      desk: to.desk,
      priority,
      skills,
      retry: true,
    });
  } else
    draft.add({ type: 'handoff.queued', handoff: handoff.id, queue: to.queue, desk: handoff.desk, why: 'transferred' });
  leave(draft, from);
  moveControl(draft, { holder: 'queue', queue: to.queue }, 'transferred');
}

/** Bot to bot: what the customer wrote last travels with control (I6). An agent who names a bot releases to it. */
function passToBot(draft: Draft, command: CommandOf<'pass'>, bot: NonNullable<typeof draft.state.bot>): Decision {
  const { control } = draft.state;
  if (control.holder === 'bot') {
    if (control.bot === bot) return refuse('same_party');
    if (staleBot(draft, command)) return refuse('control_lost', { control });
    if (command.by.role !== 'agent' && loops(draft)) stopLoop(draft);
    else moveControl(draft, { holder: 'bot', bot }, 'passed');
    return draft.done();
  }
  if (!owns(draft, command.by)) return refuse('not_owner', { control });
  endHandoff(draft, 'returned_to_bot', command.by, command.note);
  moveControl(draft, { holder: 'bot', bot }, 'returned_to_bot');
  return draft.done();
}

function staleBot(draft: Draft, command: CommandOf<'pass'>): boolean {
  const { control } = draft.state;
  if (command.by.role !== 'bot') return false;
  return (
    control.holder !== 'bot' ||
    control.bot !== command.by.id ||
    (command.epoch !== undefined && command.epoch !== control.epoch)
  );
}

/** Back to the line: at the front when the agent was lost, with the age kept in any case. */
function requeue(draft: Draft, command: CommandOf<'requeue'>): Decision {
  const { handoff } = draft.state;
  if (!handoff || handoff.id !== command.handoff) return refuse('no_handoff');
  if (handoff.phase !== 'active') return refuse('wrong_phase');
  backToLine(draft, handoff, command.why);
  return draft.done();
}

export function backToLine(
  draft: Draft,
  handoff: Handoff & { phase: 'active' },
  why: 'agent_lost' | 'agent_silent' | 'requeued',
): void {
  if (why !== 'requeued' && loops(draft)) return stopLoop(draft);
  const { queue, desk, agent } = handoff;
  draft.add({
    type: 'handoff.queued',
    handoff: handoff.id,
    queue,
    desk,
    why,
    ...(why === 'requeued' ? {} : { front: true }),
  });
  leave(draft, agent);
  moveControl(draft, { holder: 'queue', queue }, why);
  const say = voice(draft);
  if (why !== 'requeued') tell(draft, 'agent_lost', why === 'agent_lost' ? say.agentLost() : say.agentSilent());
}

function hold(draft: Draft, { type, agent }: CommandOf<'hold' | 'resume'>): Decision {
  const { handoff, control } = draft.state;
  if (handoff?.phase !== 'active' || handoff.agent.id !== agent.id) return refuse('not_owner', { control });
  if (handoff.held === (type === 'hold')) return draft.done();
  draft.add({ type: type === 'hold' ? 'handoff.held' : 'handoff.resumed', handoff: handoff.id, agent });
  return draft.done();
}

/** Back to the bot. It gets the return context; what nobody answered yet is its next turn. */
function release(draft: Draft, command: CommandOf<'release'>): Decision {
  const { control, bot } = draft.state;
  if (!owns(draft, command.by)) return refuse('not_owner', { control });
  if (command.epoch !== undefined && command.epoch !== control.epoch) return refuse('control_lost', { control });
  if (bot === null) return refuse('no_bot');
  endHandoff(draft, 'returned_to_bot', command.by, command.note);
  // An agent's own decision is no loop of machines; the guard stops the next automatic change.
  moveControl(draft, { holder: 'bot', bot }, 'returned_to_bot');
  return draft.done();
}
