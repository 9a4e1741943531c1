import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import type { Desk, DeskCapabilities } from '#ports/desk.ts';
import { Chats } from './chats.ts';
import { livechatClient } from './client.ts';
import { inspectWebhook, readWebhook } from './inbound.ts';

const Group = z.string().regex(/^\d{1,9}$/, 'Give the number of a group, as in the address of its page.');
const credential = z.string().min(1).max(500);

const config = z.strictObject({
  ...deskConfig,
  url: baseUrl('https://api.livechatinc.com').meta({ title: 'Address of the API' }),
  accountsUrl: baseUrl('https://accounts.livechat.com').meta({ title: 'Address of the accounts' }),
  organization: credential.meta({
    title: 'Organization',
    description: 'As the answer with the refresh token names it.',
  }),
  /** Of the server-side app in the Developer Console. */
  clientId: credential.meta({ title: 'Client id' }),
  clientSecret: credential.meta({ title: 'Client secret' }),
  /** Made once, by the agent in whose account the app is. */
  refreshToken: credential.meta({ title: 'Refresh token' }),
  /** All that proves a webhook; given to LiveChat with each of them. */
  webhookSecret: z
    .string()
    .min(16, 'At least 16 characters, or leave it out: Baton makes one.')
    .max(200)
    .meta({ title: 'Secret key of the webhooks' }),
  group: Group.optional().meta({ title: 'Group', description: 'Its number; without it General.' }),
  groups: z.record(z.string(), Group).default({}).meta(GROUPS),
  /** The tag by which agents give a chat back to the bot. */
  returnTag: z.string().min(1).max(200).default('bot').meta({ title: 'Tag that gives back to the bot' }),
  /** When nobody is there: the next desk is tried, or the chat waits for somebody. */
  whenOffline: z.enum(['refuse', 'wait']).default('refuse').meta({
    title: 'When nobody is there',
    description: 'refuse: the next desk is tried. wait: the chat waits for somebody.',
  }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: true,
  readMarks: true,
  files: 'full',
  transcript: 'note',
  position: true,
  availability: true,
  handBack: 'Tag the chat with “bot”.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** LiveChat, by API 3.6: Baton is the customer. See README.md beside this file. */
export const livechat = defineDesk({
  kind: 'livechat',
  title: 'LiveChat',
  config,
  secrets: ['clientSecret', 'refreshToken', 'webhookSecret', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret, webhookSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an app',
      text: 'In the **Developer Console** make a **server-side app** for LiveChat. In its block **App authorization** give a redirect URI of your own, choose the scopes customers:own, chats--all:rw, agents--all:ro, agents-bot--all:ro, agents-bot--my:rw, groups--all:ro and properties.configuration:rw, and copy client id and secret. Install the app privately.',
      fields: ['clientId', 'clientSecret'],
    },
    {
      title: 'Get a refresh token, once',
      text: 'Logged in as an agent who sees all groups, open accounts.livechat.com/?response_type=code&client_id=…&redirect_uri=… and take the code from the address to which it leads. A POST to accounts.livechat.com/v2/token with grant_type=authorization_code, the code, client_id, client_secret and redirect_uri answers with both values.',
      fields: ['refreshToken', 'organization'],
    },
    {
      title: 'Make a tag',
      text: 'Under **Settings → Tags** make the tag **bot**, for all groups that get chats of Baton. Who tags a chat with it gives it back to the bot.',
      fields: ['returnTag', 'group', 'whenOffline'],
    },
    {
      title: 'Tell LiveChat where to report',
      text: 'In the app’s block **Chat webhooks** paste this address and this secret key, and choose **incoming_chat**, **incoming_event**, **chat_deactivated**, **chat_transferred**, **user_added_to_chat**, **user_removed_from_chat**, **thread_tagged** and **events_marked_as_seen**.',
      shows: 'inboundUrl',
    },
  ],
  spec: null,
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = livechatClient(world, settings);
    const chats = new Chats(api, files, world.now, settings);
    const expected = { secret: settings.webhookSecret, organization: settings.organization };
    const shown = (chat: string) => ({ id: chat, url: `https://my.livechatinc.com/chats/${encodeURIComponent(chat)}` });
    return {
      id,
      name,
      can: { ...CAN, handBack: `Tag the chat with “${settings.returnTag}”.` },
      availability: (group, ticket) => chats.outlook(group, ticket?.id ?? null, world.now()),
      open: async (ticket, again) => shown(await chats.open(ticket, again)),
      send: async (ticket, message, again) => ({ externalId: await chats.send(ticket.id, message, again) }),
      close: (ticket, why) => chats.close(ticket.id, why),
      async findTicket(handoff) {
        const chat = await chats.find(handoff);
        return chat === null ? null : shown(chat);
      },
      receive: (request) => readWebhook(expected, chats.reading, request),
      poll: (ticket, cursor) => chats.poll(ticket.id, cursor),
      typing: (ticket, on) => chats.typing(ticket.id, on),
      read: (ticket) => chats.read(ticket.id, world.now()),
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      async test() {
        await chats.bot();
        const groups = await api.groups();
        return `Works in the groups ${groups.map(({ id: group, name: called }) => `${called} (${group})`).join(', ')}.`;
      },
    };
  },
});
