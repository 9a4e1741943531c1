import type { IntegrationId, QueueId, WebhookId } from '#ids.ts';
import type { AgentRef, Author, Notice, Part } from '#message/message.ts';
import { words } from '#words/words.ts';
import type { Draft } from './draft.ts';
import type { Actor } from './events.ts';
import { holderOf } from './evolve.ts';
import { firstDesk, LOOP_LIMIT, LOOP_WINDOW_SECONDS } from './rules.ts';
import type { Evidence, Flag, HandoffOutcome, HandoffReason, Holder, Meanwhile } from './state.ts';

/** The steps that decisions are made of. Each adds events to a draft; none of them refuses. */

export const SYSTEM: Actor = { role: 'system' };

/** The sentences in the customer's language. */
export function voice(draft: Draft) {
  return words(draft.state.locale);
}

/** Baton itself says something to the customer. */
export function tell(draft: Draft, notice: Notice, text: string, more: Part[] = []): void {
  draft.add({
    type: 'message',
    message: {
      id: draft.newId('msg'),
      author: { role: 'system', id: 'system', name: draft.rules.voice },
      parts: [{ type: 'text', text }, ...more],
      epoch: draft.state.control.epoch,
      notice,
    },
  });
}

/** Writes down what somebody said to his colleagues, or, as a whisper, to the bot. */
export function writeNote(draft: Draft, by: Actor, text: string, whisper = false): void {
  draft.add({
    type: 'note',
    note: { id: draft.newId('msg'), author: authorOf(draft, by), text, ...(whisper ? { whisper } : {}) },
  });
}

function authorOf(draft: Draft, by: Actor): Author {
  switch (by.role) {
    case 'agent':
      return { role: 'agent', ...by.agent };
    case 'bot':
    case 'customer':
      return by;
    case 'api':
    case 'system':
      return { role: 'system', id: 'system', name: draft.rules.voice };
  }
}

/** Moves control and opens a new epoch: whoever writes under the old one is refused from here on (I1, I2). */
export function moveControl(draft: Draft, to: Holder, why: string): void {
  draft.add({
    type: 'control.changed',
    from: holderOf(draft.state.control),
    to,
    epoch: draft.state.control.epoch + 1,
    why,
  });
}

/** Raises a flag that is not up yet. */
export function raise(draft: Draft, flag: Omit<Flag, 'at'>): void {
  if (!isRaised(draft, flag.name)) draft.add({ type: 'flag.added', flag });
}

export function isRaised(draft: Draft, name: string): boolean {
  return draft.state.flags.some((flag) => flag.name === name);
}

/** Did control change so often lately that no machine may change it again (I9)? */
export function loops(draft: Draft): boolean {
  const since = draft.at - LOOP_WINDOW_SECONDS * 1_000;
  return draft.state.changes.filter((at) => at > since).length >= LOOP_LIMIT;
}

/** The stop of a loop: nobody answers by machine, a person sees the flag, the customer is told. */
export function stopLoop(draft: Draft): void {
  if (draft.state.handoff) endHandoff(draft, 'loop_guard', SYSTEM);
  const detail = `Control changed ${LOOP_LIMIT} times within ${LOOP_WINDOW_SECONDS / 60} minutes.`;
  raise(draft, { name: 'loop_guard', by: 'system', evidence: { kind: 'loop_guard', detail } });
  if (draft.state.control.holder !== 'nobody') moveControl(draft, { holder: 'nobody' }, 'loop_guard');
  tell(draft, 'loop_guard', voice(draft).loopGuard());
}

/** A person has looked at it, or it begins anew: machines may try again. */
export function forgetLoop(draft: Draft, by: Actor): void {
  if (isRaised(draft, 'loop_guard')) draft.add({ type: 'flag.removed', name: 'loop_guard', by });
}

/** Ends the open handoff: exactly one outcome (I8), its place is free (I7), its agent has left. */
export function endHandoff(draft: Draft, outcome: HandoffOutcome, by: Actor, note?: string): void {
  const { handoff } = draft.state;
  if (!handoff) return;
  const owner = handoff.phase === 'active' ? handoff.agent : null;
  draft.add({ type: 'handoff.ended', handoff: handoff.id, outcome, by, ...(note ? { note } : {}) });
  if (owner) leave(draft, owner);
}

/** Gives control to this conversation's bot, or to nobody where there is none. A bot that holds it keeps it. */
export function backToBot(draft: Draft, why: string): void {
  const { bot, control } = draft.state;
  if (control.holder === 'bot') return;
  if (bot === null) {
    if (control.holder !== 'nobody') moveControl(draft, { holder: 'nobody' }, why);
  } else if (loops(draft)) stopLoop(draft);
  else moveControl(draft, { holder: 'bot', bot }, why);
}

