import type { ConversationSummary, EventItem, ServerFrame } from '@baton/protocol';
import { addEvent, addNewer, addOlder, openTimeline } from './log.ts';
import { answered, shown } from './outgoing.ts';
import { resolve, stillResolving, unresolve } from './resolving.ts';
import { hearMessage, putRow, takeList, takeStopped } from './rows.ts';
import {
  type ConversationId,
  emptyState,
  type HandoffId,
  type Millis,
  type Outgoing,
  type State,
  type Teammate,
} from './state.ts';
import { heard, silenced } from './typing.ts';
import type { View } from './views.ts';

/** What can happen to the console's picture of the world: a frame from the hub, an answer to a request, a deed of the agent. */
export type Action =
  | { type: 'frame'; frame: ServerFrame; at: Millis }
  | { type: 'lost'; at: Millis }
  | { type: 'ended'; reason: string }
  | { type: 'list.asked'; view: View }
  | {
      type: 'list.came';
      view: View;
      items: ConversationSummary[];
      next: string | null /** Cursor that was asked with; null for the first page. */;
      after: string | null /** State.beat when it was asked. */;
      beat: number;
    }
  | { type: 'list.failed'; view: View; message: string }
  | { type: 'rows.came'; rows: ConversationSummary[]; beat: number }
  | { type: 'stopped.came'; rows: ConversationSummary[]; beat: number }
  | { type: 'timeline.opened'; conversation: ConversationId; head: number }
  | { type: 'timeline.ready'; conversation: ConversationId }
  | { type: 'older.asked' | 'older.failed'; conversation: ConversationId }
  | { type: 'older.came' | 'newer.came'; conversation: ConversationId; items: EventItem[] }
  | { type: 'offer.answering'; handoff: HandoffId; answer: 'accept' | 'decline' | undefined }
  | { type: 'offer.gone'; handoff: HandoffId }
  | { type: 'team.came'; team: Teammate[] }
  | { type: 'wrote'; outgoing: Outgoing }
  | { type: 'discarded'; clientId: string }
  | { type: 'resolve'; conversation: ConversationId; at: Millis }
  | { type: 'unresolve'; conversation: ConversationId }
  | { type: 'saw'; conversation: ConversationId; seq: number }
  | { type: 'moment' /** Time passes: offers run out, typing fades. */; at: Millis };

/** The hub says when an offer is gone. Without a word from it the card goes this long after its time. */
const LATE_MS = 10_000;

