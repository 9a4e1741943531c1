import type { AgentRef, Millis } from '@baton/core';
import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { Memory } from '#kit/memory.ts';
import type { Desk, DeskCapabilities, DeskOutlook } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { type Agent, type Conversation, freshchatClient } from './client.ts';
import { closeConversation, findConversation, openConversation, type Room, sendMessage } from './conversations.ts';
import { agentRef, inspectWebhook, readWebhook } from './inbound.ts';
import { pollConversation } from './poll.ts';
import { publicKeyOf } from './signature.ts';

const Uuid = z.string().regex(/^[\w-]{8,64}$/, 'Give the id as Freshchat’s API shows it, such as 4fc0d1a2-….');

const config = z.strictObject({
  ...deskConfig,
  /** As the settings show it, with its version. */
  url: baseUrl().meta({ title: 'Address of the API', description: 'https://yourcompany.freshchat.com/v2' }),
  token: z.string().min(1).max(5_000).meta({ title: 'API token' }),
  /** Signs webhooks. */
  publicKey: z
    .string()
    .max(5_000)
    .refine((key) => publicKeyOf(key) !== null, 'Give the public key as the webhook settings of Freshchat show it.')
    .meta({ title: 'Public key of the webhooks' }),
  /** Which of its channels ("topics") new conversations come in by. */
  channel: Uuid.meta({ title: 'Channel', description: 'Its id.' }),
  /** Who writes private notes for Baton: an agent that nobody answers with. */
  agent: Uuid.meta({ title: 'Agent for notes', description: 'His id.' }),
  group: Uuid.optional().meta({ title: 'Group', description: 'Its id.' }),
  groups: z.record(z.string(), Uuid).default({}).meta(GROUPS),
  /** What is assigned to this group goes back to the bot. Without it agents can only resolve. */
  botGroup: Uuid.optional().meta({ title: 'Group of the bot', description: 'Its id.' }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: false,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: 'Assign the conversation to the group that is set as the bot’s.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** A name of an agent that changes is known after this. */
const AGENT_MS: Millis = 600_000;

/** Freshchat, by its conversations API. See README.md beside this file. */
export const freshchat = defineDesk({
  kind: 'freshchat',
  title: 'Freshchat',
  config,
  secrets: ['token', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make a token',
      text: 'Under **Admin → API settings** (Marketplace and integrations) copy the address of the API, with /v2 at its end, and generate a token.',
      fields: ['url', 'token'],
    },
    {
      title: 'Choose a channel and an agent',
      text: 'Conversations come in by a channel (**Admin → Topics**); one of its own is best, without a bot of Freshchat’s. Private notes are written by an agent that nobody answers with: what it writes is taken for Baton’s own. The API shows the ids of both.',
      fields: ['channel', 'agent', 'group', 'groups'],
    },
    {
      title: 'Make a group for the bot',
      text: 'Under **Admin → Groups** make one called **Bot**, for example, without agents. Who assigns a conversation to it gives it back to the bot; without it agents can only resolve.',
      fields: ['botGroup'],
    },
    {
      title: 'Tell Freshchat where to report',
      text: 'Under **Admin → Webhooks** switch them on, paste this address, and copy the public key that stands there.',
      shows: 'inboundUrl',
      fields: ['publicKey'],
    },
  ],
  spec: 'freshchat-unofficial-apievangelist.openapi.yaml',
  inspect: inspectWebhook,
  create({ botGroup = null, ...settings }, { id, name, world, files }): Desk {
    const api = freshchatClient(world, settings);
    const { agent: us, channel } = settings;
    const room: Room = {
      api,
      files,
      agent: us,
      channel,
      botGroup,
      written: new Memory(world.now),
      users: new Memory(world.now),
    };
    const agents = new Memory<AgentRef>(world.now, { keptMs: AGENT_MS });
    const agentOf = (agent: string) => agents.recall(agent, async () => agentRef(agent, await api.agent(agent)));
    const key = publicKeyOf(settings.publicKey);
    return {
      id,
      name,
      can: botGroup === null ? { ...CAN, handBack: null } : CAN,
      async availability(group): Promise<DeskOutlook> {
        return outlookOf((await api.agents()).filter((agent) => agent.id !== us && isIn(agent, group)));
      },
      open: async (ticket, again) => shown(await openConversation(room, ticket, again)),
      async send(ticket, message, again) {
        return { externalId: await sendMessage(room, ticket.id, message, again) };
      },
      close: (ticket, why) => closeConversation(room, ticket.id, why),
      async findTicket(handoff, customer) {
        const found = await findConversation(api, handoff, customer);
        return found && shown(found);
      },
      receive(request) {
        if (key === null) throw new AdapterFailure('auth', 'The public key of the webhooks is none.');
        return readWebhook(key, { agent: us, botGroup, agentOf: (agent) => agents.get(agent) }, request);
      },
      poll: (ticket, cursor) => pollConversation({ api, us, botGroup, now: world.now(), agentOf }, ticket.id, cursor),
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      async test() {
        const [agent, found] = [await api.agent(us), (await api.channels()).find((one) => one.id === channel)];
        if (!agent) throw new AdapterFailure('rejected', `There is no agent with the id ${us}.`);
        if (!found) throw new AdapterFailure('rejected', `There is no channel with the id ${channel}.`);
        return `Works in the channel "${found.name ?? channel}"; notes are written by ${agentRef(us, agent).name}.`;
      },
    };
  },
});

function shown({ conversation_id: id, url }: Conversation) {
  return { id, ...(url && URL.canParse(url) ? { url } : {}) };
}

function isIn({ groups, is_deactivated }: Agent, group: string | null): boolean {
  return !is_deactivated && (group === null || (groups ?? []).includes(group));
}

/** Who has made himself available; Freshchat tells neither a place in line nor a wait. */
function outlookOf(agents: readonly Agent[]): DeskOutlook {
  const online = agents.filter((agent) => agent.availability_status === 'AVAILABLE').length;
  const told = agents.some((agent) => agent.availability_status);
  const nothing = { waiting: null, position: null, estimate: null };
  if (!told) return { state: 'unknown', agentsOnline: null, ...nothing };
  return { state: online > 0 ? 'available' : 'closed', agentsOnline: online, ...nothing };
}
