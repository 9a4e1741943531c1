import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { Memory } from '#kit/memory.ts';
import { UNKNOWN, zendeskOutlook } from '#kit/zendesk-presence.ts';
import type { Desk, DeskCapabilities } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { sunshineClient, supportClient } from './client.ts';
import { inspectWebhook, isParty, type Reading, readWebhook, USUAL } from './inbound.ts';
import { BACK_TO_BOT } from './outbound.ts';
import {
  closeConversation,
  customerOf,
  findConversation,
  openConversation,
  pollConversation,
  seatAgents,
  sendMessage,
} from './tickets.ts';

const Group = z.string().regex(/^\d{1,20}$/, 'Give the number of a group, as in the address of its page.');

const config = z.strictObject({
  ...deskConfig,
  /** `https://acme.zendesk.com/sc`. */
  url: baseUrl().meta({ title: 'Address', description: 'https://yourcompany.zendesk.com/sc' }),
  /** The app id, as the page of the API key shows it. */
  app: z.string().min(1).max(100).meta({ title: 'App id' }),
  keyId: z.string().min(1).max(200).meta({ title: 'Key id' }),
  keySecret: z.string().min(1).max(500).meta({ title: 'Secret key' }),
  /** What Zendesk sends as X-API-Key with each webhook. */
  webhookKey: z.string().min(1).max(500).meta({ title: 'Shared secret', later: true }),
  /** The name or id of our own party at the switchboard. */
  party: z
    .string()
    .min(1)
    .max(100)
    .default(USUAL.ours)
    .meta({ title: 'Baton at the switchboard', description: 'Usually the name of the integration.' }),
  /** The name, id or type of the agents' party. */
  agents: z.string().min(1).max(100).default(USUAL.agents).meta({ title: 'The agents at the switchboard' }),
  /** Of an agent, with an API token of Zendesk Support: without them nobody can say who is there. */
  supportEmail: z
    .email()
    .max(200)
    .optional()
    .meta({ title: 'E-mail of an admin', description: 'With the token, so that Baton knows who is there.' }),
  supportToken: z.string().min(1).max(500).optional().meta({ title: 'API token of Zendesk Support' }),
  group: Group.optional().meta({ title: 'Group', description: 'Its number, as in the address of its page.' }),
  groups: z.record(z.string(), Group).default({}).meta(GROUPS),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: true,
  files: 'full',
  transcript: 'messages',
  position: false,
  availability: true,
  handBack: `Write ${BACK_TO_BOT}, and after it what the bot should know.`,
  poll: true,
  tells: ['closed', 'reopened'],
};

/** Zendesk Messaging, by Sunshine Conversations and its switchboard. See README.md beside this file. */
export const zendeskMessaging = defineDesk({
  kind: 'zendesk-messaging',
  title: 'Zendesk Messaging',
  config,
  secrets: ['keySecret', 'webhookKey', 'supportToken', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an API key',
      text: 'You need messaging with **multi-conversations** and **ending messaging sessions** switched on. In the **Admin Center: Apps and integrations → APIs → Conversations API → Create API key**. It shows an app id, a key id and, once, a secret.',
      fields: ['url', 'app', 'keyId', 'keySecret'],
    },
    {
      title: 'Make an integration',
      text: 'In the **Admin Center: Apps and integrations → Integrations → Conversations integrations → Create**. Name it **baton**, paste this address, and tick **conversation message**, **conversation read**, **conversation typing**, **conversation remove**, **switchboard pass control** (also its **failure**) and **switchboard release control**. Zendesk then shows a shared secret.',
      shows: 'inboundUrl',
      fields: ['webhookKey'],
    },
    {
      title: 'See that it is at the switchboard',
      text: 'The integration must be a party of the switchboard; **Test connection** says which parties there are. Leave the default responder as it is.',
      fields: ['party'],
    },
  ],
  spec: 'sunshine-conversations.openapi.yaml',
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = sunshineClient(world, settings);
    const support = supportClient(world, settings);
    const reading: Reading = { ours: settings.party, agents: settings.agents };
    const room = { api, files, reading };
    /** Conversations of which we know that the agents have control, each with its customer, so that a message costs one call. */
    const seated = new Memory<string>(world.now);
    const customerAt = (ticket: string) =>
      seated.recall(ticket, async () => {
        const conversation = await api.conversation(ticket);
        await seatAgents(room, conversation);
        return customerOf(conversation);
      });
    return {
      id,
      name,
      can: { ...CAN, availability: support !== null },
      availability: async (group) => (support ? zendeskOutlook(support, 'messaging', group) : UNKNOWN),
      async open(ticket, again) {
        const opened = await openConversation(room, ticket, again);
        seated.set(opened.id, opened.customer);
        return { id: opened.id };
      },
      async send(ticket, message, again) {
        return { externalId: await sendMessage(room, ticket.id, await customerAt(ticket.id), message, again) };
      },
      close(ticket, why) {
        seated.delete(ticket.id);
        return closeConversation(room, ticket.id, why);
      },
      async findTicket(handoff, customer) {
        const conversation = await findConversation(api, handoff, customer);
        return conversation && { id: conversation.id };
      },
      receive: (request) => readWebhook(settings.webhookKey, reading, request),
      async poll(ticket, cursor) {
        const found = await pollConversation(room, ticket.id, cursor, world.now());
        if (found.events.some(({ type }) => type === 'closed' || type === 'returned')) seated.delete(ticket.id);
        return found;
      },
      async read({ id: ticket }) {
        await api.markRead(ticket, seated.get(ticket) ?? customerOf(await api.conversation(ticket)));
      },
      fetchFile: ({ url }, limit) => api.file(url, limit),
      async test() {
        const [app, parties] = [await api.appName(), await api.parties()];
        for (const [field, party] of [
          ['party', settings.party],
          ['agents', settings.agents],
        ] as const)
          if (!parties.some((one) => isParty(one, party)))
            throw new AdapterFailure(
              'rejected',
              `The switchboard has no party "${party}" (${field}). It has: ${parties.map(partyName).join(', ') || 'none'}.`,
            );
        return `The app "${app}" answers; control goes between "${settings.party}" and "${settings.agents}".`;
      },
    };
  },
});

function partyName({
  name,
  integrationType,
}: {
  name?: string | null | undefined;
  integrationType?: string | null | undefined;
}) {
  return `${name ?? '?'} (${integrationType ?? '?'})`;
}
