import type { Actor, BotReport, Command, ConversationId, Evidence, IntegrationId, Part, QueueId } from '@baton/core';
import type { BotAction, BotTurn } from '#ports/bot.ts';

/** Which turn a bot answers, and as who. Made of the turn itself, or of the token of a later reply. */
export interface Answering {
  conversation: ConversationId;
  /** Place of the turn in the log (`BotTurn.seq`). */
  seq: number;
  /** What the bot sends is refused once control has moved on. */
  epoch: number;
  /** The customer's message that is answered; null when the bot speaks after a return. */
  message: { seq: number /** Its words, where they are at hand: quoted to the agent. */; text?: string } | null;
  bot: { id: IntegrationId; name: string };
  /** Where a handoff may go: a bot names a queue by id or by name. */
  queues: readonly { id: QueueId; name: string }[];
  /** What tells one post of a later answer from the next. An inline answer has none. */
  post?: string;
}

/** The same turn under the same control has the same id, at every try and after a crash. */
export function turnId(conversation: ConversationId, seq: number, epoch: number): string {
  return `${conversation}:${seq}:${epoch}`;
}

export function answering(turn: BotTurn, bot: Answering['bot']): Answering {
  return {
    conversation: turn.conversation.id,
    seq: turn.seq,
    epoch: turn.conversation.epoch,
    message: turn.message ? { seq: turn.message.seq, text: turn.message.text } : null,
    bot,
    queues: turn.availability.map(({ queue, name }) => ({ id: queue, name })),
  };
}

/**
 * What a bot wants, as commands in the order to commit them. Stop at the first refusal: the rest is void.
 *
 * - Each command has a key made of turn and place, so that the same answer twice changes nothing.
 * - What gives control away (handoff, close) goes last, and only the first of them counts: a bot that lists
 *   `handoff` before `say` still gets its words out, and never contradicts its own handoff.
 * - An answer that leaves the turn open ends with `bot-skipped`, so that no turn is forgotten. A later post
 *   (`post` is set) may be one of several: it settles the turn only by saying, handing off, closing or `noop`.
 */
export function commandsOf(to: Answering, actions: readonly BotAction[]): Command[] {
  const key =
    to.post === undefined
      ? `bot:${turnId(to.conversation, to.seq, to.epoch)}`
      : `bot:${turnId(to.conversation, to.seq, to.epoch)}:${to.post}`;
  const before: Command[] = [];
  const parting: Command[] = [];
  let settled = false;

  for (const [index, action] of actions.entries()) {
    const place = `${key}:${index}`;
    switch (action.type) {
      case 'say':
        before.push(say(to, action, place));
        settled = true;
        break;
      case 'set':
        before.push(...set(to, action, place));
        break;
      case 'handoff':
        if (action.collected) before.push(...set(to, { attributes: action.collected }, place));
        parting.push(requestHandoff(to, action, place));
        break;
      case 'close':
        parting.push({ type: 'close', by: actor(to), epoch: to.epoch, key: place });
        break;
      case 'noop':
        break;
      default:
        action satisfies never;
    }
  }

  const last = parting[0];
  if (last) return [...before, last];
  const later = to.post !== undefined && !actions.some((action) => action.type === 'noop');
  if (!settled && !later) before.push({ type: 'bot-skipped', turn: to.seq, epoch: to.epoch, key: `${key}:skip` });
  return before;
}

function actor(to: Answering): Actor {
  return { role: 'bot', id: to.bot.id };
}

function say(to: Answering, action: { parts: Part[]; report?: BotReport }, key: string): Command {
  return {
    type: 'say',
    author: { role: 'bot', id: to.bot.id, name: to.bot.name },
    parts: action.parts,
    epoch: to.epoch,
    ...(to.message ? { answers: to.message.seq } : {}),
    ...(action.report ? { bot: action.report } : {}),
    key,
  };
}

function set(
  to: Answering,
  action: { attributes?: Record<string, string | number | boolean>; flags?: string[] },
  key: string,
): Command[] {
  const commands: Command[] = [];
  if (action.attributes && Object.keys(action.attributes).length > 0) {
    commands.push({
      type: 'update-customer',
      by: actor(to),
      epoch: to.epoch,
      changes: { attributes: action.attributes },
      key: `${key}:attributes`,
    });
  }
  for (const name of new Set(action.flags))
    commands.push({ type: 'flag', name, by: actor(to), epoch: to.epoch, key: `${key}:flag:${name}` });
  return commands;
}

function requestHandoff(to: Answering, action: Extract<BotAction, { type: 'handoff' }>, key: string): Command {
  const reason = action.reason ?? 'bot_asked';
  const queue = action.queue === undefined ? undefined : queueOf(to, action.queue);
  const { seq, text: quote } = to.message ?? {};
  const evidence: Evidence[] = [
    {
      kind: reason,
      ...(seq === undefined ? {} : { seq }),
      ...(quote === undefined ? {} : { quote }),
      detail: action.detail ?? `${to.bot.name} asked for a person.`,
    },
  ];
  if (action.queue !== undefined && queue === undefined) {
    evidence.push({
      kind: 'unknown_queue',
      detail: `${to.bot.name} asked for the queue "${action.queue}", which does not exist.`,
    });
  }
  return {
    type: 'request-handoff',
    by: actor(to),
    reason,
    epoch: to.epoch,
    evidence,
    ...(queue === undefined ? {} : { queue }),
    ...(action.priority === undefined ? {} : { priority: action.priority }),
    ...(action.skills === undefined ? {} : { skills: action.skills }),
    ...(action.preferredSkills === undefined ? {} : { preferredSkills: action.preferredSkills }),
    ...(action.summary === undefined ? {} : { summary: action.summary }),
    key,
  };
}

function queueOf(to: Answering, named: string): QueueId | undefined {
  const wanted = named.trim().toLowerCase();
  return to.queues.find(({ id, name }) => id === named.trim() || name.toLowerCase() === wanted)?.id;
}
