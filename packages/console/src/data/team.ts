import type { Agent } from '@baton/protocol';
import type { Live } from './live.ts';
import type { Teammate } from './state.ts';

/** Reads once who the others are; frames keep it current from there. */
export function readTeam(live: Live): void {
  live.onFrame((frame) => {
    if (frame.type !== 'welcome') return;
    live
      .call<{ items: Agent[] }>('GET', '/v1/agents', { query: { limit: 100 } })
      .then(({ items }) =>
        live.dispatch({ type: 'team.came', team: items.filter((agent) => !agent.disabled).map(mateOf) }),
      )
      .catch(() => {
        // Presence frames still come; those who do not change are missing until the next welcome.
      });
  });
}

function mateOf(agent: Agent): Teammate {
  const { id, name, avatarUrl, presence, capacity, active, wrapping = 0 } = agent;
  const backAt = agent.backAt ? Date.parse(agent.backAt) : null;
  return {
    agent: { id, name, ...(avatarUrl && { avatarUrl }) },
    state: presence,
    backAt,
    capacity,
    active,
    wrapping,
  };
}
