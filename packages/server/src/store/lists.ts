import type {
  AgentRef,
  Conversation,
  ConversationId,
  Evidence,
  HandoffId,
  HandoffOutcome,
  HandoffPhase,
  HandoffReason,
  IntegrationId,
  Meanwhile,
  Part,
  QueueId,
  Ticket,
  WorkspaceId,
} from '@baton/core';
import { CUSTOMER_COLUMNS, type CustomerRow } from './customers.ts';
import type { Db } from './db.ts';

/** A conversation as lists and readers see it. Heads change with more than messages only, so `state` may be some messages old: control, handoff, flags and participants in it are right, counters are not. */
export interface ConversationRow {
  id: ConversationId;
  workspace: WorkspaceId;
  channel: { id: IntegrationId; kind: string; name: string };
  /** Whoever the opening visitor turned out to be. */
  customer: CustomerRow;
  state: Conversation;
  seq: number;
  status: 'open' | 'closed';
  page: { url: string; title?: string; referrer?: string } | null;
  rating: { score: number; comment: string | null } | null;
  openedAt: Date;
  closedAt: Date | null;
  activeAt: Date;
  /** The last thing said, by people or bot rather than by Baton itself where there is such. */
  last: { role: 'customer' | 'bot' | 'agent' | 'system'; parts: Part[]; at: Date; seq: number } | null;
  /** The open one. */
  handoff: HandoffRow | null;
}

export interface HandoffRow {
  id: HandoffId;
  conversation: ConversationId;
  phase: HandoffPhase | 'ended';
  reason: HandoffReason;
  evidence: Evidence[];
  summary: string | null;
  queue: QueueId;
  desk: IntegrationId | null;
  priority: number;
  skills: string[];
  /** How he spends (or spent) the wait; null: in the window. */
  meanwhile: Meanwhile | null;
  agent: AgentRef | null;
  ticket: Ticket | null;
  outcome: HandoffOutcome | null;
  waitingSince: Date;
  requestedAt: Date;
  queuedAt: Date | null;
  acceptedAt: Date | null;
  endedAt: Date | null;
}

/** Also who goes on with the bot until his turn comes. */
const IN_LINE = "handoff_phase in ('requested', 'queued', 'offered')";

const HANDOFF_COLUMNS = `h.id, h.conversation_id as conversation, h.phase, h.reason, h.evidence, h.summary, h.queue_id as queue, h.desk_id as desk, h.priority, h.skills, h.meanwhile,
  h.agent, h.ticket, h.outcome, h.waiting_since as "waitingSince", h.requested_at as "requestedAt", h.queued_at as "queuedAt", h.accepted_at as "acceptedAt", h.ended_at as "endedAt"`;

/** How far back the last word is looked for: a row of a list must not read a long log. */
const LOOK_BACK = 60;

/** Read backwards, one by one, until one fits: mostly the first. */
function lastMessage(condition: string): string {
  return `select e.seq, e.at, e.event -> 'message' -> 'author' ->> 'role' as role, e.event -> 'message' -> 'parts' as parts
    from (select seq, at, type, event from events where conversation_id = v.id and seq <= v.seq order by seq desc limit ${LOOK_BACK}) e
    where e.type = 'message' and ${condition} limit 1`;
}

