import { z } from 'zod';
import { Page } from '#events.ts';
import { ConversationId, CustomerId, Time } from '#ids.ts';
import { EventList } from './conversation.ts';
import { File } from './files.ts';
import { op, queryInt } from './table.ts';

/** How a widget looks; set per channel, see its integration's `config.theme`. */
export const WidgetTheme = z
  .object({
    /** Of the launcher, the header and the customer's own messages. */
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'A colour as #rrggbb.')
      .default('#2b5fd9'),
    title: z.string().min(1).max(60).default('Chat with us'),
    greeting: z.string().max(500).default('Hello! How can we help?'),
    position: z.enum(['right', 'left']).default('right'),
    /** Picture in the header, https. */
    logoUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .nullable()
      .default(null),
  })
  .meta({ id: 'WidgetTheme' });

export const WidgetSessionInput = z
  .strictObject({
    siteKey: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: "The widget's public key: `data-site-key` of the script tag." }),
    visitorToken: z
      .string()
      .max(4_000)
      .optional()
      .meta({ description: 'The token of the last session in this browser, to be the same visitor again.' }),
    identityToken: z.string().max(8_000).optional().meta({
      description:
        "JWT (HS256) that your backend signs with the channel's secret: `sub` is your id of the customer, and `name`, `email`, `phone`, `attributes` where known.",
    }),
    page: Page.optional(),
    locale: z.string().max(35).optional().meta({ description: "The browser's language, e.g. `en-GB`." }),
  })
  .meta({ id: 'WidgetSessionInput' });

export const WidgetSession = z
  .object({
    token: z
      .string()
      .meta({ description: 'Keep it in the browser; it opens the socket and every other call of the widget.' }),
    tokenExpiresAt: Time,
    visitor: z.object({
      id: CustomerId,
      name: z.string().nullable(),
      email: z.string().nullable(),
      verified: z.boolean(),
    }),
    conversation: z
      .object({ id: ConversationId, status: z.enum(['open', 'closed']), seq: z.number().int() })
      .nullable()
      .meta({
        description: "The visitor's open conversation, or his last one while it can still be rated or reopened.",
      }),
    locale: z.string(),
    strings: z
      .record(z.string(), z.string())
      .meta({ description: "Texts that replace the widget's own, by their key." }),
    theme: WidgetTheme,
    limits: z.object({
      textLength: z.number().int(),
      fileBytes: z.number().int(),
      filesPerMessage: z.number().int(),
      mimeTypes: z.array(z.string()),
    }),
  })
  .meta({ id: 'WidgetSession' });

const tag = 'Widget';

export const widgetOps = {
  createWidgetSession: op({
    method: 'POST',
    path: '/widget/v1/sessions',
    tag,
    access: 'public',
    summary: 'Start or go on with a visit',
    description:
      'Called by the widget when a page loads. Without `visitorToken` a new anonymous visitor begins. An `identityToken` that is valid makes the visitor the customer it names, and what he wrote anonymously in this browser comes along. A visitor token that was made with an identity counts only together with an identity.',
    body: WidgetSessionInput,
    answers: { 201: WidgetSession },
    problems: ['site_unknown', 'origin_not_allowed', 'identity_invalid'],
  }),
  listWidgetEvents: op({
    method: 'GET',
    path: '/widget/v1/conversations/{id}/events',
    tag,
    access: 'visitor',
    summary: 'Read a conversation as its customer sees it',
    description:
      'For older pages: give `before`, the smallest seq that is on the screen. Without it, the newest page. Items come oldest first.',
    params: z.strictObject({ id: ConversationId }),
    query: z.strictObject({
      before: z.coerce.number().int().min(1).max(2_147_483_647).optional().meta({ type: 'integer' }),
      after: z.coerce.number().int().min(0).max(2_147_483_647).optional().meta({ type: 'integer' }),
      limit: queryInt(1, 200, 50),
    }),
    answers: {
      200: EventList.extend({
        previous: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Give it as `before` for the page before this one. Null at the beginning.' }),
      }),
    },
  }),
  uploadWidgetFile: op({
    method: 'POST',
    path: '/widget/v1/files',
    tag,
    access: 'visitor',
    summary: 'Upload a file',
    description: 'One file as multipart/form-data. Then say it: a part `{"type":"file","file":{"id":"fil_..."}}`.',
    multipart: true,
    answers: { 201: File },
    problems: ['file_too_large', 'file_type'],
  }),
};
