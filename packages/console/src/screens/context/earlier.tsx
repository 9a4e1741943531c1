import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { earlierQuery } from '#data/detail.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { lastAt } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { Ago } from '#ui/times.tsx';
import classes from './panel.module.css';

export function Earlier({ id, customer }: { id: ConversationId; customer: string }) {
  const { call } = useConsole();
  const { data = [], isPending } = useQuery(earlierQuery(call, customer));
  const others = data.filter((row) => row.id !== id);
  if (others.length === 0) return <p className={classes.quiet}>{isPending ? t.loading : t.context.earlierNone}</p>;
  return (
    <ul className={classes.list}>
      {others.map((row) => (
        <li key={row.id}>
          <Link
            to="/inbox/$view/$conversation"
            params={{ view: row.status === 'open' ? 'all' : 'closed', conversation: row.id }}
            className={classes.earlier}
          >
            <span dir="auto">{row.last?.text || t.list.nothingYet}</span>
            <Ago at={lastAt(row)} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