/** Columns of three tables in one row; `page` is what was asked for, so that the lateral looks are made for it alone. */
const ROWS = `
  select v.id, v.workspace_id as workspace, s.state, v.seq, v.status, v.page, v.rating, v.rating_comment as "ratingComment", v.opened_at as "openedAt", v.closed_at as "closedAt",
    v.active_at as "activeMinute", json_build_object('id', i.id, 'kind', i.kind, 'name', i.name) as channel, coalesce(to_json(known), to_json(p)) as customer, to_json(o) as handoff, coalesce(to_json(m), to_json(n)) as last, a.at as "activeAt"
  from page v
  join conversation_states s on s.conversation_id = v.id
  join integrations i on i.workspace_id = v.workspace_id and i.id = v.channel_id
  join customers x on x.workspace_id = v.workspace_id and x.id = v.customer_id
  join lateral (select ${CUSTOMER_COLUMNS} from customers c where c.workspace_id = v.workspace_id and c.id = v.customer_id) p on true
  left join lateral (select ${CUSTOMER_COLUMNS} from customers c where c.workspace_id = x.workspace_id and c.id = x.merged_into) known on true
  left join lateral (select ${HANDOFF_COLUMNS} from handoffs h where h.conversation_id = v.id and h.phase <> 'ended') o on true
  left join lateral (${lastMessage("e.event -> 'message' -> 'author' ->> 'role' <> 'system'")}) m on true
  left join lateral (${lastMessage('m.seq is null')}) n on true
  left join lateral (select e.at from events e where e.conversation_id = v.id and e.seq = v.seq) a on true`;

interface Columns {
  id: ConversationId;
  workspace: WorkspaceId;
  channel: ConversationRow['channel'];
  customer: Omit<CustomerRow, 'createdAt'> & { createdAt: string };
  state: Conversation;
  seq: number;
  status: 'open' | 'closed';
  page: ConversationRow['page'];
  rating: number | null;
  ratingComment: string | null;
  openedAt: Date;
  closedAt: Date | null;
  activeMinute: Date;
  activeAt: Date | null;
  last: { role: 'customer' | 'bot' | 'agent' | 'system'; parts: Part[]; at: string; seq: number } | null;
  handoff:
    | {
        [K in keyof HandoffRow]: HandoffRow[K] extends Date
          ? string
          : HandoffRow[K] extends Date | null
            ? string | null
            : HandoffRow[K];
      }
    | null;
}

function fromColumns({ ratingComment, activeMinute, ...row }: Columns): ConversationRow {
  return {
    ...row,
    customer: { ...row.customer, createdAt: new Date(row.customer.createdAt) },
    rating: row.rating === null ? null : { score: row.rating, comment: ratingComment },
    activeAt: row.activeAt ?? activeMinute,
    last: row.last && { ...row.last, at: new Date(row.last.at) },
    handoff: row.handoff && handoffFromJson(row.handoff),
  };
}

function handoffFromJson(row: NonNullable<Columns['handoff']>): HandoffRow {
  const date = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...row,
    waitingSince: new Date(row.waitingSince),
    requestedAt: new Date(row.requestedAt),
    queuedAt: date(row.queuedAt),
    acceptedAt: date(row.acceptedAt),
    endedAt: date(row.endedAt),
  };
}

export async function findConversation(db: Db, workspace: WorkspaceId, id: string): Promise<ConversationRow | null> {
  const { rows } = await db.query<Columns>({
    name: 'conversation',
    text: `with page as (select * from conversations where workspace_id = $1 and id = $2) ${ROWS}`,
    values: [workspace, id],
  });
  return rows[0] ? fromColumns(rows[0]) : null;
}

/** Those of these that exist in the workspace, in no order. */
export async function findConversations(
  db: Db,
  workspace: WorkspaceId,
  ids: readonly string[],
): Promise<ConversationRow[]> {
  const { rows } = await db.query<Columns>({
    name: 'conversations',
    text: `with page as (select * from conversations where workspace_id = $1 and id = any ($2)) ${ROWS}`,
    values: [workspace, ids],
  });
  return rows.map(fromColumns);
}

export interface ConversationFilter {
  status?: 'open' | 'closed' | undefined;
  holder?: string | undefined;
  agent?: string | undefined;
  queue?: string | undefined;
  customer?: string | undefined;
  limit: number;
  /** Where the page before ended. */
  after: { minute: Date; id: string } | null;
}

