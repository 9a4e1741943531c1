import type { DeskOutlook } from '#ports/desk.ts';
import type { AgentPresence, ChannelPresence } from './client.ts';

/** Zendesk's own states: 3 is online. 2 is offline, 4 away, 5 transfers only. */
const ONLINE = 3;

export const UNKNOWN: DeskOutlook = {
  state: 'unknown',
  agentsOnline: null,
  waiting: null,
  position: null,
  estimate: null,
};

/**
 * Who of the group is there, and has room for another ticket. Zendesk knows neither a place in line nor a wait. Nobody at all is
 * known where omnichannel routing is not in use: that is no "closed".
 */
export function outlookOf(
  agents: readonly AgentPresence[],
  channels: readonly ChannelPresence[],
  group: string | null,
): DeskOutlook {
  if (agents.length === 0) return UNKNOWN;
  const online = agents.filter(
    ({ attributes: { agent_status, group_ids } }) =>
      agent_status?.id === ONLINE && (group === null || (group_ids ?? []).includes(group)),
  );
  const free = online.some((agent) => hasRoom(agent, channels));
  const state = online.length === 0 ? 'closed' : free ? 'available' : 'busy';
  return { ...UNKNOWN, state, agentsOnline: online.length };
}

/** Where capacity is not told, who is there can take one. */
function hasRoom({ relationships }: AgentPresence, channels: readonly ChannelPresence[]): boolean {
  const own = new Set((relationships?.channels?.data ?? []).map(({ id }) => id));
  const support = channels.find(({ id, attributes }) => own.has(id) && attributes.name === 'support');
  const { work_item_count: work, max_capacity: most } = support?.attributes ?? {};
  return work == null || most == null || work < most;
}
