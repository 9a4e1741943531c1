import type { Millis } from '@baton/core';
import { z } from 'zod';
import { rateOf } from '#kit/rate.ts';
import { nothing, path, unless, vendorClient } from '#kit/vendor.ts';
import type { World } from '#ports/world.ts';

/** Freshchat writes an empty text where there is nobody. */
const Maybe = z
  .string()
  .nullish()
  .transform((id) => id || null);

/** A message may have several parts; each is one of these, or something that is not shown. */
export interface MessagePart {
  text?: { content?: string | null | undefined } | null | undefined;
  image?: { url?: string | null | undefined } | null | undefined;
  video?: RemotePart;
  file?: RemotePart;
  url_button?: { label?: string | null | undefined; url?: string | null | undefined } | null | undefined;
  collection?: { sub_parts?: MessagePart[] | null | undefined } | null | undefined;
}

type RemotePart = z.output<typeof Remote>;

const Remote = z
  .object({
    url: z.string().nullish(),
    name: z.string().nullish(),
    content_type: z.string().nullish(),
    file_size_in_bytes: z.number().nullish(),
  })
  .nullish()
  .catch(null);

const Part: z.ZodType<MessagePart> = z.object({
  text: z.object({ content: z.string().nullish() }).nullish().catch(null),
  image: z.object({ url: z.string().nullish() }).nullish().catch(null),
  video: Remote,
  file: Remote,
  url_button: z.object({ label: z.string().nullish(), url: z.string().nullish() }).nullish().catch(null),
  get collection() {
    return z
      .object({ sub_parts: z.array(Part).nullish() })
      .nullish()
      .catch(null);
  },
});

export const Message = z.object({
  id: z.string(),
  conversation_id: z.string().nullish(),
  message_parts: z.array(Part).nullish().catch(null),
  /** `private` is a note; missing means `normal`. */
  message_type: z.string().nullish(),
  /** user, agent, system, bot */
  actor_type: z.string(),
  actor_id: Maybe,
  created_time: z.string(),
});
export type Message = z.infer<typeof Message>;

/** One that is not understood does not cost the others. */
const Messages = z.object({ messages: z.array(z.unknown()).nullish() }).transform(({ messages }) => ({
  full: (messages?.length ?? 0) >= PAGE,
  messages: (messages ?? []).flatMap((one) => {
    const read = Message.safeParse(one);
    return read.success ? [read.data] : [];
  }),
}));

const Conversation = z.object({
  conversation_id: z.string(),
  /** new, assigned, resolved, reopened */
  status: z.string(),
  assigned_agent_id: Maybe,
  assigned_group_id: Maybe,
  user_id: Maybe,
  users: z
    .array(z.object({ id: z.string() }))
    .nullish()
    .catch(null),
  updated_time: z.string().nullish(),
  /** Its page, for agents. */
  url: z.string().nullish(),
});
export type Conversation = z.infer<typeof Conversation>;

const Agent = z.object({
  id: z.string(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  avatar: z.object({ url: z.string().nullish() }).nullish().catch(null),
  availability_status: z.string().nullish(),
  is_deactivated: z.boolean().nullish(),
  groups: z.array(z.string()).nullish().catch(null),
});
export type Agent = z.infer<typeof Agent>;

const Channel = z.object({ id: z.string(), name: z.string().nullish() });
const Id = z.object({ id: z.string() });

const PAGE = 50;
/** Nobody has more agents or channels than this many pages. */
const MOST_PAGES = 40;
/** A page of long notes. */
const LARGE = 16 * 1_048_576;

export interface FreshchatConfig {
  /** As the settings show it, with its version: https://company.freshchat.com/v2 */
  url: string;
  token: string;
  timeoutSeconds: number;
}

/** Freshchat's API (v2), as far as Baton uses it. All throw `AdapterFailure`. */
export function freshchatClient(world: World, { url, token, timeoutSeconds }: FreshchatConfig) {
  const ask = vendorClient(world, {
    name: 'Freshchat',
    base: url,
    headers: { authorization: `Bearer ${token}` },
    timeoutMs: timeoutSeconds * 1_000,
    delayOf,
  });
  /** All pages of a list, whatever their order. */
  const pages = async <T>(read: (page: number) => Promise<T[]>): Promise<T[]> => {
    const all: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const some = await read(page);
      all.push(...some);
      if (some.length < PAGE) break;
    }
    return all;
  };
  const upload = (what: 'images' | 'files', field: string, file: Blob, name: string) => {
    const body = new FormData();
    body.append(field, file, name);
    // Uploaded twice, one of them is never shown.
    return ask({ path: `/${what}/upload`, body, answer: z.object({ url: z.string().nullish() }), repeatable: true });
  };
  return {
    /** Null: nobody has this id of ours. */
    async userOf(reference_id: string): Promise<string | null> {
      const answer = z.object({ users: z.array(Id).nullish() });
      const found = await unless([404], ask({ path: '/users', query: { reference_id }, answer }));
      return found?.users?.[0]?.id ?? null;
    },
    addUser: (json: object) => ask({ path: '/users', json, answer: Id }),
    async conversationsOf(user: string): Promise<string[]> {
      const answer = z.object({ conversations: z.array(Id).nullish() });
      const found = await unless([404], ask({ path: path`/users/${user}/conversations`, answer }));
      return (found?.conversations ?? []).map(({ id }) => id);
    },
    openConversation: (json: object) =>
      ask({ path: '/conversations', json, answer: z.object({ conversation_id: z.string() }) }),
    conversation: (id: string) => ask({ path: path`/conversations/${id}`, answer: Conversation }),
    update: (id: string, json: object) =>
      ask({ path: path`/conversations/${id}`, method: 'PUT', json, answer: nothing, repeatable: true }),
    write: (id: string, json: object) => ask({ path: path`/conversations/${id}/messages`, json, answer: Id }),
    /** Newest first. `full`: there may be another page. */
    messages: (id: string, page: number) =>
      ask({
        path: path`/conversations/${id}/messages`,
        query: { page, items_per_page: PAGE },
        answer: Messages,
        limit: LARGE,
      }),
    /** Null: it is no agent, or not any more. */
    agent: (id: string) => unless([404], ask({ path: path`/agents/${id}`, answer: Agent })),
    agents: () =>
      pages(async (page) => {
        const answer = z.object({ agents: z.array(Agent).nullish() });
        return (
          (await ask({ path: '/agents', query: { page, items_per_page: PAGE }, answer, limit: LARGE })).agents ?? []
        );
      }),
    channels: () =>
      pages(async (page) => {
        const answer = z.object({ channels: z.array(Channel).nullish() });
        return (await ask({ path: '/channels', query: { page, items_per_page: PAGE }, answer })).channels ?? [];
      }),
    addImage: (image: Blob, name: string) => upload('images', 'image', image, name),
    addFile: (file: Blob, name: string) => upload('files', 'file', file, name),
  };
}

export type Freshchat = ReturnType<typeof freshchatClient>;

/** Freshchat tells when its window ends, and no `Retry-After`. */
function delayOf(headers: Headers, now: Millis): Millis | undefined {
  if (headers.has('retry-after')) return undefined;
  const reset = rateOf(headers, now)?.resetsAt ?? null;
  return reset === null ? undefined : Math.max(0, reset - now);
}
