import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { baseUrl, deskConfig, GROUPS, newInboundSecret } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { Memory } from '#kit/memory.ts';
import type { Desk, DeskCapabilities, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { slackClient } from './client.ts';
import { inspectRequest, readRequest } from './inbound.ts';
import type { Thread } from './outbound.ts';
import { placeOf, ticketId } from './shapes.ts';
import { Threads } from './threads.ts';

const Channel = z
  .string()
  .regex(/^[CG][A-Z0-9]{2,20}$/, 'Give the id of a channel (C0123ABCD): it stands in its details.');

const config = z.strictObject({
  ...deskConfig,
  url: baseUrl('https://slack.com/api').meta({ title: 'Address of the API' }),
  token: z.string().min(1).max(500).meta({ title: 'Bot token', description: 'xoxb-…' }),
  /** It signs what Slack sends. */
  signingSecret: z.string().min(1).max(200).meta({ title: 'Signing secret' }),
  group: Channel.meta({
    title: 'Channel',
    description: 'Its id (C0123ABCD), for all queues that have none of their own.',
  }),
  groups: z
    .record(z.string(), Channel)
    .default({})
    .meta({ ...GROUPS, title: 'Channel of each queue' }),
  /** Whose presence says whether somebody can answer. Without them nobody knows. At most 20: each is a call. */
  agents: z
    .string()
    .max(500)
    .refine(
      (text) => idsIn(text).length <= 20 && idsIn(text).every((id) => /^[UW][A-Z0-9]{2,20}$/.test(id)),
      'Give ids of members (U0123ABCD), at most 20, with commas between.',
    )
    .default('')
    .meta({
      title: 'Agents',
      description: 'Ids of members, with commas between: their presence says whether somebody is there.',
    }),
});

const CAN: DeskCapabilities = {
  direct: false,
  typing: false,
  readMarks: false,
  files: 'full',
  transcript: 'note',
  position: false,
  availability: true,
  handBack: 'Press “Back to the bot”, react with :robot_face: to the first message, or write !bot and a note.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** Slack tells some 50 presences a minute: where more is asked, what was told within this time holds. */
const PRESENCE_MS = 120_000;

/** Slack: a thread for each handoff, in which agents answer. See README.md beside this file. */
export const slack = defineDesk({
  kind: 'slack',
  title: 'Slack',
  config,
  secrets: ['token', 'signingSecret', 'inboundSecret'],
  made: { inboundSecret: newInboundSecret },
  can: CAN,
  setup: [
    {
      title: 'Make an app',
      text: 'At **api.slack.com/apps** make an app for your workspace. Under **OAuth & Permissions** add the bot scopes chat:write, chat:write.customize, channels:history, channels:read, groups:history, groups:read, reactions:read, reactions:write, files:read, files:write, users:read and metadata.message:read, install it, and copy the bot token. The signing secret stands under **Basic Information**.',
      fields: ['token', 'signingSecret'],
    },
    {
      title: 'Make a channel',
      text: 'Make one with the agents in it and nobody else: who is in it can answer customers. Write **/invite** and the name of the app there. Its id stands at the bottom of its details.',
      fields: ['group', 'groups', 'agents'],
    },
    {
      title: 'Tell Slack where to report',
      text: 'Paste this address under **Event Subscriptions**, with the bot events **message.channels**, **message.groups**, **reaction_added** and **reaction_removed**, and under **Interactivity**. Slack tries it at once.',
      shows: 'inboundUrl',
    },
  ],
  spec: 'slack-web-api.swagger2.json',
  inspect: inspectRequest,
  create(settings, { id, name, world, files }): Desk {
    const api = slackClient(world, settings);
    const threads = new Threads(api, files, world.now);
    const agents = idsIn(settings.agents);
    const presences = new Memory<boolean>(world.now, { keptMs: PRESENCE_MS });
    const isThere = async (agent: string): Promise<boolean> => {
      try {
        const active = await api.isActive(agent);
        presences.set(agent, active);
        return active;
      } catch (error) {
        const known = error instanceof AdapterFailure && error.kind === 'retry' ? presences.get(agent) : undefined;
        if (known === undefined) throw error;
        return known;
      }
    };
    const channels = [...new Set([settings.group, ...Object.values(settings.groups)])];
    const shown = async ({ channel, ts }: Thread) => ({
      id: ticketId(channel, ts),
      url: `${(await threads.us()).home}/archives/${channel}/p${ts.replace('.', '')}`,
    });
    return {
      id,
      name,
      can: { ...CAN, availability: agents.length > 0 },
      async availability() {
        const there = await Promise.all(agents.map(isThere));
        const online = there.filter(Boolean).length;
        const known = there.length > 0;
        return {
          state: !known ? 'unknown' : online > 0 ? 'available' : 'closed',
          agentsOnline: known ? online : null,
          waiting: null,
          position: null,
          estimate: null,
        };
      },
      open: async (ticket, again) => shown(await threads.open(ticket.group ?? settings.group, ticket, again)),
      send: async (ticket, message, again) => ({ externalId: await threads.send(placeOf(ticket.id), message, again) }),
      close: (ticket, why) => threads.close(placeOf(ticket.id), why),
      async findTicket(handoff) {
        const thread = await threads.find(channels, handoff);
        return thread && shown(thread);
      },
      receive: (request) => readRequest(settings.signingSecret, threads.reading, request),
      refresh: (ticket, { key }) => threads.refresh(ticket.id, key),
      poll: (ticket, cursor) => threads.poll(ticket.id, cursor),
      async fetchFile(file, limit) {
        const headers = isSlack(file, settings.url) ? { authorization: `Bearer ${settings.token}` } : {};
        const fetched = await fetchFile(world, { url: file.url, headers, limit });
        // Without the right it is the page where people log in, and no error.
        if (fetched.mime === 'text/html' && file.mime !== undefined && file.mime !== 'text/html')
          throw new AdapterFailure('rejected', 'Slack does not give the file: add the scope files:read to the app.');
        return fetched;
      },
      async test() {
        const { team } = await threads.us();
        const names: string[] = [];
        for (const channel of channels) {
          const { name: called, is_member, is_archived } = await api.channel(channel);
          if (is_archived) throw new AdapterFailure('rejected', `The channel #${called} is archived.`);
          if (is_member === false)
            throw new AdapterFailure('rejected', `The app is not in #${called}. Write /invite and its name there.`);
          names.push(`#${called ?? channel}`);
        }
        return `Works in ${team}: ${names.join(', ')}.`;
      },
    };
  },
});

/** The token goes to Slack only (or to what stands in its place), whatever a message names as a file. */
function isSlack({ url, authorized }: RemoteFile, base: string): boolean {
  if (!authorized || !URL.canParse(url)) return false;
  const { protocol, hostname, host } = new URL(url);
  return host === new URL(base).host || (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname));
}

function idsIn(text: string): string[] {
  return text.split(/[,\s]/).filter((id) => id !== '');
}
