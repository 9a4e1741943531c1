import { keptOf, shownFigures, type WorkspaceId, waitReport } from '@baton/core';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { queueOf } from '#http/parties.ts';
import { answer, mount } from '#http/route.ts';
import { clockOf } from '#present/clock.ts';
import { presentTime } from '#present/event.ts';
import { waitSentence } from '#present/wait-sentence.ts';
import { shownIn } from '#store/estimates-shown.ts';
import { listQueues } from '#store/queues.ts';
import {
  agentCounts,
  botWords,
  handoffCounts,
  ratings,
  type Span,
  type ToldRow,
  toldWaits,
  type VolumeRow,
  volume,
} from '#store/reports.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
/** Waits that one report counts, and those of them that a plot gets. */
const MOST_WAITS = 50_000;
const MOST_POINTS = 1_000;
const MOST_READ = 2_000;
const MOST_QUEUES = 1_000;

interface Query {
  from?: string | undefined;
  to?: string | undefined;
  queue?: string | undefined;
}

export function reportRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.reportWaits, async ({ query }, { caller: { workspace } }) => {
    const span = await spanOf(deps, workspace, query);
    const clock = clockOf(query.zone);
    const [rows, shown, queues] = await Promise.all([
      toldWaits(pool, workspace, span, deps.now(), MOST_WAITS),
      shownIn(pool, workspace, span, deps.now(), MOST_WAITS),
      listQueues(pool, workspace, { limit: MOST_QUEUES, after: null }),
    ]);
    const report = waitReport(rows.map((row) => ({ ...row, hour: clock.hour(row.at) })));
    const names = new Map(queues.map(({ id, name }) => [id, name]));
    return answer(200, {
      ...presentSpan(span),
      ...report,
      sentence: waitSentence(report.all),
      queues: report.queues.map((one) => ({ ...one, name: names.get(one.queue) ?? null })),
      waits: points(rows),
      shown: shownFigures(shown),
      complete: rows.length < MOST_WAITS,
    });
  });

  mount(app, deps, ops.reportOverview, async ({ query }, { caller: { workspace } }) => {
    const span = await spanOf(deps, workspace, query);
    const [quarters, handoffs, agents, rated, bot] = await Promise.all([
      volume(pool, workspace, span),
      handoffCounts(pool, workspace, span),
      agentCounts(pool, workspace, span),
      ratings(pool, workspace, span),
      botWords(pool, workspace, span, MOST_READ),
    ]);
    return answer(200, {
      ...presentSpan(span),
      ...sum(quarters),
      ...handoffs,
      bot,
      ratings: rated,
      days: daysOf(quarters, clockOf(query.zone)),
      agents,
    });
  });
}

async function spanOf({ pool, now }: HttpDeps, workspace: WorkspaceId, { from, to, queue }: Query): Promise<Span> {
  const end = to === undefined ? new Date(now()) : new Date(to);
  return {
    from: from === undefined ? new Date(end.getTime() - DAYS * DAY_MS) : new Date(from),
    to: end,
    queue: queue === undefined ? null : await queueOf(pool, workspace, queue),
  };
}

function presentSpan({ from, to }: Span) {
  return { from: from.toISOString(), to: to.toISOString() };
}

function points(rows: readonly ToldRow[]) {
  const told = rows.flatMap(({ range, at, ...row }) => {
    if (range === null) return [];
    const { lowSeconds, p50Seconds, highSeconds, basis } = range;
    const kept = keptOf({ range, seconds: row.seconds, answered: row.end === 'answered' });
    return [{ ...row, at: presentTime(at), lowSeconds, p50Seconds, highSeconds, basis, kept }];
  });
  return told.slice(0, MOST_POINTS);
}

type Counts = Omit<VolumeRow, 'at'>;
const NONE: Counts = { conversations: 0, handedOff: 0, helped: 0, closed: 0, resolvedByBot: 0 };

function sum(rows: readonly VolumeRow[]): Counts {
  return rows.reduce<Counts>(
    (all, row) => ({
      conversations: all.conversations + row.conversations,
      handedOff: all.handedOff + row.handedOff,
      helped: all.helped + row.helped,
      closed: all.closed + row.closed,
      resolvedByBot: all.resolvedByBot + row.resolvedByBot,
    }),
    NONE,
  );
}

function daysOf(rows: readonly VolumeRow[], clock: ReturnType<typeof clockOf>) {
  const days = Map.groupBy(rows, ({ at }) => clock.day(at.getTime()));
  return [...days].map(([day, some]) => {
    const { conversations, handedOff, resolvedByBot } = sum(some);
    return { day, conversations, handedOff, resolvedByBot };
  });
}
