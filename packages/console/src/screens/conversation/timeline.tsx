import type { ConversationSummary } from '@baton/protocol';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { firstSeq, lastSeq } from '#data/log.ts';
import type { ConversationId, Outgoing, Timeline as TimelineState } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { customerName } from '#ui/names.ts';
import { type Entry, entriesOf } from './entries.ts';
import { EntryView } from './entry-view.tsx';
import { JumpDown } from './jump-down.tsx';
import type { Names } from './lines.ts';
import classes from './timeline.module.css';
import { TimelineEdge } from './timeline-edge.tsx';
import { useJump, useOlder, usePinned, useReading } from './timeline-scroll.ts';
import { TimelineSkeleton } from './timeline-skeleton.tsx';

const EDGE_HEIGHT = 36;
const WHOLE_UP_TO = 120;

interface TimelineProps {
  id: ConversationId;
  row: ConversationSummary;
  names: Omit<Names, 'reason'>;
  mayReply: boolean;
  /** Where a click on a quote leads; the count makes the same place twice two jumps. */
  jump: { seq: number; count: number } | null;
  onJump: (seq: number) => void;
  onEdit: (text: string, kind: Outgoing['kind']) => void;
}

/** The conversation as it went, live, from its end back to its start. */
export function Timeline({ id, row, names, mayReply, jump, onJump, onEdit }: TimelineProps) {
  const timeline = usePicture((state) => state.timelines[id]);
  const entries = useEntries(id, names);
  const box = useRef<HTMLElement>(null);
  const start = timeline ? firstSeq(timeline) <= 1 : false;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => sizeOf(entries[at]),
    getItemKey: (at) => entries[at]?.key ?? at,
    // A short one is there as a whole: then the browser's own search finds everything in it.
    overscan: entries.length <= WHOLE_UP_TO ? entries.length : 10,
    anchorTo: 'end',
    // The upper edge stands there: the start of the conversation, or what is loaded next.
    paddingStart: EDGE_HEIGHT,
    paddingEnd: 14,
  });
  const ready = useReady(timeline, row.seq);
  const { atEnd, toEnd, letGo } = usePinned(box, ready);
  useOlder(id, firstInSight(virtual), ready);
  useReading(id, row, atEnd);
  const flash = useJump(id, virtual, entries, jump, letGo);

  const customer = useMemo(
    () => ({ id: row.customer.id, name: customerName(row.customer), given: row.customer.name }),
    [row.customer],
  );
  useOwnWords(id, toEnd);
  const { logs } = useConsole();
  if (!ready || !timeline) return <TimelineSkeleton />;
  return (
    <div className={classes.place}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <section ref={box} className={classes.box} aria-label={t.timeline.label} tabIndex={0}>
        <div className={classes.all} style={{ height: virtual.getTotalSize() }}>
          <TimelineEdge height={EDGE_HEIGHT} start={start} older={timeline.older} onRetry={() => void logs.older(id)} />
          {virtual.getVirtualItems().map((item) => {
            const entry = entries[item.index];
            return (
              entry && (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={classes.item}
                  style={{ transform: `translateY(${item.start}px)` }}
                  data-flash={('seq' in entry && entry.seq === flash) || undefined}
                >
                  <EntryView
                    entry={entry}
                    customer={customer}
                    me={names.me}
                    mayReply={mayReply}
                    onJump={onJump}
                    onEdit={onEdit}
                  />
                </div>
              )
            );
          })}
        </div>
      </section>
      <JumpDown id={id} atEnd={atEnd} onJump={toEnd} />
    </div>
  );
}

/** Once there is something to show it stays, also while the lists are ahead of the log. */
function useReady(timeline: TimelineState | undefined, head: number): boolean {
  const [ready, setReady] = useState(false);
  const now = timeline !== undefined && (timeline.ready || lastSeq(timeline) >= head);
  if (now && !ready) setReady(true);
  return now || ready;
}

/** Index of the first entry in sight; with few entries all are drawn, so what is drawn first says nothing. */
function firstInSight(virtual: Virtualizer<HTMLElement, Element>): number {
  return virtual.range?.startIndex ?? 0;
}

/** Who writes wants to see it. */
function useOwnWords(id: ConversationId, toEnd: () => void): void {
  const newest = usePicture((state) => state.outgoing.findLast((one) => one.conversation === id)?.clientId);
  useEffect(() => {
    if (newest !== undefined) toEnd();
  }, [newest, toEnd]);
}

function useEntries(id: ConversationId, names: Omit<Names, 'reason'>): Entry[] {
  const events = usePicture((state) => state.timelines[id]?.events);
  const all = usePicture((state) => state.outgoing);
  const marks = usePicture((state) => state.marks[id]);
  const { live } = useConsole();
  // As it was when the conversation was opened: the line must not move while one reads.
  const [unreadFrom] = useState(() => (live.state.seen[id] === undefined ? null : (live.state.seen[id] ?? 0) + 1));
  const outgoing = useMemo(() => all.filter((one) => one.conversation === id), [all, id]);
  return useMemo(
    () => entriesOf({ events: events ?? [], outgoing, names, marks, unreadFrom }),
    [events, outgoing, names, marks, unreadFrom],
  );
}

/** Only a guess until it is measured; near enough that the scrollbar does not jump. */
function sizeOf(entry: Entry | undefined): number {
  if (!entry) return 0;
  const above = (entry.day === undefined ? 0 : 40) + (entry.unread ? 40 : 0);
  switch (entry.kind) {
    case 'line':
      return above + 32;
    case 'note':
    case 'outgoing':
      return above + 76;
    case 'message': {
      const length = entry.message.parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 90), 0);
      return above + (entry.first ? 68 : 40) + Math.min(24, Math.floor(length / 75)) * 20;
    }
  }
}
