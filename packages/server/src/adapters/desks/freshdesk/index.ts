import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { Memory } from '#kit/memory.ts';
import type { Desk, DeskCapabilities, DeskOutlook } from '#ports/desk.ts';
import { type Agent, freshdeskClient, type Presence } from './client.ts';
import { inspectWebhook, readWebhook } from './inbound.ts';
import { pollTicket } from './poll.ts';
import { closeTicket, findTicket, openTicket, sendMessage } from './tickets.ts';

const Group = z.string().regex(/^\d{1,15}$/, 'Give the number of a group, as in the address of its page.');

/** What a form may ask for, and Baton does not set itself. */
const FIELD = /^(?:type|product_id|company_id|email_config_id|cf_\w{1,100})$/;

const config = z.strictObject({
  ...deskConfig,
  /** The address at Freshdesk itself: its API does not answer under a name of your own. */
  url: baseUrl().meta({ title: 'Address', description: 'https://yourcompany.freshdesk.com' }),
  /** Of the agent in whose name Baton works. */
  apiKey: z.string().min(1).max(200).meta({ title: 'API key' }),
  group: Group.optional().meta({ title: 'Group', description: 'Its number, as in the address of its page.' }),
  groups: z.record(z.string(), Group).default({}).meta(GROUPS),
  /** A ticket that gets this tag goes back to the bot. */
  returnTag: z
    .string()
    .toLowerCase()
    .regex(/^[\w-]{1,32}$/, 'Give a tag of letters, digits, - and _, at most 32.')
    .default('back-to-bot')
    .meta({ title: 'Tag that gives back to the bot' }),
  /** 7 is Chat. */
  source: z.number().int().min(1).max(1_000).default(7).meta({
    title: 'Source of the tickets',
    description: 'As Freshdesk numbers it: 7 is chat, 2 is the portal.',
  }),
  /** For fields that the ticket form makes mandatory. */
  fields: z
    .record(z.string().regex(FIELD), z.union([z.string().max(1_000), z.number(), z.boolean()]))
    .default({})
    .meta({ title: 'Fields of each ticket', description: 'What your form asks for: type, or cf_ and the name.' }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: false,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: 'Add the tag that is set for it to the ticket ("back-to-bot").',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** A name or signature of an agent that changes is known after this. */
const AGENT_MS = 600_000;

/** Freshdesk: a ticket for each handoff. See README.md beside this file. */
export const freshdesk = defineDesk({
  kind: 'freshdesk',
  title: 'Freshdesk',
  config,
  secrets: ['apiKey', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Choose an agent for Baton',
      text: 'Baton works in the name of an agent; one of its own is best. Its **API key** stands on the right of **Profile settings**. The address is the one at freshdesk.com, not one of your own.',
      fields: ['url', 'apiKey'],
    },
    {
      title: 'Say where tickets go',
      text: 'The number of a group is in the address of its page, under **Admin → Groups**. Where your ticket form has mandatory fields, give their values here.',
      fields: ['group', 'groups', 'fields', 'source'],
    },
    {
      title: 'Tell Freshdesk where to report',
      text: 'Under **Admin → Automations → Ticket Updates** make a rule for actions performed by **Agent**: on **Reply is sent**, **Note is added**, **Agent is updated**, **Status is updated** and **Tag is updated**, for tickets with the tag **baton**, **Trigger webhook**: POST this address, JSON, advanced content {"freshdesk_webhook": {"ticket_id": "{{ticket.id}}"}}',
      shows: 'inboundUrl',
    },
    {
      title: 'Make the way back to the bot',
      text: 'Under **Admin → Scenario automations** make one called **Back to the bot**, which adds this tag to the ticket. Whoever runs it gives the conversation back.',
      fields: ['returnTag'],
    },
  ],
  spec: 'freshdesk-unofficial-apievangelist.openapi.yaml',
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = freshdeskClient(world, settings);
    const room = { api, files };
    const agents = new Memory<Agent | null, number>(world.now, { keptMs: AGENT_MS });
    const agentOf = (agent: number) => agents.recall(agent, () => api.agent(agent));
    const shown = (ticket: string) => ({
      id: ticket,
      url: `${settings.url.replace(/\/+$/, '')}/a/tickets/${ticket}`,
    });
    return {
      id,
      name,
      can: CAN,
      async availability(group) {
        const [presence, team] = [await api.presence(), group === null ? null : await api.group(group)];
        return outlookOf(presence, team && (team.agent_ids ?? []));
      },
      open: async (ticket, again) => shown(await openTicket(room, settings, ticket, again)),
      async send(ticket, message, again) {
        return { externalId: await sendMessage(room, ticket.id, message, again) };
      },
      close: (ticket, why) => closeTicket(room, settings.returnTag, ticket.id, why),
      async findTicket(handoff, customer) {
        const ticket = await findTicket(api, handoff, customer);
        return ticket === null ? null : shown(ticket);
      },
      receive: readWebhook,
      poll: (ticket, cursor) =>
        pollTicket({ api, agentOf, returnTag: settings.returnTag, now: world.now() }, ticket.id, cursor),
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      async test() {
        const { contact, id: agent } = await api.me();
        return `Freshdesk answers; Baton works as ${contact?.name ?? `agent ${agent}`}.`;
      },
    };
  },
});

/** Where tickets are routed by; "Messaging queue" is for chats of Freshdesk's own. */
const CHANNELS = ['freshdesk', 'email queue'];

/** `team`: only these agents count; null: all. Freshdesk knows neither a place in line nor a wait. */
function outlookOf(presence: readonly Presence[] | null, team: readonly number[] | null): DeskOutlook {
  const channels = (presence ?? [])
    .filter((one) => !one.deactivated && (team?.includes(one.id) ?? true))
    .map(({ availability }) =>
      (availability?.channel_availability ?? []).filter(({ channel }) => CHANNELS.includes(channel.toLowerCase())),
    )
    .filter((some) => some.length > 0);
  const nothing = { waiting: null, position: null, estimate: null };
  if (channels.length === 0) return { state: 'unknown', agentsOnline: null, ...nothing };
  const online = channels.filter((some) => some.some(({ available }) => available)).length;
  const full = channels.some((some) =>
    some.some((one) => one.logged_in && (one.current_assignment_load ?? 0) >= (one.assignment_limit ?? Infinity)),
  );
  return { state: online > 0 ? 'available' : full ? 'busy' : 'closed', agentsOnline: online, ...nothing };
}
