import type { ConversationSummary } from '@baton/protocol';
import type { State } from './state.ts';

/** The lists of the inbox, in their order on the screen. */
export const VIEWS = ['queue', 'mine', 'bot', 'all', 'closed'] as const;
export type View = (typeof VIEWS)[number];

export function isView(word: string): word is View {
  return (VIEWS as readonly string[]).includes(word);
}

/** Does a conversation belong to this list of this agent? The same question that `queryOf` asks the hub. */
export function belongs(view: View, row: ConversationSummary, me: string | undefined): boolean {
  switch (view) {
    case 'queue':
      return row.status === 'open' && (isWaiting(row) || isStopped(row));
    case 'mine':
      return row.status === 'open' && row.control.holder === 'agent' && row.control.agent?.id === me;
    case 'bot':
      return row.status === 'open' && row.control.holder === 'bot';
    case 'all':
      return row.status === 'open';
    case 'closed':
      return row.status === 'closed';
  }
}

/** In the line for a person, also while he goes on with the bot. */
export function isWaiting({ control, handoff }: Pick<ConversationSummary, 'control' | 'handoff'>): boolean {
  return control.holder === 'queue' || (control.holder === 'bot' && handoff !== null);
}

/** The loop guard took control away from all machines (I9): a person has to look. It stands in the queue, so that one does. */
export function isStopped(row: ConversationSummary): boolean {
  return row.status === 'open' && row.control.holder === 'nobody' && row.flags.includes('loop_guard');
}

/** The list as a question to `GET /v1/conversations`. */
export function queryOf(view: View, me: string): Record<string, string> {
  switch (view) {
    case 'queue':
      return { status: 'open', holder: 'queue' };
    case 'mine':
      return { status: 'open', holder: 'agent', agent: me };
    case 'bot':
      return { status: 'open', holder: 'bot' };
    case 'all':
      return { status: 'open' };
    case 'closed':
      return { status: 'closed' };
  }
}

/** Queue: who waits longest is first. Everything else: what moved last is first. */
export function compareIn(view: View): (a: ConversationSummary, b: ConversationSummary) => number {
  if (view === 'queue') return (a, b) => compareText(waitingSince(a), waitingSince(b)) || compareText(a.id, b.id);
  return (a, b) => compareText(lastAt(b), lastAt(a)) || compareText(b.id, a.id);
}

/** Since when the customer waits for a person; when nobody asked for one, when the conversation began. */
export function waitingSince(row: ConversationSummary): string {
  return row.handoff?.waitingSince ?? row.openedAt;
}

/** When it last moved. A message that came as an event may be newer than the rest of the row. */
export function lastAt(row: ConversationSummary): string {
  const last = row.last?.at ?? row.openedAt;
  return last > row.activeAt ? last : row.activeAt;
}

// RFC 3339 in UTC sorts as text.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows of a list in their order, of those that are here. */
export function rowsOf(state: Pick<State, 'rows' | 'me'>, view: View): ConversationSummary[] {
  const me = state.me?.id;
  const rows: ConversationSummary[] = [];
  for (const row of Object.values(state.rows)) if (belongs(view, row.summary, me)) rows.push(row.summary);
  return rows.sort(compareIn(view));
}

/** Words of a row that a filter looks at. */
export function matches(row: ConversationSummary, filter: string): boolean {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = [
    row.customer.name,
    row.customer.email,
    row.last?.text,
    row.channel.name,
    row.control.agent?.name,
    row.id,
    ...row.flags,
  ]
    .filter(Boolean)
    .join('\n')
    .toLocaleLowerCase();
  return words.every((word) => hay.includes(word));
}
