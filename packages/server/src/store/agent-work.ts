import type { AgentId, ConversationId, HandoffId, Millis, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface AgentWork {
  presence: 'online' | 'away' | 'offline';
  capacity: number;
  /** Conversations that he holds. */
  active: ConversationId[];
  /** What he is being asked right now. */
  offered: { conversation: ConversationId; handoff: HandoffId; expiresAt: Millis }[];
}

/** What an agent chose last and what he must go on with, for a console that connects. */
export async function agentWork(db: Db, workspace: WorkspaceId, agent: AgentId): Promise<AgentWork> {
  const [chosen, handoffs] = await Promise.all([
    db.query<Pick<AgentWork, 'presence' | 'capacity'>>(
      'select presence, capacity from agents where workspace_id = $1 and id = $2',
      [workspace, agent],
    ),
    db.query<{ conversation: ConversationId; handoff: HandoffId; phase: string; expiresAt: Millis | null }>(
      `select conversation_id as conversation, id as handoff, phase, round(extract(epoch from expires_at) * 1000)::float8 as "expiresAt"
       from handoffs where workspace_id = $1 and agent_id = $2 and phase in ('offered', 'active') order by waiting_since`,
      [workspace, agent],
    ),
  ]);
  return {
    presence: chosen.rows[0]?.presence ?? 'offline',
    capacity: chosen.rows[0]?.capacity ?? 0,
    active: handoffs.rows.flatMap((row) => (row.phase === 'active' ? [row.conversation] : [])),
    offered: handoffs.rows.flatMap(({ conversation, handoff, phase, expiresAt }) =>
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
