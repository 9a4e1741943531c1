import type { Control, ConversationSummary } from '@baton/protocol';
import type { ConversationId, State } from './state.ts';

/** Questions to the state that more than one screen asks. */

type Known = Pick<State, 'rows' | 'timelines'>;

/** Who holds control, by whichever told it last: the lists or the log. The higher epoch is the newer. */
export function controlOf(state: Known, conversation: ConversationId): Control | undefined {
  const row = state.rows[conversation]?.summary.control;
  const events = state.timelines[conversation]?.events ?? [];
  for (let at = events.length - 1; at >= 0; at--) {
    const item = events[at];
    if (item?.event.type !== 'control.changed') continue;
    if (row && row.epoch >= item.event.epoch) return row;
    return { ...item.event.to, epoch: item.event.epoch, since: item.at };
  }
  return row;
}

/** What an agent is to a conversation: this decides what he may do. */
export type Stance =
  | { is: 'mine' }
  | { is: 'bot' }
  | { is: 'queue' }
  | { is: 'other'; name: string }
  | { is: 'nobody' }
  | { is: 'closed' };

export function stanceOf(row: ConversationSummary, control: Control, me: string | undefined): Stance {
  if (row.status === 'closed') return { is: 'closed' };
  switch (control.holder) {
    case 'agent':
      return control.agent?.id === me ? { is: 'mine' } : { is: 'other', name: control.agent?.name ?? '' };
    case 'bot':
    case 'queue':
    case 'nobody':
      return { is: control.holder };
  }
}

/** The customer wrote last and this agent has not looked yet. Only for what waits for people: the bot's talks would all be bold. */
export function isUnread(row: ConversationSummary, seen: number | undefined, me: string | undefined): boolean {
  const mine = row.control.holder === 'agent' && row.control.agent?.id === me;
  if (row.status !== 'open' || !(mine || row.control.holder === 'queue')) return false;
  return row.last?.role === 'customer' && row.last.seq > (seen ?? 0);
}
