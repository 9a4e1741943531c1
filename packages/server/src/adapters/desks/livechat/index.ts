import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import type { Desk, DeskCapabilities } from '#ports/desk.ts';
import { Chats } from './chats.ts';
import { livechatClient } from './client.ts';
import { inspectWebhook, readWebhook } from './inbound.ts';

const Group = z.string().regex(/^\d{1,9}$/, 'Give the number of a group, as in the address of its page.');
const credential = z.string().min(1).max(500);

const config = z.strictObject({
  ...deskConfig,
  url: baseUrl('https://api.livechatinc.com'),
  accountsUrl: baseUrl('https://accounts.livechat.com'),
  /** The organisation, as the answer with the refresh token names it. */
  organization: credential,
  /** Of the server-side app in the Developer Console. */
  clientId: credential,
  clientSecret: credential,
  /** Made once, by the agent in whose account the app is. */
  refreshToken: credential,
  /** The secret key that was given to the webhooks. */
  webhookSecret: z.string().min(16, 'At least 16 characters: it is all that proves a webhook.').max(200),
  group: Group.optional(),
  groups: z.record(z.string(), Group).default({}),
  /** The tag by which agents give a chat back to the bot. */
  returnTag: z.string().min(1).max(200).default('bot'),
  /** When nobody is there: the next desk is tried, or the chat waits for somebody. */
  whenOffline: z.enum(['refuse', 'wait']).default('refuse'),
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
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  spec: null,
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = livechatClient(world, settings);
    const chats = new Chats(api, files, settings);
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
      refresh: (ticket, { key }) => chats.refresh(ticket.id, key),
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
