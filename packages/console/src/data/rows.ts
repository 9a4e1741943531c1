import type { ConversationSummary, EventItem, Part } from '@baton/protocol';
import type { ConversationId, ListState, Row, State } from './state.ts';
import { belongs, isStopped, type View } from './views.ts';

/** A list shows one line. */
const PREVIEW_LENGTH = 200;

/** A row as told at `beat`. Older news never overwrites newer: frames and answers to requests may cross. */
export function putRow(state: State, summary: ConversationSummary, beat: number): State {
  const known = state.rows[summary.id];
  if (known && !isNews(known, summary, beat)) return state;
  // A message that came as an event meanwhile is newer than this summary: it stays worked in. And one that was read alone
  // does not know what was said: that cannot have become nothing at the same seq.
  const ahead = known && (known.summary.seq > summary.seq || (known.told === summary.seq && !summary.last));
  return {
    ...state,
    rows: {
      ...state.rows,
      [summary.id]: { summary: { ...summary, ...(ahead && sayingsOf(known.summary)) }, told: summary.seq, beat },
    },
  };
}

// The seq says which is newer. With the same seq only ephemeral things can differ: then what was told last counts.
function isNews(known: Row, summary: ConversationSummary, beat: number): boolean {
  return known.told < summary.seq || (known.told === summary.seq && known.beat <= beat);
}

type Sayings = Pick<ConversationSummary, 'last' | 'waiting' | 'seq' | 'activeAt'>;

function sayingsOf({ last, waiting, seq, activeAt }: ConversationSummary): Sayings {
  return { last, waiting, seq, activeAt };
}

/**
 * A message as an event. The hub tells the lists nothing of messages in a conversation that an agent holds: he reads
 * its events anyway, and they keep his row current.
 */
export function hearMessage(state: State, conversation: ConversationId, { seq, at, event }: EventItem): State {
  const row = state.rows[conversation];
  if (!row || event.type !== 'message' || seq <= row.summary.seq) return state;
  const { author, parts } = event.message;
  // What Baton itself says is no answer to the customer, and not worth the place of what people said.
  const said: Partial<Sayings> =
    author.role === 'system'
      ? {}
      : { last: { role: author.role, text: previewOf(parts), at, seq }, waiting: author.role === 'customer' };
  const summary = { ...row.summary, ...said, seq, activeAt: at };
  return { ...state, rows: { ...state.rows, [conversation]: { ...row, summary, beat: state.beat } } };
}

export function previewOf(parts: readonly Part[]): string {
  return parts
    .map((part) =>
      part.type === 'text'
        ? part.text
        : part.type === 'card'
          ? part.title
          : part.type === 'file'
            ? `[${part.file.name}]`
            : '',
    )
    .filter(Boolean)
    .join(' ')
    .slice(0, PREVIEW_LENGTH);
}

interface Page {
  view: View;
  items: ConversationSummary[];
  next: string | null;
  after: string | null;
  beat: number;
}

/**
 * A page of a list. What the page should hold and does not has left the list while nobody told us (the line was
 * lost): it is dropped, unless we heard of it after the page was asked for.
 */
export function takeList(state: State, page: Page): State {
  const list = state.lists[page.view];
  const continued = page.after !== null && list.state === 'loaded' && list.next === page.after;
  const newest = continued ? list.reached : null;
  const oldest = page.next === null ? null : (page.items.at(-1)?.activeAt ?? null);

  let next: State = state;
  for (const item of page.items) next = putRow(next, item, page.beat);
  next = { ...next, rows: withoutLeft(next, page, newest, oldest) };

  const loaded: ListState = { state: 'loaded', next: page.next, more: page.next !== null, reached: oldest };
  return { ...next, lists: { ...next.lists, [page.view]: loaded } };
}

// The hub lists by `activeAt`, newest first: a page covers the span from the page before it to its own last row.
function withoutLeft(state: State, page: Page, newest: string | null, oldest: string | null): State['rows'] {
  const came = new Set<string>(page.items.map((item) => item.id));
  const rows: State['rows'] = {};
  for (const [id, row] of Object.entries(state.rows) as [keyof State['rows'], Row][]) {
    const { activeAt } = row.summary;
    const within = (newest === null || activeAt < newest) && (oldest === null || activeAt > oldest);
    // What the loop guard stopped is asked for apart (lists.ts): this answer does not speak of it.
    const asked = belongs(page.view, row.summary, state.me?.id) && !(page.view === 'queue' && isStopped(row.summary));
    const left = within && row.beat <= page.beat && !came.has(id) && asked;
    if (!left) rows[id] = row;
  }
  return rows;
}

/** All that the loop guard stopped: what is not among them is stopped no more, unless we heard of it since. */
export function takeStopped(state: State, items: readonly ConversationSummary[], beat: number): State {
  const came = new Set<string>(items.map((item) => item.id));
  const rows = Object.entries(state.rows).filter(
    ([id, row]) => came.has(id) || row.beat > beat || !isStopped(row.summary),
  );
  return items.reduce((next, item) => putRow(next, item, beat), { ...state, rows: Object.fromEntries(rows) });
}

/** How many are in a list, and whether there are more than are here. */
export function countIn(
  state: Pick<State, 'rows' | 'lists' | 'me'>,
  view: View,
): { count: number; more: boolean } | null {
  const list = state.lists[view];
  if (list.state !== 'loaded') return null;
  let count = 0;
  for (const row of Object.values(state.rows)) if (belongs(view, row.summary, state.me?.id)) count++;
  return { count, more: list.more };
}
