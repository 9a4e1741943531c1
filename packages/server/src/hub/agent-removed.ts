import type { AgentId } from '@baton/core';
import type { Pool } from 'pg';
import { workOfAgents } from '#store/agent-work.ts';
import type { Ledger } from './ledger.ts';

/**
 * An agent is none any more: what he is being asked goes to the next one, and whom he has goes to the front of the line,
 * at once. Twice is fine; what is refused was over by itself.
 */
export async function agentRemoved(
  { pool, ledger }: { pool: Pool; ledger: Pick<Ledger, 'commit' | 'readNow'> },
  agent: AgentId,
): Promise<void> {
  const work = (await workOfAgents(pool, [agent])).get(agent);
  if (!work) return;
  for (const { conversation, handoff } of work.offered)
    await ledger.commit(conversation, {
      type: 'decline',
      handoff,
      agent: { id: agent, name: '' },
      why: 'removed',
    });
  for (const conversation of work.active) {
    const handoff = (await ledger.readNow(conversation))?.handoff;
    if (handoff?.phase !== 'active' || handoff.agent.id !== agent) continue;
    const key = `agent_removed:${handoff.id}:${agent}`;
    await ledger.commit(conversation, { type: 'requeue', handoff: handoff.id, why: 'agent_lost', agent, key });
  }
}
