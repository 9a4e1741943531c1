import { z } from 'zod';
import { defineDesk } from '#kit/definition.ts';
import { deskConfig } from '#kit/desk-config.ts';
import { fetchFile } from '#kit/http.ts';
import { isWebhookSecret, newWebhookSecret } from '#kit/standard-webhooks.ts';
import type { Desk, DeskCapabilities } from '#ports/desk.ts';
import { webhookClient } from './client.ts';
import { inspectPost, readEvents, readPost } from './inbound.ts';
import { messageCall, openCall } from './outbound.ts';

/** Headers that are ours: a configured one must not replace them. */
const OURS = /^(?:webhook-|content-|host$|connection$|transfer-encoding$)/i;

const Feature = z.enum(['typing', 'readMarks', 'availability', 'position', 'poll']);

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'Give the address of your desk, with https:// in front.' })
    .max(2_000)
    .meta({ title: 'Address of your desk', description: 'Baton posts signed JSON to it.' }),
  /** Signs both ways. */
  secret: z
    .string()
    .refine(isWebhookSecret, 'Give "whsec_" and 24 to 64 bytes in base64, or leave it out: Baton makes one.')
    .meta({ title: 'Signing secret' }),
  /** What your desk can do besides the must. What is not named here is never asked of it. */
  features: z
    .array(Feature)
    .max(5)
    .default([])
    .meta({ title: 'What your desk can do besides', description: 'What is not chosen is never asked of it.' }),
  timeoutSeconds: deskConfig.timeoutSeconds,
  group: deskConfig.group,
  groups: deskConfig.groups,
  /** Sent with each call, for a gateway in front of the desk. */
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is no name of a header.'), z.string().max(4_000))
    .refine(
      (headers) => !Object.keys(headers).some((name) => OURS.test(name)),
      'Headers of Baton (webhook-…, content-…) cannot be set.',
    )
    .default({})
    .meta({ title: 'Headers', description: 'Sent with each call, for a gateway in front of the desk.' }),
});

/** All that a webhook desk can do. */
const CAN: DeskCapabilities = {
  direct: false,
  typing: true,
  readMarks: true,
  files: 'full',
  transcript: 'messages',
  position: true,
  availability: true,
  handBack: 'The desk posts an event of the type `returned`.',
  poll: true,
  tells: ['assigned', 'unassigned', 'closed', 'reopened'],
};

/** Any agent console over signed HTTP. See docs/guide/webhook-desk.md. */
export const webhook = defineDesk({
  kind: 'webhook',
  title: 'Webhook desk',
  config,
  secrets: ['secret', 'headers'],
  made: { secret: newWebhookSecret },
  can: CAN,
  setup: [
    {
      title: 'Let your desk take signed calls',
      text: 'Baton posts to one address of yours: tickets, messages, and what else you choose here. The guide **docs/guide/webhook-desk.md** shows every call, **examples/webhook-desk** is a whole desk in one file, and **npm run conform** tries yours against the rules.',
      fields: ['url', 'features', 'headers'],
    },
    {
      title: 'Let it answer',
      text: 'Your desk posts what agents say and do to this address, signed with the same secret. Each opened ticket tells the address, too.',
      shows: 'inboundUrl',
    },
  ],
  spec: null,
  inspect: inspectPost,
  create({ features, ...settings }, { id, name, world }): Desk {
    const has = (feature: z.output<typeof Feature>) => features.includes(feature);
    const post = webhookClient(world, settings);
    const fresh = () => world.newId('evt');
    const desk: Desk = {
      id,
      name,
      can: {
        ...CAN,
        typing: has('typing'),
        readMarks: has('readMarks'),
        availability: has('availability'),
        position: has('position'),
        poll: has('poll'),
      },
      async availability(group, ticket) {
        if (!has('availability') && !has('position')) return UNKNOWN;
        const answer = await post(fresh(), { type: 'availability', group, ticket: ticket?.id ?? null });
        const { asOf, ...estimate } = answer.estimate ?? { asOf: '' };
        return {
          ...answer,
          state: has('availability') ? answer.state : 'unknown',
          position: has('position') ? answer.position : null,
          estimate: answer.estimate && has('position') ? ({ ...estimate, asOf: Date.parse(asOf) } as never) : null,
        };
      },
      // The desk keeps each handoff and each message once: `again` needs no other call.
      open: async (ticket) => plain((await post(`open:${ticket.handoff}`, openCall(ticket))).ticket),
      async send({ id: ticket }, message) {
        const { id: externalId } = await post(`message:${message.key}`, messageCall(ticket, message));
        return { externalId };
      },
      close: async ({ id: ticket }, why) => {
        await post(`close:${ticket}`, { type: 'ticket.close', ticket, why });
      },
      async findTicket(handoff) {
        const { ticket } = await post(fresh(), { type: 'ticket.find', handoff });
        return ticket && plain(ticket);
      },
      fetchFile: ({ url }, limit) => fetchFile(world, { url, limit }),
      receive: (request) => readPost(settings.secret, request),
      test: async () => `The desk answers and calls itself "${(await post(fresh(), { type: 'test' })).name}".`,
    };
    if (has('typing'))
      desk.typing = async ({ id: ticket }, on) => void (await post(fresh(), { type: 'typing', ticket, on }));
    if (has('readMarks')) desk.read = async ({ id: ticket }) => void (await post(fresh(), { type: 'read', ticket }));
    if (has('poll'))
      desk.poll = async ({ id: ticket }, after) => {
        const { events, cursor } = await post(fresh(), { type: 'events', ticket, after });
        return { events: events.length === 0 ? [] : readEvents({ events }), cursor };
      };
    return desk;
  },
});

const UNKNOWN = { state: 'unknown', agentsOnline: null, waiting: null, position: null, estimate: null } as const;

function plain({ id, url }: { id: string; url?: string | undefined }) {
  return { id, ...(url === undefined ? {} : { url }) };
}
