import type { ConversationSummary } from '@baton/protocol';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useConsole, usePicture } from '#data/use.ts';
import type { View } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { Row } from './row.tsx';
import classes from './rows.module.css';

/** Fixed, so that ten thousand rows cost nothing to place. row.module.css has the same number. */
const ROW_HEIGHT = 82;
/** The next page is asked for when this many rows are left. */
const AHEAD = 15;

/** The rows of a list that are in sight. */
export function Rows({ view, rows, open }: { view: View; rows: ConversationSummary[]; open: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const { lists } = useConsole();
  const more = usePicture((state) => {
    const list = state.lists[view];
    return list.state === 'loaded' && list.more;
  });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    getItemKey: (at) => rows[at]?.id ?? at,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) lists.more(view);
  }, [lists, view, more, last, rows.length]);

  // Only when another one is opened: rows that move under the reader must not pull the list along.
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => {
    const at = latest.current.findIndex((row) => row.id === open);
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [virtual, open]);

  return (
    <div ref={box} className={classes.box}>
      <ul className={classes.list} style={{ height: virtual.getTotalSize() }} aria-label={t.list.count(rows.length)}>
        {shown.map((item) => {
          const row = rows[item.index];
          return row && <Row key={row.id} row={row} view={view} open={row.id === open} top={item.start} />;
        })}
      </ul>
      {more && (
        <p className={classes.more} role="status">
          {t.list.more}
        </p>
      )}
    </div>
  );
}
