import type { BotReport, HandoffReason, Part } from '@baton/core';
import { HandoffReason as Reason, BotAction as WireAction } from '@baton/protocol/schemas';
import { type Answer, jsonOf } from '#kit/http.ts';
import type { BotAction } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';

/** Most actions of one answer. */
const MOST_ACTIONS = 20;

/** What a bot's response says. Throws `rejected` for everything that is not an answer. Pure. */
export function readAnswer(answer: Answer, who: string): { later: boolean; typing: boolean; actions: BotAction[] } {
  if (answer.status === 202) return { later: true, typing: false, actions: [] };
  if (answer.text.trim() === '') {
    throw new AdapterFailure(
      'rejected',
      `${who} answered ${answer.status} with nothing. Answer {"actions": [...]}, or 202 to answer later.`,
    );
  }
  const body = jsonOf(answer, who);
  const list = isRecord(body) && 'actions' in body ? body.actions : [body];
  const typing = Array.isArray(list) && list.some((one) => isRecord(one) && one.type === 'typing');
  return { later: false, typing, actions: readActions(list) };
}

/**
 * Actions as they came over the wire, checked and in our words. `typing` is left out: it is shown, not done. The alias
 * `{"action": "handoff"}`, which other products' bots send, is understood. Throws `rejected`, naming the field.
 */
export function readActions(list: unknown): BotAction[] {
  if (!Array.isArray(list)) throw nonsense('actions', 'must be a list');
  if (list.length === 0) throw nonsense('actions', 'is empty; to say nothing on purpose, answer [{"type": "noop"}]');
  if (list.length > MOST_ACTIONS) throw nonsense('actions', `has ${list.length} entries; at most ${MOST_ACTIONS}`);
  return list.flatMap((raw, index) => {
    const wire =
      isRecord(raw) && raw.type === undefined && typeof raw.action === 'string' ? { ...raw, type: raw.action } : raw;
    const read = WireAction.safeParse(wire);
    if (!read.success) {
      const issue = read.error.issues[0];
      throw nonsense(['actions', index, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'is wrong');
    }
    return toAction(read.data);
  });
}

function toAction(wire: WireAction): BotAction[] {
  switch (wire.type) {
    case 'say':
      return [
        { type: 'say', parts: partsOf(wire), ...(wire.report ? { report: defined(wire.report) as BotReport } : {}) },
      ];
    case 'set': {
      const flags = [...(wire.tags ?? []), ...(wire.flags ?? [])];
      return [
        {
          type: 'set',
          ...(wire.attributes ? { attributes: wire.attributes } : {}),
          ...(flags.length > 0 ? { flags } : {}),
        },
      ];
    }
    case 'handoff':
      return [handoff(wire)];
    case 'close':
      return [{ type: 'close' }];
    case 'noop':
      return [{ type: 'noop' }];
    case 'typing':
      return [];
  }
}

type Say = Extract<WireAction, { type: 'say' }>;

function partsOf({ text, buttons, choices, attachments, parts }: Say): Part[] {
  const made: Part[] = parts ? parts.map(partOf) : [];
  if (text !== undefined) made.push({ type: 'text', text });
  for (const { url, name, mime } of attachments ?? []) {
    const { pathname, host } = new URL(url);
    const title = name ?? (pathname.split('/').at(-1) || host);
    made.push({ type: 'card', title, url, ...(mime?.startsWith('image/') ? { imageUrl: url } : {}) });
  }
  const all = [
    ...(buttons ?? []).map((one) =>
      typeof one === 'string' ? { id: one, label: one } : { id: one.id ?? one.label, label: one.label },
    ),
    ...(choices ?? []),
  ];
  if (all.length > 0) made.push({ type: 'choices', choices: all });
  return made;
}

function partOf(part: NonNullable<Say['parts']>[number]): Part {
  if (part.type !== 'file') return defined(part) as Part;
  throw nonsense(`file ${part.file.id}`, 'cannot be sent by a webhook bot; give an attachment with a URL');
}

const PRIORITIES = { low: -1, normal: 0, high: 1, urgent: 2 } as const;

function handoff(wire: Extract<WireAction, { type: 'handoff' }>): BotAction {
  const { summary, queue, skills, preferredSkills, collected, sentiment } = wire;
  const reason = Reason.safeParse(wire.reason).data as HandoffReason | undefined;
  const words = [
    reason === undefined ? wire.reason : undefined,
    sentiment === undefined ? undefined : `Sentiment: ${sentiment}.`,
  ];
  const detail = words.filter((one) => one !== undefined && one !== '').join(' ');
  const priority = typeof wire.priority === 'string' ? PRIORITIES[wire.priority] : wire.priority;
  return defined({
    type: 'handoff' as const,
    reason,
    summary,
    queue,
    skills,
    preferredSkills,
    collected,
    priority,
    detail: detail === '' ? undefined : detail,
  });
}

/** Without the fields that are undefined: absent is absent. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nonsense(field: string, message: string): AdapterFailure {
  return new AdapterFailure('rejected', `The bot's answer is not understood: ${field}: ${message}.`);
}
