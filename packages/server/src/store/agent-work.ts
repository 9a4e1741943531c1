import type { AgentId, AgentPresence, ConversationId, HandoffId, Millis, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface AgentWork extends OpenWork {
  presence: AgentPresence;
  /** Of a break. */
  backAt: Millis | null;
  capacity: number;
}

export interface OpenWork {
  /** Conversations that he holds. */
  active: ConversationId[];
  /** What he is being asked right now. */
  offered: { conversation: ConversationId; handoff: HandoffId; expiresAt: Millis }[];
}

/** What an agent chose last and what he must go on with, for a console that connects. */
export async function agentWork(db: Db, workspace: WorkspaceId, agent: AgentId): Promise<AgentWork> {
  const [chosen, handoffs] = await Promise.all([
    db.query<Pick<AgentWork, 'presence' | 'backAt' | 'capacity'>>(
      'select presence, capacity, round(extract(epoch from back_at) * 1000)::float8 as "backAt" from agents where workspace_id = $1 and id = $2',
      [workspace, agent],
    ),
    db.query<OpenRow>(
      `select conversation_id as conversation, id as handoff, phase, round(extract(epoch from expires_at) * 1000)::float8 as "expiresAt"
       from handoffs where workspace_id = $1 and agent_id = $2 and phase in ('offered', 'active') order by waiting_since`,
      [workspace, agent],
    ),
  ]);
  return {
    presence: chosen.rows[0]?.presence ?? 'offline',
    backAt: chosen.rows[0]?.backAt ?? null,
    capacity: chosen.rows[0]?.capacity ?? 0,
    ...openWork(handoffs.rows),
  };
}

/** The same of many agents, for a node that may have missed something; who has nothing is left out. */
export async function workOfAgents(db: Db, agents: readonly AgentId[]): Promise<Map<AgentId, OpenWork>> {
  const { rows } = await db.query<OpenRow & { agent: AgentId }>(
    `select h.agent_id as agent, h.conversation_id as conversation, h.id as handoff, h.phase,
       round(extract(epoch from h.expires_at) * 1000)::float8 as "expiresAt"
     from agents a join handoffs h on h.workspace_id = a.workspace_id and h.agent_id = a.id and h.phase in ('offered', 'active')
     where a.id = any($1) order by h.waiting_since`,
    [agents],
  );
  return new Map([...Map.groupBy(rows, ({ agent }) => agent)].map(([agent, own]) => [agent, openWork(own)]));
}

interface OpenRow {
  conversation: ConversationId;
  handoff: HandoffId;
  phase: string;
  expiresAt: Millis | null;
}

function openWork(rows: readonly OpenRow[]): OpenWork {
  return {
    active: rows.flatMap((row) => (row.phase === 'active' ? [row.conversation] : [])),
    offered: rows.flatMap(({ conversation, handoff, phase, expiresAt }) =>
      phase === 'offered' && expiresAt !== null ? [{ conversation, handoff, expiresAt }] : [],
    ),
  };
}

/** The conversation of an open handoff. */
export async function conversationOfHandoff(
  db: Db,
  workspace: WorkspaceId,
  handoff: HandoffId,
): Promise<ConversationId | null> {
  const { rows } = await db.query<{ conversation: ConversationId }>(
    `select conversation_id as conversation from handoffs where workspace_id = $1 and id = $2 and phase <> 'ended'`,
    [workspace, handoff],
  );
  return rows[0]?.conversation ?? null;
}
