import { z } from 'zod';
import type { DeskOutlook } from '#ports/desk.ts';
import type { TwinAgent, TwinAnswer } from './desk-twin.ts';
import { unless, type Vendor } from './vendor.ts';

/** Zendesk's tickets and its messaging share who is there: one API, a channel each. */
type Channel = 'support' | 'messaging';

const Id = z.union([z.string(), z.number()]).transform(String);

const Agent = z.object({
  attributes: z.object({
    agent_status: z.object({ id: z.number().nullish() }).nullish(),
    group_ids: z.array(Id).nullish(),
  }),
  relationships: z
    .object({ channels: z.object({ data: z.array(z.object({ id: Id })).nullish() }).nullish() })
    .nullish()
    .catch(null),
});
const AgentChannel = z.object({
  id: Id,
  attributes: z.object({
    name: z.string().nullish(),
    work_item_count: z.number().nullish(),
    max_capacity: z.number().nullish(),
  }),
});
type Agent = z.infer<typeof Agent>;
type AgentChannel = z.infer<typeof AgentChannel>;

const Page = z.object({
  data: z.array(Agent),
  included: z.array(AgentChannel).nullish(),
  meta: z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish(),
});

/** Zendesk's own states: 3 is online. 2 is offline, 4 away, 5 transfers only. */
const ONLINE = 3;
const MOST_PAGES = 20;

export const UNKNOWN: DeskOutlook = {
  state: 'unknown',
  agentsOnline: null,
  waiting: null,
  position: null,
  estimate: null,
};

/**
 * Who of the group is there, and has room for another on this channel. Zendesk knows it with omnichannel routing only, and tells only
 * who may see it: else the answer is "unknown", not "closed". It knows neither a place in line nor a wait.
 */
export async function zendeskOutlook(vendor: Vendor, channel: Channel, group: string | null): Promise<DeskOutlook> {
  const agents: Agent[] = [];
  const channels: AgentChannel[] = [];
  for (let after: string | undefined, page = 0; page < MOST_PAGES; page++) {
    const query = { select_channel: channel, 'page[size]': 100, 'page[after]': after };
    const answer = await unless([403, 404], vendor({ path: '/api/v2/agent_availabilities', query, answer: Page }));
    if (!answer) return UNKNOWN;
    agents.push(...answer.data);
    channels.push(...(answer.included ?? []));
    after = answer.meta?.after_cursor ?? undefined;
    if (!answer.meta?.has_more || after === undefined) break;
  }
  if (agents.length === 0) return UNKNOWN;
  const online = agents.filter(
    ({ attributes: { agent_status, group_ids } }) =>
      agent_status?.id === ONLINE && (group === null || (group_ids ?? []).includes(group)),
  );
  const free = online.some((agent) => hasRoom(agent, channels, channel));
  const state = online.length === 0 ? 'closed' : free ? 'available' : 'busy';
  return { ...UNKNOWN, state, agentsOnline: online.length };
}

/** Where capacity is not told, who is there can take one. */
function hasRoom({ relationships }: Agent, channels: readonly AgentChannel[], channel: Channel): boolean {
  const own = new Set((relationships?.channels?.data ?? []).map(({ id }) => id));
  const here = channels.find(({ id, attributes }) => own.has(id) && attributes.name === channel);
  const { work_item_count: work, max_capacity: most } = here?.attributes ?? {};
  return work == null || most == null || work < most;
}

/** The same as a twin tells it: its agents in one group, each with one of three places taken. */
export function presenceAnswer(
  agents: readonly TwinAgent[],
  { there, group, channel }: { there: boolean; group: string; channel: Channel },
): TwinAnswer {
  const data = agents.map(({ id }) => ({
    id,
    type: 'agent_availabilities',
    attributes: {
      agent_id: id,
      agent_status: { id: there ? 3 : 2, name: there ? 'online' : 'offline' },
      group_ids: [group],
    },
    relationships: { channels: { data: [{ id: `${id}:${channel}`, type: 'channels' }] } },
  }));
  const included = agents.map(({ id }) => ({
    id: `${id}:${channel}`,
    type: 'channels',
    attributes: { name: channel, status: 'online', work_item_count: 1, max_capacity: 3 },
  }));
  return { json: { data, included, meta: { has_more: false } } };
}
