import type { HandoffId } from '@baton/core';
import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { Memory } from '#kit/memory.ts';
import type { Desk, DeskCapabilities, DeskOutlook } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { chatwootClient } from './client.ts';
import { inspectWebhook, readWebhook } from './inbound.ts';
import { sourceOf } from './outbound.ts';
import { closeConversation, findConversation, openConversation, pollConversation, sendMessage } from './tickets.ts';

const Team = z.string().regex(/^\d{1,15}$/, 'Give the number of a team, as in the address of its page.');

const config = z.strictObject({
  ...deskConfig,
  /** Where Chatwoot is: its cloud, or your own server. */
  url: baseUrl('https://app.chatwoot.com').meta({
    title: 'Address',
    description: 'Chatwoot’s cloud, or your own server.',
  }),
  /** The numbers in its addresses: /app/accounts/1/settings/inboxes/9. */
  account: z.number().int().positive().meta({ title: 'Account number' }),
  inbox: z.number().int().positive().meta({ title: 'Inbox number' }),
  /** Of the API inbox, as its settings show it. */
  inboxIdentifier: z.string().min(1).max(200).meta({ title: 'Inbox identifier' }),
  /** Access token of the agent in whose name Baton works. */
  token: z.string().min(1).max(500).meta({ title: 'Access token' }),
  /** Signs the webhooks of the inbox, from 4.12 on. Without it their secret address is all that proves them. */
  webhookSecret: z.string().min(1).max(500).optional().meta({
    title: 'Webhook secret',
    description: 'From Chatwoot 4.12 on. Older servers sign nothing: leave it empty.',
  }),
  group: Team.optional().meta({ title: 'Team', description: 'Its number, as in /settings/teams/3.' }),
  groups: z
    .record(z.string(), Team)
    .default({})
    .meta({ ...GROUPS, title: 'Team of each queue' }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: true,
  readMarks: true,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: 'Mark the conversation as pending.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** Chatwoot, by an inbox of the type API. See README.md beside this file. */
export const chatwoot = defineDesk({
  kind: 'chatwoot',
  title: 'Chatwoot',
  config,
  secrets: ['token', 'webhookSecret', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an inbox of the type API',
      text: 'In Chatwoot: **Settings → Inboxes → Add inbox → API**. Leave the webhook URL empty for now, and add the agents who shall answer. The numbers are in the address of its page, /app/accounts/1/settings/inboxes/9; the identifier stands under **Configuration**.',
      fields: ['url', 'account', 'inbox', 'inboxIdentifier'],
    },
    {
      title: 'Make an agent for Baton',
      text: 'Invite an agent of its own, add it to the inbox, log in as it once and copy the **access token** at the bottom of **Profile settings**. The role Agent is enough. Leave it offline: who is online counts as somebody who can answer.',
      fields: ['token'],
    },
    {
      title: 'Tell Chatwoot where to report',
      text: 'Paste this address as the **webhook URL** of the inbox, in its settings. If the inbox shows you a secret there, copy it here.',
      shows: 'inboundUrl',
      fields: ['webhookSecret'],
    },
  ],
  spec: 'chatwoot.openapi.json',
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = chatwootClient(world, settings);
    const room = { api, files };
    /** Where the customer stands in the inbox, so that typing costs one call; null: it is not a conversation of ours. */
    const sources = new Memory<string | null>(world.now);
    const page = `${settings.url.replace(/\/+$/, '')}/app/accounts/${settings.account}/conversations`;
    const placeOf = (conversation: string) =>
      sources.recall(conversation, async () => {
        const handoff = (await api.conversation(conversation)).custom_attributes?.baton_handoff;
        return typeof handoff === 'string' ? sourceOf(handoff as HandoffId) : null;
      });
    return {
      id,
      name,
      can: CAN,
      availability: async (group) => outlookOf(await (group === null ? api.inboxMembers() : api.teamMembers(group))),
      async open(ticket, again) {
        const conversation = await openConversation(room, settings.inbox, ticket, again);
        sources.set(conversation, sourceOf(ticket.handoff));
        return { id: conversation, url: `${page}/${conversation}` };
      },
      async send(ticket, message, again) {
        return { externalId: await sendMessage(room, ticket.id, message, again) };
      },
      close: (ticket, why) => closeConversation(room, ticket.id, why),
      async findTicket(handoff) {
        const conversation = await findConversation(api, handoff);
        return conversation === null ? null : { id: conversation, url: `${page}/${conversation}` };
      },
      receive: (request) => readWebhook(settings.webhookSecret, request),
      poll: (ticket, cursor) => pollConversation(api, ticket.id, cursor, world.now()),
      async typing(ticket, on) {
        const place = await placeOf(ticket.id);
        if (place !== null) await api.typing(place, ticket.id, on ? 'on' : 'off');
      },
      async read(ticket) {
        const place = await placeOf(ticket.id);
        if (place !== null) await api.seen(place, ticket.id);
      },
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      async test() {
        const [{ name: agent }, inbox] = [await api.profile(), await api.inbox()];
        if (inbox.channel_type !== 'Channel::Api')
          throw new AdapterFailure('rejected', `The inbox "${inbox.name}" is no API inbox. Make one of the type API.`);
        if (inbox.inbox_identifier && inbox.inbox_identifier !== settings.inboxIdentifier)
          throw new AdapterFailure('rejected', `The inbox "${inbox.name}" has another identifier. Copy it once more.`);
        return `Works as "${agent}" in the inbox "${inbox.name}".`;
      },
    };
  },
});

/** Who is there now; Chatwoot knows neither a place in line nor a wait. */
function outlookOf(agents: readonly { availability_status?: string | null | undefined }[]): DeskOutlook {
  const count = (status: string) => agents.filter((agent) => agent.availability_status === status).length;
  const online = count('online');
  const state = online > 0 ? 'available' : count('busy') > 0 ? 'busy' : 'closed';
  return { state, agentsOnline: online, waiting: null, position: null, estimate: null };
}
