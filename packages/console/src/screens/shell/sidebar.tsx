import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconChartBar, IconSearch, IconSettings } from '@tabler/icons-react';
import { Link, useRouteContext } from '@tanstack/react-router';
import { useMemo } from 'react';
import { isUnread } from '#data/picture.ts';
import { countIn } from '#data/rows.ts';
import { usePicture } from '#data/use.ts';
import { rowsOf, VIEWS, type View } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';
import { Mark } from '#ui/mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Nudges, useRoomForNudges } from './nudges.tsx';
import { VIEW_ICONS } from './shell-commands.tsx';
import classes from './sidebar.module.css';
import { Team } from './team.tsx';

/** Where everything is: the lists with their counts, the team, oneself. */
export function Sidebar({ openPalette }: { openPalette: () => void }) {
  const { session } = useRouteContext({ from: '/shell' });
  const roomy = useRoomForNudges();
  return (
    <aside className={classes.sidebar}>
      <header className={classes.head}>
        <Mark size={28} />
        <span className={classes.workspace} dir="auto">
          {session.workspace.name}
        </span>
      </header>
      <UnstyledButton className={classes.search} onClick={openPalette}>
        <IconSearch size={16} stroke={1.8} aria-hidden />
        <span className={classes.searchText}>{t.palette.search}</span>
        <Keys keys="mod+k" />
      </UnstyledButton>
      <nav className={classes.lists} aria-label={t.list.label}>
        {VIEWS.map((view) => (
          <ListLink key={view} view={view} />
        ))}
        {session.agent.role !== 'agent' && (
          <Link
            to="/reports/{-$report}"
            params={{}}
            className={classes.list}
            activeProps={{ 'data-active': true }}
            title={t.reports.title}
          >
            <IconChartBar size={18} stroke={1.7} />
            <ListName long={t.reports.title} short={t.reports.title} />
          </Link>
        )}
      </nav>
      <Team />
      {roomy && <Nudges />}
      <footer className={classes.foot}>
        <AccountMenu agent={session.agent} />
        <Tooltip label={t.presence.settings} position="right">
          <Link
            to="/settings/{-$section}/{-$item}"
            params={{}}
            className={classes.settings}
            aria-label={t.presence.settings}
          >
            <IconSettings size={18} stroke={1.7} />
          </Link>
        </Tooltip>
      </footer>
    </aside>
  );
}

/** Below an icon on a phone there is room for one word. */
function ListName({ long, short }: { long: string; short: string }) {
  return (
    <>
      <span className={classes.listName}>{long}</span>
      <span className={classes.shortName} aria-hidden>
        {short}
      </span>
    </>
  );
}

/** Counts that ask for work; the others would only be noise. */
const COUNTED: readonly View[] = ['queue', 'mine', 'bot'];

function ListLink({ view }: { view: View }) {
  const rows = usePicture((state) => state.rows);
  const lists = usePicture((state) => state.lists);
  const me = usePicture((state) => state.me);
  const seen = usePicture((state) => state.seen);
  const count = useMemo(
    () => (COUNTED.includes(view) ? countIn({ rows, lists, me }, view) : null),
    [rows, lists, me, view],
  );
  const unread = useMemo(
    () => view === 'mine' && rowsOf({ rows, me }, 'mine').some((row) => isUnread(row, seen[row.id], me?.id)),
    [rows, me, seen, view],
  );
  const urgent = view === 'queue' && (count?.count ?? 0) > 0;
  return (
    <Link
      to="/inbox/$view"
      params={{ view }}
      className={classes.list}
      activeProps={{ 'data-active': true }}
      data-urgent={urgent || undefined}
      data-unread={unread || undefined}
      title={t.views[view]}
    >
      {VIEW_ICONS[view]}
      <ListName long={t.views[view]} short={t.shortViews[view]} />
      {unread && <span className={classes.unread} role="img" aria-label={t.list.unread} />}
      {count !== null && count.count > 0 && (
        <span className={classes.count}>
          {count.count}
          {count.more && '+'}
        </span>
      )}
    </Link>
  );
}
