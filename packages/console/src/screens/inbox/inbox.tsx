import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useConsole } from '#data/use.ts';
import { isView, type View } from '#data/views.ts';
import classes from './inbox.module.css';
import { List } from './list.tsx';

/** A list, and beside it the conversation that was picked. */
export function Inbox() {
  const { view, conversation } = useParams({ strict: false });
  const current: View = view && isView(view) ? view : 'queue';
  const { lists, live } = useConsole();
  useEffect(() => {
    lists.use(current);
    // Asked before the first welcome, the list has to be asked again after it.
    return live.onFrame((frame) => frame.type === 'welcome' && lists.use(current));
  }, [lists, live, current]);
  return (
    <div className={classes.inbox} data-open={conversation !== undefined || undefined}>
      <List key={current} view={current} open={conversation} />
      <Outlet />
    </div>
  );
}
