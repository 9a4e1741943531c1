import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { Memory } from '#kit/memory.ts';
import { unless } from '#kit/vendor.ts';
import type { Desk, DeskCapabilities } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { zendeskClient } from './client.ts';
import { BACK_TAG, inspectWebhook, readWebhook } from './inbound.ts';
import { People } from './people.ts';
import { closeTicket, findTicket, type Opened, openTicket, pollTicket, sendMessage } from './tickets.ts';

const Digits = z.string().regex(/^\d{1,20}$/, 'Give the number, as in the address of its page.');

const config = z.strictObject({
  ...deskConfig,
  /** `https://acme.zendesk.com`. */
  url: baseUrl().meta({ title: 'Address', description: 'https://yourcompany.zendesk.com' }),
  /** Of the agent in whose name Baton works, with an API token. */
  email: z.email().max(200).meta({ title: 'Email of the agent' }),
  token: z.string().min(1).max(500).meta({ title: 'API token' }),
  /** The number of that agent: what he does is ours. */
  agent: Digits.meta({ title: 'Number of the agent', description: 'As in the address of its page.' }),
  /** The webhook's signing secret. */
  signingSecret: z.string().min(1).max(500).meta({ title: 'Signing secret', later: true }),
  /** The tag that gives back to the bot. */
  backTag: z
    .string()
    .regex(/^[^\s,]{1,80}$/, 'A tag has no spaces.')
    .default(BACK_TAG)
    .meta({ title: 'Tag that gives back to the bot' }),
  group: Digits.optional().meta({ title: 'Group', description: 'Its number, as in the address of its page.' }),
  groups: z.record(z.string(), Digits).default({}).meta(GROUPS),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: false,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: `Add the tag ${BACK_TAG}, best by a macro.`,
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** Zendesk's tickets. See README.md beside this file. */
export const zendeskSupport = defineDesk({
  kind: 'zendesk-support',
  title: 'Zendesk Support',
  config,
  secrets: ['token', 'signingSecret', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an agent for Baton',
      text: 'One of its own, with the role **Admin** or a custom role that may edit end users. What it does is taken for Baton’s, so nobody should answer as it. Its number is in the address of its page.',
      fields: ['url', 'email', 'agent'],
    },
    {
      title: 'Make a token',
      text: 'In the **Admin Center: Apps and integrations → APIs → Zendesk API** allow token access and add an API token.',
      fields: ['token'],
    },
    {
      title: 'Make a webhook',
      text: 'In the **Admin Center: Apps and integrations → Webhooks → Create webhook → Zendesk events**: **Ticket comment added**, **Ticket status changed**, **Ticket agent assignment changed**, **Ticket tags changed**, **Ticket merged**, **Ticket soft deleted**. Endpoint: this address, POST, JSON, no authentication. Then reveal the signing secret on its page.',
      shows: 'inboundUrl',
      fields: ['signingSecret'],
    },
    {
      title: 'Make a macro, and look at the mails',
      text: 'Under **Workspaces → Macros** add **Back to the bot** with the action **Add tags** and this tag. Zendesk mails public comments to the customer, too: add the condition **Tags contain none of the following: baton** to the triggers that notify the requester.',
      fields: ['backTag'],
    },
  ],
  spec: 'zendesk-support.openapi.yaml',
  inspect: inspectWebhook,
  create(settings, { id, name, world, files }): Desk {
    const api = zendeskClient(world, settings);
    const reading = { agent: settings.agent, backTag: settings.backTag };
    const room = { api, files, reading, people: new People(api, world.now) };
    /** Of each ticket its customer, so that a message costs one call. */
    const requesters = new Memory<string>(world.now);
    const page = `${settings.url.replace(/\/+$/, '')}/agent/tickets`;
    const at = async (ticket: string): Promise<Opened> => ({
      id: ticket,
      requester: await requesters.recall(ticket, async () => (await api.ticket(ticket)).requester_id),
    });
    /** Where the ticket itself is gone, nobody is asked for: its history says so. */
    const atOrGone = async (ticket: string): Promise<Opened> =>
      (await unless([404], at(ticket))) ?? { id: ticket, requester: '' };
    const shown = (ticket: string) => ({ id: ticket, url: `${page}/${ticket}` });
    return {
      id,
      name,
      can: { ...CAN, handBack: `Add the tag ${settings.backTag}, best by a macro.` },
      joins: true,
      availability: (group) => api.outlook(group),
      async open(ticket, again) {
        const opened = await openTicket(room, ticket, again);
        requesters.set(opened.id, opened.requester);
        return shown(opened.id);
      },
      async send(ticket, message, again) {
        return { externalId: await sendMessage(room, await at(ticket.id), message, again) };
      },
      close: (ticket, why) => closeTicket(room, ticket.id, why),
      async findTicket(handoff) {
        const ticket = await findTicket(api, handoff);
        return ticket && shown(ticket.id);
      },
      receive: (request) => readWebhook(settings.signingSecret, reading, request),
      poll: async (ticket, cursor) => pollTicket(room, await atOrGone(ticket.id), cursor),
      fetchFile: ({ url }, limit) => api.file(url, limit),
      async test() {
        const me = await api.me();
        if (me.role === 'end-user' || me.role == null)
          throw new AdapterFailure(
            'auth',
            'Zendesk takes these credentials for nobody’s. Check e-mail address and token.',
          );
        if (me.id !== settings.agent)
          throw new AdapterFailure(
            'rejected',
            `The token is that of ${me.name ?? 'an agent'} (${me.id}), not of agent ${settings.agent}.`,
          );
        return `Works as ${me.name ?? me.id} (${me.role}).`;
      },
    };
  },
});
