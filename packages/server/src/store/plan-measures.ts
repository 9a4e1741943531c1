import type { QueueId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** How far back is looked. */
const DAYS = 28;

export interface PlanMeasures {
  /** Times (UTC) at which customers asked for a person, by the quarter of an hour. */
  arrivals: { at: Date; count: number }[];
  /** Days in which anything came, at least 1: a workspace of three days is not one of four weeks. */
  days: number;
  chats: number;
  chatMinutes: number | null;
  chatVariation: number | null;
  /** Seconds waited by all, and how many left. */
  waited: number;
  left: number;
  answerSeconds: number | null;
  agents: { name: string; capacity: number }[];
}

/** What the last four weeks say of a queue, for a plan to begin with. */
export async function planMeasures(db: Db, workspace: WorkspaceId, queue: QueueId | null): Promise<PlanMeasures> {
  const values = [workspace, queue, DAYS];
  const [arrivals, totals, agents] = await Promise.all([
    db.query<{ at: Date; count: number }>(
      `select date_bin('15 minutes', requested_at, 'epoch') as at, count(*)::int as count from handoffs
       where workspace_id = $1 and ($2::text is null or queue_id = $2) and requested_at > now() - make_interval(days => $3)
         and reason <> 'agent_took_over' group by 1`,
      values,
    ),
    db.query<Omit<PlanMeasures, 'arrivals' | 'agents'>>(
      `select greatest(1, ceil(extract(epoch from now() - min(requested_at)) / 86400))::int as days,
              count(*) filter (where accepted_at is not null and ended_at is not null)::int as chats,
              (avg(extract(epoch from ended_at - accepted_at)) / 60)::float8 as "chatMinutes",
              (stddev(extract(epoch from ended_at - accepted_at)) / nullif(avg(extract(epoch from ended_at - accepted_at)), 0))::float8 as "chatVariation",
              coalesce(sum(extract(epoch from coalesce(accepted_at, ended_at) - waiting_since)), 0)::float8 as waited,
              count(*) filter (where accepted_at is null and outcome in ('abandoned', 'cancelled_by_customer'))::int as left,
              avg(extract(epoch from accepted_at - offered_at)) filter (where accepted_at >= offered_at)::float8 as "answerSeconds"
       from handoffs
       where workspace_id = $1 and ($2::text is null or queue_id = $2) and requested_at > now() - make_interval(days => $3)
         and reason <> 'agent_took_over'`,
      values,
    ),
    db.query<{ name: string; capacity: number }>(
      `select a.name, a.capacity from agents a
       where a.workspace_id = $1 and a.disabled_at is null and a.capacity > 0
         and ($2::text is null or exists (select from queues q where q.workspace_id = $1 and q.id = $2 and (q.agents is null or a.id = any (q.agents))))
       order by a.name limit 200`,
      [workspace, queue],
    ),
  ]);
  const [total] = totals.rows;
  if (!total) throw new Error('An aggregate has a row.');
  return { ...total, arrivals: arrivals.rows, agents: agents.rows };
}
