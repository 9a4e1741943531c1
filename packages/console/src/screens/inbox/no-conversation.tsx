import { IconMessages, IconSparkles } from '@tabler/icons-react';
import { Link, useRouteContext } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';
import classes from './no-conversation.module.css';

export function NoConversation() {
  const { session } = useRouteContext({ from: '/shell' });
  return <div>{session.agent.role === 'agent' ? <Pick /> : <PickOrBegin />}</div>;
}

function Pick() {
  return (
    <Empty
      icon={<IconMessages size={22} stroke={1.7} />}
      title={t.empty.conversation.title}
      text={t.empty.conversation.text}
    />
  );
}

/** Who has just set Baton up wants to know what comes next. */
function PickOrBegin() {
  const { lists } = useConsole();
  const nothing = usePicture(
    ({ lists: { all, closed }, rows }) =>
      all.state === 'loaded' && closed.state === 'loaded' && Object.keys(rows).length === 0,
  );
  useEffect(() => {
    lists.use('all');
    lists.use('closed');
  }, [lists]);
  if (!nothing) return <Pick />;
  const words = t.empty.begin;
  return (
    <Empty icon={<IconSparkles size={22} stroke={1.7} />} title={words.title} text={words.text}>
      <ul className={classes.steps}>
        {(['widget', 'agents', 'desks'] as const).map((section) => (
          <li key={section}>
            <Link to="/settings/{-$section}/{-$item}" params={{ section, item: undefined }} className={classes.step}>
              {words.steps[section]}
            </Link>
          </li>
        ))}
      </ul>
    </Empty>
  );
}
