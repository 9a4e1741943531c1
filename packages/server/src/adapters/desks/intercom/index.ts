import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { Memory } from '#kit/memory.ts';
import type { Desk, DeskCapabilities, DeskOutlook } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { intercomClient } from './client.ts';
import { inspectNotification, partEvents, type Reading, readNotification } from './inbound.ts';
import {
  closeConversation,
  findConversation,
  openConversation,
  pollConversation,
  sendMessage,
  withNames,
} from './tickets.ts';

const Digits = z.string().regex(/^\d{1,20}$/, 'Give the number that Intercom shows for it.');

const config = z.strictObject({
  ...deskConfig,
  /** Of the region: api.intercom.io, api.eu.intercom.io or api.au.intercom.io. */
  url: baseUrl('https://api.intercom.io').meta({
    title: 'Address of the API',
    description: 'https://api.eu.intercom.io or https://api.au.intercom.io for these regions.',
  }),
  /** Access token of the app. */
  token: z.string().min(1).max(500).meta({ title: 'Access token' }),
  /** Client secret of the app: it signs notifications. */
  clientSecret: z.string().min(1).max(500).meta({ title: 'Client secret' }),
  /** The teammate in whose name Baton writes notes: one that nobody answers with. */
  admin: Digits.meta({ title: 'Number of the teammate' }),
  group: Digits.optional().meta({ title: 'Team', description: 'Its number, as in the address of its inbox.' }),
  groups: z
    .record(z.string(), Digits)
    .default({})
    .meta({ ...GROUPS, title: 'Team of each queue' }),
  /** What is assigned to this team goes back to the bot. Without it agents can only close. */
  botTeam: Digits.optional().meta({ title: 'Team of the bot' }),
  /** The workspace, as in its addresses (/a/inbox/abc123/): for links. */
  workspace: z
    .string()
    .regex(/^\w{1,40}$/)
    .optional()
    .meta({ title: 'Workspace', description: 'As in your addresses, /a/inbox/abc123/: for links to Intercom.' }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: false,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: 'Assign the conversation to the team that is set as the bot’s.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** Intercom's inbox. See README.md beside this file. */
export const intercom = defineDesk({
  kind: 'intercom',
  title: 'Intercom',
  config,
  secrets: ['token', 'clientSecret', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an app',
      text: 'In Intercom’s **Developer Hub** make an app for your workspace. Under **Authentication** choose the scopes **Read and write users**, **Read conversations**, **Write conversations** and **Read admins**, and copy the access token. The client secret stands under **Basic information**.',
      fields: ['url', 'token', 'clientSecret', 'workspace'],
    },
    {
      title: 'Make a teammate for Baton',
      text: 'Baton writes notes in the name of a teammate with whom nobody answers: what it does is taken for Baton’s own. Its number is in the address of its page in the settings.',
      fields: ['admin'],
    },
    {
      title: 'Make a team for the bot',
      text: 'Call it **Bot**, for example. Who assigns a conversation to this team gives it back to the bot; without it agents can only close. Its number is in the address of its inbox.',
      fields: ['botTeam'],
    },
    {
      title: 'Tell Intercom where to report',
      text: 'In the app, under **Webhooks**, paste this address and subscribe to **conversation.admin.replied**, **conversation.admin.assigned**, **conversation.admin.closed** and **conversation.admin.opened**.',
      shows: 'inboundUrl',
    },
  ],
  spec: 'intercom-2.14.openapi.yaml',
  inspect: inspectNotification,
  create(settings, { id, name, world, files }): Desk {
    const api = intercomClient(world, settings);
    const reading: Reading = { admin: settings.admin, botTeam: settings.botTeam ?? null };
    /** Of each conversation its customer, so that a message costs one call. */
    const contacts = new Memory<string>(world.now);
    const contactIn = (conversation: string) =>
      contacts.recall(conversation, async () => {
        const [contact] = (await api.conversation(conversation)).contacts?.contacts ?? [];
        if (!contact) throw new AdapterFailure('rejected', 'There is no customer in that conversation.');
        return contact.id;
      });
    const shown = (conversation: string) => ({
      id: conversation,
      ...(settings.workspace === undefined
        ? {}
        : { url: `https://app.intercom.com/a/inbox/${settings.workspace}/inbox/conversation/${conversation}` }),
    });
    return {
      id,
      name,
      can: settings.botTeam === undefined ? { ...CAN, handBack: null } : CAN,
      async availability(group): Promise<DeskOutlook> {
        const [admins, team] = [await api.admins(), group === null ? null : await api.team(group)];
        const staff = admins.filter(
          (one) =>
            one.id !== settings.admin && one.has_inbox_seat !== false && (team?.admin_ids?.includes(one.id) ?? true),
        );
        // Away is what people say of themselves; that they are there nobody knows, so they are not counted.
        const state = staff.some((one) => !one.away_mode_enabled) ? 'available' : 'closed';
        return { state, agentsOnline: null, waiting: null, position: null, estimate: null };
      },
      async open(ticket, again) {
        const opened = await openConversation(api, ticket, again);
        contacts.set(opened.id, opened.contact);
        return shown(opened.id);
      },
      async send({ id: conversation }, message, again) {
        const opened = { id: conversation, contact: await contactIn(conversation) };
        return { externalId: await sendMessage(api, files, opened, message, again) };
      },
      close: (ticket, why) => closeConversation(api, reading.botTeam, ticket.id, why),
      async findTicket(handoff) {
        const conversation = await findConversation(api, handoff);
        return conversation === null ? null : shown(conversation);
      },
      receive: (request) => readNotification(settings.clientSecret, reading, request),
      async refresh({ id: ticket }) {
        const [named, conversation] = [await withNames(api, reading), await api.conversation(ticket)];
        return conversation.conversation_parts.flatMap((part) => partEvents(ticket, part, named));
      },
      poll: (ticket, cursor) => pollConversation(api, ticket.id, cursor, reading),
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      async test() {
        const [me, admins] = [await api.me(), await api.admins()];
        const admin = admins.find((one) => one.id === settings.admin);
        if (!admin) throw new AdapterFailure('rejected', `There is no teammate with the number ${settings.admin}.`);
        return `The app of ${me.name ?? me.email ?? 'Intercom'} answers; notes are written by ${admin.name ?? admin.id}.`;
      },
    };
  },
});
