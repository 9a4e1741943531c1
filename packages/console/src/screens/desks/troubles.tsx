import type { Trouble as TroubleItem } from '@baton/protocol';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTroubles } from '#data/desks.ts';
import { useConsole } from '#data/use.ts';
import { Card, Loaded, Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Ago } from '#ui/times.tsx';
import classes from './troubles.module.css';

const words = t.settings.desks;

/**
 * What did not reach a desk, or may not have, to be sent once more.
 * @param calm nothing fails just now: what is not listed is there
 */
export function Troubles({ desk, calm }: { desk: string; calm: boolean }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const troubles = useTroubles(desk);
  const replay = useMutation({
    mutationFn: (one: TroubleItem | null) =>
      one
        ? call<{ replayed: number }>('POST', `/v1/conversations/${one.conversation}/deliveries/replay`, {
            body: { side: one.side, seq: one.seq },
          })
        : call<{ replayed: number }>('POST', `/v1/integrations/${desk}/deliveries/replay`, { body: {} }),
    onSuccess: ({ replayed }) =>
      notifications.show({ color: 'teal', message: words.replayed(replayed), autoClose: 3_000 }),
    onSettled: () =>
      Promise.all(['troubles', 'health'].map((what) => queries.invalidateQueries({ queryKey: [what, desk] }))),
  });
  const { all } = troubles;
  const several = all.filter(({ replayable }) => replayable).length > 1;
  return (
    <Card
      title={
        <>
          <span className={classes.title}>{words.troubles}</span>
          {several && (
            <Button size="compact-sm" variant="default" onClick={() => replay.mutate(null)} disabled={replay.isPending}>
              {words.replayAll}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={troubles}>
        {() =>
          all.length === 0 ? (
            <p className={classes.none}>
              <IconCircleCheck size={18} stroke={1.8} aria-hidden /> {calm ? words.noTroubles : words.noneGivenUp}
            </p>
          ) : (
            <>
              <p className={classes.text}>{words.troublesText}</p>
              <ul className={classes.list}>
                {all.map((one) => (
                  <TroubleRow
                    key={`${one.conversation} ${one.seq}`}
                    trouble={one}
                    busy={replay.isPending}
                    onReplay={() => replay.mutate(one)}
                  />
                ))}
              </ul>
              {troubles.hasNextPage && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  onClick={() => void troubles.fetchNextPage()}
                  loading={troubles.isFetchingNextPage}
                >
                  {words.moreTroubles}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
      <Trouble error={replay.error} />
    </Card>
  );
}

function TroubleRow({ trouble, busy, onReplay }: { trouble: TroubleItem; busy: boolean; onReplay: () => void }) {
  const { conversation, what, state, detail, at, replayable, customer, excerpt } = trouble;
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <p className={classes.head}>
          <Link to="/inbox/$view/$conversation" params={{ view: 'all', conversation }}>
            <bdi>{customer.name ?? t.visitor(conversation.slice(-4))}</bdi>
          </Link>
          <span className={classes.state} data-state={state}>
            {words[state]}
          </span>
          <Ago at={at} />
        </p>
        {what === 'message' && excerpt && (
          <p className={classes.excerpt} dir="auto">
            {excerpt}
          </p>
        )}
        {what === 'handoff' && <p className={classes.excerpt}>{words.opening}</p>}
        {detail && <p className={classes.detail}>{detail}</p>}
      </div>
      {replayable && (
        <Button size="compact-sm" variant="default" onClick={onReplay} disabled={busy}>
          {words.replay}
        </Button>
      )}
    </li>
  );
}