export function join(draft: Draft, agent: AgentRef, role: 'owner' | 'watcher'): void {
  draft.add({ type: 'participant.joined', agent, role });
}

export function leave(draft: Draft, agent: AgentRef): void {
  const present = draft.state.participants.find((one) => one.agent.id === agent.id);
  if (present) draft.add({ type: 'participant.left', agent: present.agent, role: present.role });
}

/** The agent gets control and is there as owner; a watcher first stops being one. */
export function seat(draft: Draft, agent: AgentRef, why: string): void {
  leave(draft, agent);
  moveControl(draft, { holder: 'agent', agent }, why);
  join(draft, agent, 'owner');
  forgetLoop(draft, { role: 'agent', agent });
}

export interface Request {
  reason: HandoffReason;
  by: Actor;
  evidence: Evidence[];
  queue?: QueueId | undefined;
  /** undefined: the first desk of the queue's list. */
  desk?: IntegrationId | null | undefined;
  priority?: number | undefined;
  skills?: string[] | undefined;
  preferredSkills?: string[] | undefined;
  summary?: string | undefined;
  replyWebhook?: WebhookId | undefined;
}

/**
 * Starts a handoff: from here on the bot is silent. The customer is told when the desk has it (I5). Who is in the line
 * already and goes on with the bot meanwhile waits for the person from now on.
 */
export function requestHandoff(draft: Draft, request: Request): void {
  if (draft.state.handoff) return waitHow(draft, null, request.by);
  if (loops(draft)) return stopLoop(draft);
  const queue = request.queue ?? draft.rules.defaultQueue;
  draft.add({
    type: 'handoff.requested',
    handoff: draft.newId('hnd'),
    reason: request.reason,
    evidence: request.evidence,
    by: request.by,
    queue,
    desk: request.desk === undefined ? firstDesk(draft.rules, queue) : request.desk,
    priority: request.priority ?? 0,
    skills: request.skills ?? [],
    ...(request.preferredSkills ? { preferredSkills: request.preferredSkills } : {}),
    ...(request.summary ? { summary: request.summary } : {}),
    ...(request.replyWebhook ? { replyWebhook: request.replyWebhook } : {}),
  });
  moveControl(draft, { holder: 'queue', queue }, request.reason);
}

/**
 * Control follows: the bot answers while the customer waits with it, and is silent in every other case. Nothing happens
 * where nothing changes, where he is not in the line yet, or where there is no bot to go on with.
 */
export function waitHow(draft: Draft, meanwhile: Meanwhile | null, by: Actor): void {
  const { handoff, control, bot } = draft.state;
  if (handoff?.phase !== 'queued' && handoff?.phase !== 'offered') return;
  if ((handoff.meanwhile ?? null) === meanwhile || (meanwhile === 'with_bot' && bot === null)) return;
  const moves = (meanwhile === 'with_bot') !== (control.holder === 'bot');
  if (moves && loops(draft)) return stopLoop(draft);
  draft.add({ type: 'handoff.meanwhile', handoff: handoff.id, meanwhile, by });
  tell(draft, 'meanwhile', voice(draft).meanwhile(meanwhile));
  if (!moves) return;
  if (meanwhile === 'with_bot' && bot !== null) moveControl(draft, { holder: 'bot', bot }, 'meanwhile');
  else moveControl(draft, { holder: 'queue', queue: handoff.queue }, 'meanwhile');
}

/** The customer does not wait any longer, of his own will or because somebody took him out of the line. */
export function leaveLine(draft: Draft, by: Actor): void {
  endHandoff(draft, by.role === 'customer' ? 'cancelled_by_customer' : 'superseded', by);
  tell(draft, 'cancelled', voice(draft).cancelled());
  backToBot(draft, 'cancelled');
}

/** Did it end so lately that a customer who comes back goes on in it? Later he opens a new one. */
export function mayReopen({ state, at, rules }: Draft): boolean {
  return at - (state.closedAt ?? state.openedAt) <= rules.limits.reopenSeconds * 1_000;
}

/** Opens a closed conversation again; the bot answers where there is one. */
export function reopen(draft: Draft, by: Actor): void {
  draft.add({ type: 'conversation.reopened', by });
  if (!loops(draft)) forgetLoop(draft, SYSTEM);
  backToBot(draft, 'reopened');
}