/** Newest activity first: pages are cut by the minute, within a page the order is exact. `end` is where the page ended. */
export async function listConversations(
  db: Db,
  workspace: WorkspaceId,
  filter: ConversationFilter,
): Promise<{ rows: ConversationRow[]; end: { minute: Date; id: string } | null }> {
  const { rows } = await db.query<Columns>(
    `with page as (
       select * from conversations c
       where workspace_id = $1 and ($2::text is null or status = $2) and ($3::text is null or holder = $3 or ($3 = 'queue' and ${IN_LINE})) and ($4::text is null or agent_id = $4)
         and ($5::text is null or queue_id = $5)
         and ($6::text is null or customer_id = any (array(select id from customers where workspace_id = $1 and (id = $6 or merged_into = $6))))
         and ($7::timestamptz is null or (active_at, id) < ($7, $8))
       order by active_at desc, id desc limit $9
     ) ${ROWS}`,
    [
      workspace,
      filter.status ?? null,
      filter.holder ?? null,
      filter.agent ?? null,
      filter.queue ?? null,
      filter.customer ?? null,
      filter.after?.minute ?? null,
      filter.after?.id ?? '',
      filter.limit + 1,
    ],
  );
  const page = rows
    .sort((a, b) => b.activeMinute.getTime() - a.activeMinute.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, filter.limit);
  const last = page.at(-1);
  return {
    rows: page.map(fromColumns).sort((a, b) => b.activeAt.getTime() - a.activeAt.getTime()),
    end: rows.length > filter.limit && last ? { minute: last.activeMinute, id: last.id } : null,
  };
}

export async function findHandoff(db: Db, workspace: WorkspaceId, id: string): Promise<HandoffRow | null> {
  const { rows } = await db.query<HandoffRow>({
    name: 'handoff',
    text: `select ${HANDOFF_COLUMNS} from handoffs h where h.workspace_id = $1 and h.id = $2`,
    values: [workspace, id],
  });
  return rows[0] ?? null;
}

export async function listHandoffs(
  db: Db,
  workspace: WorkspaceId,
  filter: {
    conversation?: string | undefined;
    phase?: string | undefined;
    outcome?: string | undefined;
    queue?: string | undefined;
    after: string | null;
    limit: number;
  },
): Promise<HandoffRow[]> {
  const { rows } = await db.query<HandoffRow>(
    `select ${HANDOFF_COLUMNS} from handoffs h
      where h.workspace_id = $1 and ($2::text is null or h.conversation_id = $2) and ($3::text is null or h.phase = $3) and ($4::text is null or h.outcome = $4)
        and ($5::text is null or h.queue_id = $5) and ($6::text is null or h.id < $6)
      order by h.id desc limit $7`,
    [
      workspace,
      filter.conversation ?? null,
      filter.phase ?? null,
      filter.outcome ?? null,
      filter.queue ?? null,
      filter.after,
      filter.limit,
    ],
  );
  return rows;
}

/** The one that ended last. */
export async function lastHandoff(db: Db, workspace: WorkspaceId, conversation: string): Promise<HandoffRow | null> {
  const { rows } = await db.query<HandoffRow>({
    name: 'last-handoff',
    text: `select ${HANDOFF_COLUMNS} from handoffs h
           where h.workspace_id = $1 and h.conversation_id = $2 and h.phase = 'ended' order by h.ended_at desc, h.id desc limit 1`,
    values: [workspace, conversation],
  });
  return rows[0] ?? null;
}

/** Conversations in which something happened since then (to the minute), youngest first, at most this many. */
const MOST_HEADS = 500;

export async function headsSince(
  db: Db,
  workspaces: readonly WorkspaceId[],
  since: number,
): Promise<{ workspace: WorkspaceId; id: ConversationId; seq: number }[]> {
  const { rows } = await db.query<{ workspace: WorkspaceId; id: ConversationId; seq: number }>(
    `select workspace_id as workspace, id, seq from conversations
     where workspace_id = any($1) and active_at >= date_trunc('minute', to_timestamp($2))
     order by active_at desc, id desc limit ${MOST_HEADS}`,
    [workspaces, since / 1_000],
  );
  return rows;
}
