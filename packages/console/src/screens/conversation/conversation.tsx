import { Button, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMessageQuestion } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiProblem, sayError } from '#data/api.ts';
import { conversationQuery, integrationsQuery, queuesQuery, summaryOf } from '#data/detail.ts';
import { usePanel } from '#data/preferences.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { Panel } from '#screens/context/panel.tsx';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';
import { customerName } from '#ui/names.ts';
import classes from './conversation.module.css';
import type { Names } from './lines.ts';
import { ReachProvider } from './reach-context.tsx';
import { Talk } from './talk.tsx';
import { TimelineSkeleton } from './timeline-skeleton.tsx';

/** Narrower than this the details lie over the conversation instead of beside it. */
const PANEL_BESIDE = '(min-width: 1180px)';

export function Conversation() {
  const { conversation } = useParams({ from: '/shell/inbox/$view/$conversation' });
  return <ConversationById key={conversation} id={conversation as ConversationId} />;
}

function ConversationById({ id }: { id: ConversationId }) {
  const [tries, setTries] = useState(0);
  const row = useRow(id, tries);
  const names = useNames(row?.channel.name);
  useFollow(id, row?.seq);
  const [jump, setJump] = useState<{ seq: number; count: number } | null>(null);
  const onJump = useCallback((seq: number) => setJump((before) => ({ seq, count: (before?.count ?? 0) + 1 })), []);
  const panel = usePanelPlace();
  const problem = useMissing(id);

  if (!row) {
    return (
      <div className={classes.screen}>
        {problem ? (
          <Empty
            icon={<IconMessageQuestion size={22} stroke={1.7} />}
            title={problem.is === 'failed' ? t.state.failed : t.state.missing}
            text={problem.text}
          >
            {problem.is === 'failed' && (
              <Button mt="sm" variant="default" onClick={() => setTries(tries + 1)}>
                {t.retry}
              </Button>
            )}
          </Empty>
        ) : (
          <TimelineSkeleton />
        )}
      </div>
    );
  }
  return (
    <ReachProvider id={id} head={row.seq}>
      <section
        className={classes.screen}
        data-panel={panel.beside || undefined}
        aria-label={customerName(row.customer)}
      >
        <Talk
          id={id}
          row={row}
          names={names}
          jump={jump}
          onJump={onJump}
          panel={panel.open}
          onTogglePanel={panel.toggle}
        />
        {panel.beside && (
          <aside className={classes.panel} aria-label={t.context.label}>
            <Panel id={id} row={row} onJump={onJump} />
          </aside>
        )}
        <Drawer
          opened={panel.over}
          onClose={panel.toggle}
          position="right"
          size={340}
          title={t.context.label}
          padding={0}
          classNames={{ header: classes.drawerHead ?? '' }}
        >
          <Panel
            id={id}
            row={row}
            onJump={(seq) => {
              panel.toggle();
              onJump(seq);
            }}
          />
        </Drawer>
      </section>
    </ReachProvider>
  );
}

/** Its row in the lists; read alone where no list holds it, or not any more. */
function useRow(id: ConversationId, tries: number) {
  const { live, call } = useConsole();
  const queries = useQueryClient();
  const row = usePicture((state) => state.rows[id]?.summary);
  const connected = usePicture((state) => state.link.state === 'live');
  const missing = row === undefined && connected;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks again
  useEffect(() => {
    if (!missing) return;
    const { beat } = live.state;
    void Promise.all([
      queries.fetchQuery({ ...conversationQuery(call, id), staleTime: 0 }),
      queries.ensureQueryData(integrationsQuery(call)).catch(() => []),
    ])
      .then(([detail, channels]) => {
        const events = live.state.timelines[id]?.events ?? [];
        live.dispatch({ type: 'rows.came', rows: [summaryOf(detail, channels, events)], beat });
      })
      // The same failure stands in the query: the screen says it.
      .catch(() => {});
  }, [live, call, queries, id, missing, tries]);
  useFresh(id);
  return row;
}

/** Events that change what the details say. Messages do not. */
const CHANGES = /^(flag|handoff|participant|customer|rating|conversation)\./;

function useFresh(id: ConversationId): void {
  const { live } = useConsole();
  const queries = useQueryClient();
  useEffect(
    () =>
      live.onFrame((frame) => {
        const changed =
          frame.type === 'event' &&
          frame.conversation === id &&
          CHANGES.test(frame.event.type) &&
          live.state.timelines[id]?.ready;
        if (changed || frame.type === 'welcome') void queries.invalidateQueries({ queryKey: ['conversation', id] });
      }),
    [live, queries, id],
  );
}

function useFollow(id: ConversationId, seq: number | undefined): void {
  const { logs } = useConsole();
  const known = seq !== undefined;
  // The head at the moment of opening; later events come by themselves.
  const head = useRef(0);
  head.current = seq ?? 0;
  useEffect(() => (known ? logs.open(id, head.current) : undefined), [logs, id, known]);
}

function useNames(channel: string | undefined): Omit<Names, 'reason'> {
  const { call } = useConsole();
  const me = usePicture((state) => state.me?.id);
  const { data: queues } = useQuery(queuesQuery(call));
  return useMemo(
    () => ({
      me,
      channel: channel || undefined,
      queue: (id: string | undefined) => queues?.find((queue) => queue.id === id)?.name,
    }),
    [me, channel, queues],
  );
}

/** Why it cannot be shown. */
function useMissing(id: ConversationId): { is: 'missing' | 'failed'; text: string } | null {
  const { call } = useConsole();
  const { error } = useQuery(conversationQuery(call, id));
  if (!error) return null;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 400))
    return { is: 'missing', text: t.state.missingText };
  return { is: 'failed', text: sayError(error) };
}

function usePanelPlace() {
  const [wanted, setWanted] = usePanel();
  const [drawer, setDrawer] = useState(false);
  const roomy = useMediaQuery(PANEL_BESIDE, undefined, { getInitialValueInEffect: false }) ?? true;
  const toggle = useCallback(
    () => (roomy ? setWanted((before) => !before) : setDrawer((before) => !before)),
    [roomy, setWanted],
  );
  return { beside: roomy && wanted, over: !roomy && drawer, open: roomy ? wanted : drawer, toggle };
}
