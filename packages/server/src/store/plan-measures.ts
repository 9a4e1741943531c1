import type { QueueId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** How far back is looked. */
const DAYS = 28;
/** Planned shifts this far ahead say when somebody works. */
const DAYS_AHEAD = 14;
/** Needs that are told apart; rarer ones count as none. */
const MOST_NEEDS = 8;

export interface PlanMeasures {
  /** Customers who asked for a person, by hour of the day in the zone asked for. */
  arrivals: { hour: number; count: number }[];
  /** Days in which anything came, at least 1: a workspace of three days is not one of four weeks. */
  days: number;
  chats: number;
  chatMinutes: number | null;
  chatVariation: number | null;
  /** Seconds waited by all, and how many left. */
  waited: number;
  left: number;
  answerSeconds: number | null;
  /** Of whom an agent had had before. */
  returning: number;
  needs: PlanNeed[];
}

export interface PlanNeed {
  skills: string[];
  preferredSkills: string[];
  /** Null where no agent's languages are kept. */
  language: string | null;
  priority: number;
  count: number;
}

export interface PlanAgentRow {
  id: string;
  name: string;
  capacity: number;
  skills: string[] | null;
  languages: string[] | null;
  wrapUpSeconds: number | null;
  weighs: boolean;
  /** The hours of most of his shifts, by the clocks of the zone asked for; null: none are planned. */
  from: string | null;
  to: string | null;
}

const LATELY = `h.workspace_id = $1 and h.queue_id = $2 and h.requested_at > now() - interval '${DAYS} days' and h.reason <> 'agent_took_over'`;

/** What the last four weeks say of a queue, for a plan to begin with. Who overflowed counts where he ended up. */
export async function planMeasures(
  db: Db,
  workspace: WorkspaceId,
  queue: QueueId,
  zone: string,
): Promise<PlanMeasures> {
  const [arrivals, totals, needs] = await Promise.all([
    db.query<PlanMeasures['arrivals'][number]>(
      `select extract(hour from h.requested_at at time zone $3)::int as hour, count(*)::int as count
       from handoffs h where ${LATELY} group by 1`,
      [workspace, queue, zone],
    ),
    db.query<Omit<PlanMeasures, 'arrivals' | 'needs'>>(
      `select greatest(1, ceil(extract(epoch from now() - min(h.requested_at)) / 86400))::int as days,
              count(*) filter (where h.accepted_at is not null and h.ended_at is not null)::int as chats,
              (avg(extract(epoch from h.ended_at - h.accepted_at)) / 60)::float8 as "chatMinutes",
              (stddev(extract(epoch from h.ended_at - h.accepted_at)) / nullif(avg(extract(epoch from h.ended_at - h.accepted_at)), 0))::float8 as "chatVariation",
              coalesce(sum(extract(epoch from coalesce(h.accepted_at, h.ended_at) - h.waiting_since)), 0)::float8 as waited,
              count(*) filter (where h.accepted_at is null and h.outcome in ('abandoned', 'cancelled_by_customer'))::int as left,
              avg(extract(epoch from h.accepted_at - h.offered_at)) filter (where h.accepted_at >= h.offered_at)::float8 as "answerSeconds",
              count(*) filter (where exists (
                select from conversations mine
                  join conversations other on other.workspace_id = mine.workspace_id and other.customer_id = mine.customer_id
                  join handoffs g on g.conversation_id = other.id
                where mine.id = h.conversation_id and g.accepted_at < h.requested_at
              ))::int as returning
       from handoffs h where ${LATELY}`,
      [workspace, queue],
    ),
    db.query<PlanNeed>(
      `select h.skills, h.preferred_skills as "preferredSkills", h.priority, said.language, count(*)::int as count
       from handoffs h left join lateral (
         select lower(substring(e.event ->> 'locale' from '^[A-Za-z]+')) as language from events e
         where e.conversation_id = h.conversation_id and e.seq = 1
           and exists (select from agents a where a.workspace_id = $1 and a.languages is not null)
       ) said on true
       where ${LATELY} group by 1, 2, 3, 4 order by 5 desc limit ${MOST_NEEDS}`,
      [workspace, queue],
    ),
  ]);
  const [total] = totals.rows;
  if (!total) throw new Error('An aggregate has a row.');
  return { ...total, arrivals: arrivals.rows, needs: needs.rows };
}

/** Who could answer, as the settings have them. */
export async function planAgents(db: Db, workspace: WorkspaceId, zone: string): Promise<PlanAgentRow[]> {
  const { rows } = await db.query<PlanAgentRow>(
    `select a.id, a.name, a.capacity::float8 as capacity, a.skills, a.languages, a.wrap_up_seconds as "wrapUpSeconds",
            a.weights <> '{}' as weighs, shift.span[1] as "from", shift.span[2] as "to"
     from agents a left join lateral (
       select mode() within group (order by array[
         to_char(s.starts_at at time zone $2, 'HH24:MI'), to_char(s.ends_at at time zone $2, 'HH24:MI')
       ]) as span
       from shifts s where s.workspace_id = $1 and s.agent_id = a.id
         and s.starts_at between now() - interval '${DAYS} days' and now() + interval '${DAYS_AHEAD} days'
     ) shift on true
     where a.workspace_id = $1 and a.disabled_at is null and a.capacity > 0
     order by a.name limit 200`,
    [workspace, zone],
  );
  return rows;
}
