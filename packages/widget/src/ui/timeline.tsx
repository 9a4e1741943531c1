import { useMemo } from 'preact/hooks';
import type { Bubble, Row } from '#story/layout.ts';
import { layOut } from '#story/layout.ts';
import type { Notice } from '#story/story.ts';
import type { Words } from '#strings.ts';
import type { State } from '#visit/state.ts';
import { mayAnswer, pendingHere } from '#visit/view.ts';
import { Avatar } from './avatar.tsx';
import { useSurroundings } from './context.ts';
import { WarnIcon } from './icons.tsx';
import { Parts } from './parts.tsx';

/** Everything said and done so far. Drawn again only when that changes, not with every sign of typing. */
export function Timeline({ state }: { state: State }) {
  const { story, pending, readByThem, link } = state;
  return useMemo(() => <Rows state={state} />, [story, pending, readByThem, link]);
}

function Rows({ state }: { state: State }) {
  const rows = layOut(state.story.lines, pendingHere(state));
  const lastMine = rows.findLast((row) => row.kind === 'group' && row.mine);
  return (
    <ol class="rows">
      {rows.map((row) => (
        <li key={row.key} class={`row-${row.kind}`}>
          <RowView row={row} state={state} last={row === lastMine} />
        </li>
      ))}
    </ol>
  );
}

function RowView({ row, state, last }: { row: Row; state: State; last: boolean }) {
  const { words, locale } = useSurroundings();
  switch (row.kind) {
    case 'day':
      return <time dateTime={new Date(row.at).toISOString()}>{dayOf(row.at, locale)}</time>;
    case 'notice':
      return <span dir="auto">{noticeText(row.notice, words)}</span>;
    case 'group':
      return <Group row={row} state={state} last={last} />;
  }
}

function Group({ row, state, last }: { row: Extract<Row, { kind: 'group' }>; state: State; last: boolean }) {
  const { words, locale } = useSurroundings();
  const name = row.author.name ?? words(row.author.role === 'agent' ? 'team' : 'assistant');
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(row.at);
  const newest = row.bubbles.at(-1);
  return (
    <div class={`group ${row.mine ? 'mine' : 'theirs'} ${row.author.role}`}>
      {!row.mine && <Avatar author={row.author} />}
      <div class="bubbles">
        <span class="hidden">{row.mine ? words('you') : name}</span>
        {row.bubbles.map((bubble) => (
          <div key={bubble.key} class={`message ${bubble.fate?.is ?? ''}`} data-key={bubble.key}>
            <Parts bubble={bubble} mine={row.mine} asking={bubble.seq !== null && mayAnswer(state, bubble.seq)} />
            {bubble.fate?.is === 'refused' && <Refused bubble={bubble} fate={bubble.fate} />}
          </div>
        ))}
        <span class="meta">
          {row.mine ? (
            <>
              {time}
              {last && newest && <Fate bubble={newest} state={state} />}
            </>
          ) : (
            <>
              <span dir="auto">{name}</span> · {time}
            </>
          )}
        </span>
      </div>
    </div>
  );
}

function Fate({ bubble, state }: { bubble: Bubble; state: State }) {
  const { words } = useSurroundings();
  if (bubble.fate?.is === 'refused') return null;
  const seen = bubble.seq !== null && bubble.seq <= state.readByThem;
  const key = bubble.fate?.is === 'waiting' ? (state.link === 'offline' ? 'kept' : 'sending') : seen ? 'seen' : 'sent';
  return <span class={`fate ${key}`}> · {words(key)}</span>;
}

/** Our own reasons are told in his language. */
function Refused({ bubble, fate }: { bubble: Bubble; fate: { code: string; reason: string } }) {
  const { visit, words } = useSurroundings();
  const reason = fate.code === 'stale' ? words('stale') : fate.reason;
  return (
    <div class="refused-line" role="alert">
      <WarnIcon /> <span dir="auto">{words('notSent', { reason })}</span>
      <button type="button" class="quiet" onClick={() => visit.retry(bubble.key)}>
        {words('retry')}
      </button>
      <button type="button" class="quiet" onClick={() => visit.drop(bubble.key)}>
        {words('discard')}
      </button>
    </div>
  );
}

export function noticeText(notice: Notice, words: Words): string {
  switch (notice.type) {
    case 'joined':
    case 'left':
    case 'returned':
    case 'held':
    case 'resumed':
      return words(notice.type, { name: notice.name });
    case 'transferred':
      return notice.name === null ? words('transferred') : words('transferredTo', { name: notice.name });
    case 'closed':
    case 'reopened':
      return words(notice.type);
  }
}

/** "today", "yesterday", then the date; in the visitor's language. */
function dayOf(at: number, locale: string): string {
  const [day, now] = [new Date(at), new Date()];
  const ago = Math.round((now.setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (ago < 2) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
  const year = day.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...year }).format(day);
}
