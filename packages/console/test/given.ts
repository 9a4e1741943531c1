import type { Control, ConversationEvent, ConversationSummary, EventItem, Message, ServerFrame } from '@baton/protocol';
import { type ConversationId, emptyState, type State } from '#data/state.ts';
import { type Action, reduce } from '#data/store.ts';

/** Pieces of a console's world, for tests: everything has a plain default, a test names what it is about. */

export const ME = 'agt_dana';
export const DANA = { id: ME, name: 'Dana Whitfield' };
export const OMAR = { id: 'agt_omar', name: 'Omar Haddad' };
export const NOON = Date.parse('2026-11-22T12:00:00.000Z');

/** Minutes after noon as the wire writes it. */
export const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

export const byBot = (epoch = 1): Control => ({ holder: 'bot', bot: 'int_bot', epoch, since: at(0) });
export const byQueue = (epoch = 2): Control => ({ holder: 'queue', queue: 'que_1', epoch, since: at(0) });
export const byAgent = (agent = DANA, epoch = 3): Control => ({ holder: 'agent', agent, epoch, since: at(0) });

export function row(id: string, more: Partial<ConversationSummary> = {}): ConversationSummary {
  return {
    id: `cnv_${id}`,
    status: 'open',
    channel: { id: 'int_web', kind: 'widget', name: 'Website' },
    customer: { id: `cus_${id}`, name: `Customer ${id}`, email: null, verified: false },
    control: byBot(),
    handoff: null,
    flags: [],
    watchers: [],
    last: null,
    waiting: false,
    seq: 1,
    openedAt: at(0),
    activeAt: at(0),
    ...more,
  };
}

export const waits = (id: string, since: number, more: Partial<ConversationSummary> = {}) =>
  row(id, {
    control: byQueue(),
    handoff: {
      id: `hnd_${id}`,
      phase: 'queued',
      reason: 'customer_asked',
      queue: 'que_1',
      waitingSince: at(since),
      meanwhile: null,
      agent: null,
    },
    ...more,
  });

export const event = (seq: number, event: ConversationEvent, minutes = seq): EventItem => ({
  seq,
  at: at(minutes),
  event,
});

type Role = 'customer' | 'bot' | 'agent' | 'system';
const AUTHORS: Record<Role, Message['author']> = {
  customer: { role: 'customer', id: 'cus_1' },
  bot: { role: 'bot', id: 'int_bot', name: 'Fern' },
  agent: { role: 'agent', ...DANA },
  system: { role: 'system', id: 'system', name: 'Assistant' },
};

export function said(seq: number, role: Role, text: string, more: Partial<Message> = {}, minutes = seq): EventItem {
  const message: Message = { id: `msg_${seq}`, author: AUTHORS[role], parts: [{ type: 'text', text }], ...more };
  return event(seq, { type: 'message', message }, minutes);
}

export const frameOf = (conversation: ConversationId, item: EventItem): ServerFrame => ({
  type: 'event',
  conversation,
  ...item,
});

export const welcome: ServerFrame = {
  type: 'welcome',
  me: { role: 'agent', id: ME, name: DANA.name, presence: 'online', capacity: 3 },
  conversation: null,
  heartbeatSeconds: 20,
  server: 'test',
};

/** The state after actions and frames, in order; frames arrive a second apart. */
export function after(...happened: (Action | ServerFrame)[]): State {
  return onTopOf(emptyState(NOON), ...happened);
}

export function onTopOf(state: State, ...happened: (Action | ServerFrame)[]): State {
  return happened.reduce(
    (now, one, index) => reduce(now, isFrame(one) ? { type: 'frame', frame: one, at: NOON + index * 1_000 } : one),
    state,
  );
}

const FRAMES = new Set([
  'welcome',
  'event',
  'ack',
  'refused',
  'typing',
  'read',
  'presence',
  'queue',
  'offer',
  'offer-gone',
  'inbox',
  'pong',
  'bye',
]);

function isFrame(one: Action | ServerFrame): one is ServerFrame {
  return FRAMES.has(one.type);
}
