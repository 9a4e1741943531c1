import type { EventItem } from '@baton/protocol';
import type { ConversationId, State, Timeline } from './state.ts';

/** How many events of a log are fetched at once, and how far back a conversation is opened. */
export const PAGE = 150;
/** Logs that stay in memory after they were left, so that going back to them is instant. */
const KEPT = 12;
/** A log that is this far behind is opened anew: most of what is missing would not be looked at. */
const FAR_BEHIND = 500;

const EMPTY: Timeline = { events: [], ready: false, behind: false, older: 'idle' };

/**
 * Makes place for a log. One that is here already is kept: only what is new has to be sent.
 * @param head seq of the last event, as far as the lists know
 */
export function openTimeline(state: State, conversation: ConversationId, head: number): State {
  const known = state.timelines[conversation];
  const timeline = known && head - lastSeq(known) <= FAR_BEHIND ? known : EMPTY;
  const { [conversation]: _, ...others } = state.timelines;
  const kept = Object.entries(others).slice(-(KEPT - 1));
  // The one opened last goes to the end, so that the oldest are dropped.
  return { ...state, timelines: { ...Object.fromEntries(kept), [conversation]: timeline } };
}

/**
 * Appends an event. Twice the same changes nothing; one that leaves a gap is not taken and marks the log as behind.
 * The hub sends the events of the agent's own conversations unasked: their logs begin here.
 */
export function addEvent(state: State, conversation: ConversationId, item: EventItem): State {
  const timeline = state.timelines[conversation] ?? EMPTY;
  const last = lastSeq(timeline);
  if (timeline.events.length > 0 && item.seq <= last) return state;
  const gap = timeline.events.length > 0 && item.seq > last + 1;
  const next: Timeline = gap ? { ...timeline, behind: true } : { ...timeline, events: [...timeline.events, item] };
  return { ...state, timelines: { ...state.timelines, [conversation]: next } };
}

/** Appends what was missing at the end, as far as it joins; then nothing is known to be missing. */
export function addNewer(state: State, conversation: ConversationId, items: EventItem[]): State {
  const next = items.reduce((now, item) => addEvent(now, conversation, item), state);
  const timeline = next.timelines[conversation];
  return timeline
    ? { ...next, timelines: { ...next.timelines, [conversation]: { ...timeline, behind: false } } }
    : next;
}

/** Puts a page of older events in front. Only what ends exactly where the log begins is taken. */
export function addOlder(state: State, conversation: ConversationId, items: EventItem[]): State {
  const timeline = state.timelines[conversation];
  if (!timeline) return state;
  const first = timeline.events[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = items.filter((item) => item.seq < first);
  const joins = timeline.events.length === 0 || older.at(-1)?.seq === first - 1;
  const events = joins ? [...older, ...timeline.events] : timeline.events;
  return {
    ...state,
    timelines: { ...state.timelines, [conversation]: { ...timeline, events, older: joins ? 'idle' : 'failed' } },
  };
}

export function firstSeq(timeline: Timeline): number {
  return timeline.events[0]?.seq ?? 0;
}

export function lastSeq(timeline: Timeline): number {
  return timeline.events.at(-1)?.seq ?? 0;
}
