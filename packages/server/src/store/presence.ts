import type { AgentId, AgentPresence, AgentRef, ConversationId, HandoffId, Millis, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

/** A live connection of an agent's console. */
export interface AgentConnection {
  workspace: WorkspaceId;
  agent: AgentId;
  /** Unique over all nodes. */
  connection: string;
}

/** These connections live: rows are made where they are missing, also where another node took this one for dead. */
export async function agentsSeen(
  db: Db,
  node: string,
  connections: readonly AgentConnection[],
  now: Millis,
): Promise<void> {
  await db.query(
    `insert into agent_presence (workspace_id, agent_id, connection, node, seen_at)
     select c.workspace, c.agent, c.connection, $2, to_timestamp($3)
     from json_to_recordset($1::json) as c(workspace text, agent text, connection text)
     join agents a on a.workspace_id = c.workspace and a.id = c.agent
     on conflict (connection) do update set seen_at = greatest(agent_presence.seen_at, excluded.seen_at)`,
    [JSON.stringify(connections), node, now / 1_000],
  );
}

/** A connection has ended. */
export async function agentLeft(db: Db, { workspace, agent, connection }: AgentConnection, now: Millis): Promise<void> {
  await db.query(
    `with gone as (delete from agent_presence where connection = $3)
     update agents set last_seen_at = greatest(last_seen_at, to_timestamp($4)) where workspace_id = $1 and id = $2`,
    [workspace, agent, connection, now / 1_000],
  );
}

/** Connections that nobody has seen since `liveSince`: their node died. Answers with their workspaces. */
export async function expireAgents(db: Db, liveSince: Millis): Promise<WorkspaceId[]> {
  const { rows } = await db.query<{ workspace: WorkspaceId }>(
    `with dead as (
       delete from agent_presence where seen_at <= to_timestamp($1) returning workspace_id, agent_id, seen_at
     )
     update agents a set last_seen_at = greatest(a.last_seen_at, d.seen_at)
     from (select workspace_id, agent_id, max(seen_at) as seen_at from dead group by 1, 2) d
     where a.workspace_id = d.workspace_id and a.id = d.agent_id
     returning a.workspace_id as workspace`,
    [liveSince / 1_000],
  );
  return [...new Set(rows.map((row) => row.workspace))];
}

/** A handoff whose agent is not there. */
export interface Orphan {
  handoff: HandoffId;
  conversation: ConversationId;
  agent: AgentRef;
  lastSeenAt: Millis;
}

/** Had a connection once, has none now, and was last seen before $2. Who never connected (he works by API) is never lost. */
const LOST = `(a.last_seen_at <= to_timestamp($2) and not exists (
  select from agent_presence p
  where p.workspace_id = a.workspace_id and p.agent_id = a.id and p.seen_at > to_timestamp($1)
))`;

/** Handoffs that are held by an agent who is lost. */
export async function orphans(db: Db, times: { liveSince: Millis; before: Millis }): Promise<Orphan[]> {
  const { rows } = await db.query<Orphan>(
    `select h.id as handoff, h.conversation_id as conversation, h.agent,
       round(extract(epoch from a.last_seen_at) * 1000)::float8 as "lastSeenAt"
     from handoffs h join agents a on a.workspace_id = h.workspace_id and a.id = h.agent_id
     where h.phase = 'active' and h.desk_id is null and ${LOST}`,
    [times.liveSince / 1_000, times.before / 1_000],
  );
  return rows;
}

/** A handoff that is offered to somebody who will not answer. */
export interface IdleOffer {
  handoff: HandoffId;
  conversation: ConversationId;
  agent: AgentRef;
  why: 'away' | 'lost';
}

/** Offers to agents who are lost, or have said since that they want nothing new; of one agent or of all. */
export async function idleOffers(
  db: Db,
  times: { liveSince: Millis; before: Millis },
  agent: AgentId | null,
): Promise<IdleOffer[]> {
  const { rows } = await db.query<IdleOffer>(
    `select h.id as handoff, h.conversation_id as conversation, h.agent,
       case when a.presence = 'online' then 'lost' else 'away' end as why
     from handoffs h join agents a on a.workspace_id = h.workspace_id and a.id = h.agent_id
     where h.phase = 'offered' and h.desk_id is null and ($3::text is null or h.agent_id = $3)
       and (a.presence <> 'online' or ${LOST})`,
    [times.liveSince / 1_000, times.before / 1_000, agent],
  );
  return rows;
}

/** What an agent chose. What is left out stays; `backAt` belongs to a break. */
export async function choosePresence(
  db: Db,
  workspace: WorkspaceId,
  agent: AgentId,
  chosen: { presence?: AgentPresence; backAt?: Millis | null; capacity?: number },
): Promise<void> {
  await db.query(
    `update agents set presence = coalesce($3, presence), capacity = coalesce($4, capacity),
       back_at = case when $3 is null then back_at when $3 = 'break' then to_timestamp($5) end
     where workspace_id = $1 and id = $2`,
    [workspace, agent, chosen.presence ?? null, chosen.capacity ?? null, chosen.backAt ? chosen.backAt / 1_000 : null],
  );
}

/** What ended up to now is wrapped up. */
export async function agentReady(db: Db, workspace: WorkspaceId, agent: AgentId, now: Millis): Promise<void> {
  await db.query('update agents set ready_at = to_timestamp($3) where workspace_id = $1 and id = $2', [
    workspace,
    agent,
    now / 1_000,
  ]);
}

const WAITS = "h.phase <> 'ended' and h.phase in ('requested', 'queued', 'offered')";

/**
 * Visitors who are connected to this node; kept of those who wait for a person. Writes may overtake each other: the later
 * moment counts, not the later write.
 */
export async function visitorsSeen(
  db: Db,
  node: string,
  conversations: readonly ConversationId[],
  now: Millis,
): Promise<void> {
  await db.query(
    `insert into visitor_presence as v (conversation_id, node, seen_at)
     select h.conversation_id, $2, to_timestamp($3) from handoffs h where h.conversation_id = any($1) and ${WAITS}
     on conflict (conversation_id, node) do update set seen_at = greatest(v.seen_at, excluded.seen_at),
       gone_at = case when v.gone_at > excluded.seen_at then v.gone_at end`,
    [conversations, node, now / 1_000],
  );
}

/** This node has no connection (any more) of these visitors, as far as they wait. Said again, the first time stays. */
export async function visitorsLeft(
  db: Db,
  node: string,
  conversations: readonly ConversationId[],
  now: Millis,
): Promise<void> {
  await db.query(
    `insert into visitor_presence as v (conversation_id, node, seen_at, gone_at)
     select h.conversation_id, $2, to_timestamp($3), to_timestamp($3) from handoffs h where h.conversation_id = any($1) and ${WAITS}
     on conflict (conversation_id, node) do update set
       gone_at = coalesce(v.gone_at, case when v.seen_at <= excluded.gone_at then excluded.gone_at end)`,
    [conversations, node, now / 1_000],
  );
}

/**
 * Customers of widgets who have waited since `before` without anybody having said whether they are there: the node that
 * took their request died over it. They count as gone from now on; one who is there is seen with the next beat.
 */
export async function visitorsUnseen(db: Db, times: { before: Millis; now: Millis }): Promise<void> {
  await db.query(
    `insert into visitor_presence (conversation_id, node, seen_at, gone_at)
     select h.conversation_id, '', to_timestamp($2), to_timestamp($2)
     from handoffs h join conversations c on c.id = h.conversation_id
     join integrations i on i.workspace_id = c.workspace_id and i.id = c.channel_id and i.kind = 'widget'
     where ${WAITS} and h.waiting_since <= to_timestamp($1)
       and not exists (select from visitor_presence v where v.conversation_id = h.conversation_id)
     on conflict do nothing`,
    [times.before / 1_000, times.now / 1_000],
  );
}

/** Handoffs whose customer is connected nowhere and has not been since `before`, and has not said that he would go. */
export async function abandoned(
  db: Db,
  times: { liveSince: Millis; before: Millis },
): Promise<{ handoff: HandoffId; conversation: ConversationId }[]> {
  const { rows } = await db.query<{ handoff: HandoffId; conversation: ConversationId }>(
    `select h.id as handoff, h.conversation_id as conversation
     from visitor_presence v join handoffs h on h.conversation_id = v.conversation_id and ${WAITS}
     where h.meanwhile is null or h.meanwhile = 'with_bot'
     group by h.id, h.conversation_id
     having max(coalesce(v.gone_at, v.seen_at)) <= to_timestamp($2)
       and not bool_or(v.gone_at is null and v.seen_at > to_timestamp($1))`,
    [times.liveSince / 1_000, times.before / 1_000],
  );
  return rows;
}

/** Rows of those who do not wait any more. */
export async function forgetVisitors(db: Db): Promise<void> {
  await db.query(
    `delete from visitor_presence v where not exists (select from handoffs h where h.conversation_id = v.conversation_id and ${WAITS})`,
  );
}
