import type { Author, ConversationEvent, EventItem, Part, ServerFrame } from '@baton/protocol';
import type { Action } from '#visit/reduce.ts';
import { reduce } from '#visit/reduce.ts';
import type { Pending, State } from '#visit/state.ts';
import { NEW_VISIT } from '#visit/state.ts';

export const CNV = 'cnv_1';
export const DANA = { id: 'agt_dana', name: 'Dana' };
export const customer: Author = { role: 'customer', id: 'cus_1' };
export const bot: Author = { role: 'bot', id: 'int_bot', name: 'Robin' };
export const dana: Author = { role: 'agent', ...DANA };

/** Events of one log; those of one array happened in the same moment. */
export function log(...moments: (ConversationEvent | ConversationEvent[])[]): EventItem[] {
  let seq = 0;
  return moments.flatMap((events, moment) => {
    const at = new Date(Date.UTC(2026, 10, 22, 12, 0, moment)).toISOString();
    return [events].flat().map((event) => ({ seq: ++seq, at, event }));
  });
}

export function says(author: Author, text: string | Part[], clientId?: string): ConversationEvent {
  const parts: Part[] = typeof text === 'string' ? [{ type: 'text', text }] : text;
  return { type: 'message', message: { id: `msg_${text}`, author, parts, ...(clientId ? { clientId } : {}) } };
}

export const opened: ConversationEvent = { type: 'conversation.opened', id: CNV, bot: 'int_bot' };
export const toQueue = control('queue');
export const toAgent: ConversationEvent[] = [
  { type: 'handoff.accepted', handoff: 'hnd_1', agent: DANA },
  control('agent'),
  { type: 'participant.joined', agent: DANA, role: 'owner' },
];
export const closed: ConversationEvent[] = [
  { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved' },
  { type: 'participant.left', agent: DANA, role: 'owner' },
  control('nobody'),
  { type: 'conversation.closed' },
];

export function control(holder: 'bot' | 'queue' | 'agent' | 'nobody'): ConversationEvent {
  const to = holder === 'agent' ? { holder, agent: DANA } : { holder };
  return { type: 'control.changed', from: { holder: 'bot' }, to, epoch: 2, why: 'test' };
}

export const choices: Part[] = [
  { type: 'text', text: 'Which?' },
  {
    type: 'choices',
    choices: [
      { id: 'a', label: 'Apples' },
      { id: 'b', label: 'Pears' },
    ],
  },
];

export function pending(
  key: string,
  wish: Pending['wish'] = { what: 'say', parts: [{ type: 'text', text: key }] },
): Pending {
  return { key, at: Date.UTC(2026, 10, 22, 12), conversation: CNV, wish, fate: { is: 'waiting' } };
}

export function frames(items: readonly EventItem[], conversation: typeof CNV | 'cnv_2' = CNV): Action[] {
  return items.map((item) => ({ type: 'frame', frame: { type: 'event', conversation, ...item } }));
}

export const frame = (frame: ServerFrame): Action => ({ type: 'frame', frame });

/** The state after these actions, in a conversation that is known. */
export function after(...actions: (Action | Action[])[]): State {
  return actions.flat().reduce(reduce, { ...NEW_VISIT, conversation: CNV });
}
