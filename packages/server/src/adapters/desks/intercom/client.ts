import type { Millis } from '@baton/core';
import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import { nothing, path, type VendorCall, vendorClient } from '#kit/vendor.ts';
import type { World } from '#ports/world.ts';

/** Fixed: the first version that finds contacts by our id and tells which app wrote a part. */
const VERSION = '2.14';

const Id = z.union([z.string(), z.number()]).transform(String);

/** Somebody: `admin` is an agent, `bot` one of Intercom's, everything else is a customer. */
export const Author = z.object({ type: z.string(), id: Id.nullish(), name: z.string().nullish() });
export type Author = z.infer<typeof Author>;

/** Whatever happens in a conversation is a part of it; some parts change its state and say something, too. */
export const Part = z.object({
  id: Id,
  part_type: z.string(),
  body: z.string().nullish(),
  created_at: z.number(),
  author: Author,
  assigned_to: Author.nullish().catch(null),
  redacted: z.boolean().nullish(),
  attachments: z
    .array(
      z.object({
        url: z.string().nullish(),
        name: z.string().nullish(),
        content_type: z.string().nullish(),
        filesize: z.number().nullish(),
      }),
    )
    .nullish()
    .catch(null),
});
export type Part = z.infer<typeof Part>;

/** A part that is not understood does not cost the others. */
export const Parts = z
  .object({ conversation_parts: z.array(z.unknown()).nullish() })
  .nullish()
  .transform((list) =>
    (list?.conversation_parts ?? []).flatMap((one) => {
      const read = Part.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );

const Conversation = z.object({
  id: Id,
  open: z.boolean().nullish(),
  team_assignee_id: Id.nullish(),
  source: z.object({ body: z.string().nullish() }).nullish(),
  contacts: z.object({ contacts: z.array(z.object({ id: z.string() })) }).nullish(),
  conversation_parts: Parts,
});
export type Conversation = z.infer<typeof Conversation>;

const Found = z.object({ conversations: z.array(Conversation) });
const Contact = z.object({ id: z.string() });
const Admin = z.object({
  id: Id,
  name: z.string().nullish(),
  away_mode_enabled: z.boolean().nullish(),
  has_inbox_seat: z.boolean().nullish(),
  avatar: z.union([z.string(), z.object({ image_url: z.string().nullish() })]).nullish(),
});
export type Admin = z.infer<typeof Admin>;

/** 500 parts with long notes, or 150 conversations. */
const LARGE = 64 * 1_048_576;

export interface IntercomConfig {
  url: string;
  token: string;
  /** The teammate in whose name Baton writes. */
  admin: string;
  timeoutSeconds: number;
}

/** Intercom's API as far as Baton uses it. All throw `AdapterFailure`. */
export function intercomClient(world: World, { url, token, admin, timeoutSeconds }: IntercomConfig) {
  const vendor = vendorClient(world, {
    name: 'Intercom',
    base: url,
    headers: { authorization: `Bearer ${token}`, 'intercom-version': VERSION },
    timeoutMs: timeoutSeconds * 1_000,
    delayOf,
  });
  const part = <T>(id: string, json: object, more: Partial<VendorCall<T>> = {}) =>
    vendor({ path: path`/conversations/${id}/parts`, json: { ...json, admin_id: admin }, answer: nothing, ...more });
  return {
    me: () => vendor({ path: '/me', answer: z.object({ name: z.string().nullish(), email: z.string().nullish() }) }),
    async admins() {
      return (await vendor({ path: '/admins', answer: z.object({ admins: z.array(Admin) }) })).admins;
    },
    team: (id: string) => vendor({ path: path`/teams/${id}`, answer: z.object({ admin_ids: z.array(Id).nullish() }) }),
    contactOf: (externalId: string) =>
      vendor({ path: path`/contacts/find_by_external_id/${externalId}`, answer: Contact }),
    /** Who is there already is told by a conflict, so that twice is once. */
    async addContact(json: object): Promise<{ id: string }> {
      try {
        return await vendor({ path: '/contacts', json, answer: Contact, repeatable: true });
      } catch (error) {
        const known =
          error instanceof AnswerFailure && error.status === 409 ? /id=([0-9a-f]{24})/.exec(error.text) : null;
        if (known?.[1] === undefined) throw error;
        return { id: known[1] };
      }
    },
    /** The answer is the first message: its own id is of no use, `conversation_id` is. */
    async openConversation(contact: string, body: string) {
      const json = { from: { type: 'contact', id: contact }, body };
      const answer = z.object({ conversation_id: Id });
      return (await vendor({ path: '/conversations', json, answer })).conversation_id;
    },
    /** With its latest 500 parts. */
    conversation: (id: string) => vendor({ path: path`/conversations/${id}`, answer: Conversation, limit: LARGE }),
    /** Those that changed last. */
    latest: () =>
      vendor({ path: '/conversations', query: { per_page: 150 }, answer: Found, limit: LARGE }).then(
        ({ conversations }) => conversations,
      ),
    /** By words of the first message. What is new is found after minutes only. */
    search: (words: string) =>
      vendor({
        path: '/conversations/search',
        json: { query: { field: 'source.body', operator: '~', value: words } },
        answer: Found,
        limit: LARGE,
        repeatable: true,
      }).then(({ conversations }) => conversations),
    /** The conversation as it is then: what was written is its last part. */
    reply: (id: string, json: object) =>
      vendor({ path: path`/conversations/${id}/reply`, json, answer: Conversation, limit: LARGE }),
    note: (id: string, body: string) =>
      vendor({
        path: path`/conversations/${id}/reply`,
        json: { message_type: 'note', type: 'admin', admin_id: admin, body },
        answer: Conversation,
        limit: LARGE,
      }),
    /** `0` is no team. */
    assignTeam: (id: string, team: string) =>
      part(id, { message_type: 'assignment', type: 'team', assignee_id: team }, { repeatable: true }),
    close: (id: string) => part(id, { message_type: 'close', type: 'admin' }, { repeatable: true }),
  };
}

export type Intercom = ReturnType<typeof intercomClient>;

/** When the window of ten seconds ends, in seconds since 1970. */
function delayOf(headers: Headers, now: Millis): Millis | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000;
  return Number.isNaN(reset) ? undefined : Math.max(0, reset - now);
}
