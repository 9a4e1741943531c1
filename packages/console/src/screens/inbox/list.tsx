import { ActionIcon, Button } from '@mantine/core';
import { IconCloudOff, IconFilterOff, IconSearch, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { type Command, useCommands } from '#data/commands.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { matches, rowsOf, type View } from '#data/views.ts';
import { Nudges, useRoomForNudges } from '#screens/shell/nudges.tsx';
import { VIEW_ICONS } from '#screens/shell/shell-commands.tsx';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';
import classes from './list.module.css';
import { RowSkeletons } from './row-skeletons.tsx';
import { Rows } from './rows.tsx';

/** One list of the inbox, live. */
export function List({ view, open }: { view: View; open: string | undefined }) {
  const [filter, setFilter] = useState('');
  const rows = useRows(view, useDeferredValue(filter));
  const field = useRef<HTMLInputElement>(null);
  useWalk(view, rows, open, field);
  const roomy = useRoomForNudges();
  return (
    <section className={classes.pane} aria-label={t.views[view]}>
      <header className={classes.head}>
        <h1 className={classes.title}>{t.views[view]}</h1>
        <label className={classes.filter}>
          <IconSearch size={15} aria-hidden />
          <input
            ref={field}
            value={filter}
            placeholder={t.list.filter}
            aria-label={`${t.list.filter}: ${t.views[view]}`}
            autoComplete="off"
            onChange={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setFilter('');
              event.currentTarget.blur();
            }}
          />
          {filter && (
            <ActionIcon size="xs" aria-label={t.list.clear} onClick={() => setFilter('')}>
              <IconX size={13} />
            </ActionIcon>
          )}
        </label>
      </header>
      {!roomy && <Nudges />}
      <Content view={view} rows={rows} open={open} filtered={filter !== ''} />
    </section>
  );
}

interface ContentProps {
  view: View;
  rows: ReturnType<typeof rowsOf>;
  open: string | undefined;
  filtered: boolean;
}

function Content({ view, rows, open, filtered }: ContentProps) {
  const list = usePicture((state) => state.lists[view]);
  const presence = usePicture((state) => state.me?.presence);
  const { lists } = useConsole();
  if (rows.length > 0) return <Rows view={view} rows={rows} open={open} />;
  if (list.state === 'failed') {
    return (
      <Empty icon={<IconCloudOff size={22} stroke={1.7} />} title={t.list.failed} text={list.message}>
        <Button mt="sm" variant="default" onClick={() => lists.use(view)}>
          {t.retry}
        </Button>
      </Empty>
    );
  }
  if (list.state !== 'loaded') return <RowSkeletons />;
  if (filtered)
    return (
      <Empty
        icon={<IconFilterOff size={22} stroke={1.7} />}
        title={t.empty.filtered.title}
        text={t.empty.filtered.text}
      />
    );
  const idle = view === 'queue' && presence !== undefined && presence !== 'online';
  const text = idle ? t.presence.notOffered(t.presence[presence].toLowerCase()) : t.empty[view].text;
  return <Empty icon={VIEW_ICONS[view]} title={t.empty[view].title} text={text} />;
}

function useRows(view: View, filter: string) {
  const rows = usePicture((state) => state.rows);
  const me = usePicture((state) => state.me);
  const inView = useMemo(() => rowsOf({ rows, me }, view), [rows, me, view]);
  return useMemo(
    () => (filter.trim() === '' ? inView : inView.filter((row) => matches(row, filter))),
    [inView, filter],
  );
}

/** J and K walk through the list; `/` filters it. */
function useWalk(
  view: View,
  rows: ReturnType<typeof rowsOf>,
  open: string | undefined,
  field: React.RefObject<HTMLInputElement | null>,
): void {
  const navigate = useNavigate();
  const latest = useRef({ rows, open });
  latest.current = { rows, open };
  const commands = useMemo((): Command[] => {
    const walk = (step: number) => {
      const { rows, open } = latest.current;
      const at = rows.findIndex((row) => row.id === open);
      const next =
        rows[at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next) void navigate({ to: '/inbox/$view/$conversation', params: { view, conversation: next.id } });
    };
    return [
      { id: 'next', label: t.help.next, keys: 'j', group: 'go', repeats: true, run: () => walk(1) },
      { id: 'previous', label: t.help.previous, keys: 'k', group: 'go', repeats: true, run: () => walk(-1) },
      { id: 'filter', label: t.help.filter, keys: '/', group: 'go', run: () => field.current?.focus() },
    ];
  }, [view, navigate, field]);
  useCommands('inbox', commands);
}