/** The console's picture after an action. Pure: the same frames give the same screen. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'frame':
      return takeFrame({ ...state, beat: state.beat + 1 }, action.frame, action.at);
    case 'lost':
      return state.link.state === 'lost' || state.link.state === 'ended' ? state : lose(state, action.at);
    case 'ended':
      return {
        ...emptyState(0),
        outgoing: state.outgoing,
        seen: state.seen,
        link: { state: 'ended', reason: action.reason },
      };
    case 'list.asked':
      return state.lists[action.view].state === 'loaded'
        ? state
        : { ...state, lists: { ...state.lists, [action.view]: { state: 'loading' } } };
    case 'list.came':
      return takeList(state, action);
    case 'list.failed':
      return state.lists[action.view].state === 'loaded'
        ? state
        : { ...state, lists: { ...state.lists, [action.view]: { state: 'failed', message: action.message } } };
    case 'rows.came':
      return action.rows.reduce((next, summary) => putRow(next, summary, action.beat), state);
    case 'stopped.came':
      return takeStopped(state, action.rows, action.beat);
    case 'timeline.opened':
      return openTimeline(state, action.conversation, action.head);
    case 'timeline.ready':
      return patchTimeline(state, action.conversation, { ready: true, behind: false });
    case 'older.asked':
      return patchTimeline(state, action.conversation, { older: 'loading' });
    case 'older.failed':
      return patchTimeline(state, action.conversation, { older: 'failed' });
    case 'newer.came':
      return addNewer(state, action.conversation, action.items);
    case 'older.came':
      return addOlder(state, action.conversation, action.items);
    case 'offer.answering':
      return {
        ...state,
        offers: state.offers.map((offer) =>
          offer.handoff === action.handoff ? withAnswer(offer, action.answer) : offer,
        ),
      };
    case 'offer.gone':
      return { ...state, offers: state.offers.filter((one) => one.handoff !== action.handoff) };
    case 'team.came':
      return { ...state, team: Object.fromEntries(action.team.map((mate) => [mate.agent.id, mate])) };
    case 'wrote':
      return {
        // Who writes again has not done with it.
        ...unresolve(state, action.outgoing.conversation),
        outgoing: [...state.outgoing.filter((one) => one.clientId !== action.outgoing.clientId), action.outgoing],
      };
    case 'discarded':
      return { ...state, outgoing: state.outgoing.filter((one) => one.clientId !== action.clientId) };
    case 'resolve':
      return resolve(state, action.conversation, action.at);
    case 'unresolve':
      return unresolve(state, action.conversation);
    case 'saw':
      return (state.seen[action.conversation] ?? 0) >= action.seq
        ? state
        : { ...state, seen: { ...state.seen, [action.conversation]: action.seq } };
    case 'moment':
      return passTime(state, action.at);
  }
}

function takeFrame(state: State, frame: ServerFrame, at: Millis): State {
  switch (frame.type) {
    case 'welcome':
      // Offers that still stand are sent again; who types and who is there, too.
      return {
        ...state,
        me: frame.me,
        link: { state: 'live', since: at, returned: state.link.state === 'lost' },
        offers: [],
        typing: {},
      };
    case 'event':
      return takeEvent(state, frame.conversation, { seq: frame.seq, at: frame.at, event: frame.event });
    case 'ack':
    case 'refused':
      return answered(state, frame);
    case 'typing':
      return heard(state, frame, at);
    case 'read':
      return mark(state, frame.conversation, frame.who, frame.seq);
    case 'presence':
      return seeAgent(state, frame);
    case 'offer': {
      const offer = {
        handoff: frame.handoff,
        conversation: frame.conversation,
        expiresAt: Date.parse(frame.expiresAt),
        offeredAt: at,
        context: frame.context,
      };
      return { ...state, offers: [...state.offers.filter((one) => one.handoff !== frame.handoff), offer] };
    }
    case 'offer-gone':
      return { ...state, offers: state.offers.filter((one) => one.handoff !== frame.handoff) };
    case 'inbox':
      return putRow(state, frame.conversation, state.beat);
    case 'queue':
    case 'pong':
    case 'bye':
      return state;
  }
}

function takeEvent(state: State, conversation: ConversationId, item: EventItem): State {
  const logged = addEvent(stillResolving(state, conversation, item), conversation, item);
  return silenced(hearMessage(shown(logged, conversation, item), conversation, item), conversation, item.event);
}

function lose(state: State, at: Millis): State {
  return { ...state, link: { state: 'lost', since: at }, typing: {} };
}

function patchTimeline(
  state: State,
  conversation: ConversationId,
  patch: Partial<State['timelines'][ConversationId]>,
): State {
  const timeline = state.timelines[conversation];
  return timeline ? { ...state, timelines: { ...state.timelines, [conversation]: { ...timeline, ...patch } } } : state;
}

function withAnswer(offer: State['offers'][number], answer: 'accept' | 'decline' | undefined): State['offers'][number] {
  const { answering: _, ...rest } = offer;
  return answer ? { ...rest, answering: answer } : rest;
}

function mark(state: State, conversation: ConversationId, who: 'customer' | 'agent', seq: number): State {
  const marks = state.marks[conversation] ?? { customer: 0, agent: 0 };
  return marks[who] >= seq ? state : { ...state, marks: { ...state.marks, [conversation]: { ...marks, [who]: seq } } };
}

function seeAgent(state: State, frame: Extract<ServerFrame, { type: 'presence' }>): State {
  const { agent, state: presence, capacity, active, wrapping = 0 } = frame;
  const me = state.me?.id === agent.id ? { ...state.me, presence, capacity, backAt: frame.backAt ?? null } : state.me;
  const backAt = frame.backAt ? Date.parse(frame.backAt) : null;
  const mate = { agent, state: presence, backAt, capacity, active, wrapping };
  return { ...state, me, team: { ...state.team, [agent.id]: mate } };
}

function passTime(state: State, at: Millis): State {
  const offers = state.offers.filter((offer) => offer.expiresAt + LATE_MS > at);
  const faded = heard(state, null, at);
  return offers.length === state.offers.length ? faded : { ...faded, offers };
}
