import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import { nothing, path, type VendorCall, vendorClient } from '#kit/vendor.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';

export interface ChatwootConfig {
  url: string;
  account: number;
  /** The number of the API inbox, for the account's API. */
  inbox: number;
  /** Its identifier, for the API of clients. */
  inboxIdentifier: string;
  token: string;
  timeoutSeconds: number;
}

/** A person in Chatwoot. `available_name` is what he wants customers to see. */
export const User = z.object({
  id: z.number(),
  name: z.string().nullish(),
  available_name: z.string().nullish(),
  avatar_url: z.string().nullish(),
  thumbnail: z.string().nullish(),
  /** `user` is an agent; bots and contacts are something else, or nothing. */
  type: z.string().nullish(),
});
export type User = z.infer<typeof User>;

/** A message, as the API gives it (types are numbers, times seconds) and as webhooks do (words, ISO 8601). */
export const Message = z.object({
  id: z.number(),
  content: z.string().nullish(),
  message_type: z.union([z.string(), z.number()]),
  private: z.boolean().nullish(),
  source_id: z.string().nullish(),
  created_at: z.union([z.string(), z.number()]),
  content_attributes: z.looseObject({ deleted: z.boolean().nullish() }).nullish().catch(null),
  sender: User.nullish().catch(null),
  attachments: z
    .array(
      z.object({
        data_url: z.string().nullish(),
        content_type: z.string().nullish(),
        file_size: z.number().nullish(),
      }),
    )
    .nullish(),
});
export type Message = z.infer<typeof Message>;

export const Conversation = z.object({
  id: z.number(),
  status: z.string(),
  custom_attributes: z.record(z.string(), z.unknown()).nullish(),
  /** Seconds, with fractions; older servers leave it out. */
  updated_at: z.number().nullish(),
  meta: z.object({ assignee: User.nullish().catch(null) }).nullish(),
});
export type Conversation = z.infer<typeof Conversation>;

const Opened = z.object({ id: z.number(), status: z.string() });
const Agent = z.object({ id: z.number(), availability_status: z.string().nullish() });
const PublicContact = z.object({ id: z.number(), source_id: z.string() });

/** A page of messages with long notes in it: at most 100 of 150,000 characters, of up to four bytes. */
const PAGE_LIMIT = 64 * 1_048_576;
/** More than 200 messages a minute into one conversation are refused with 422. */
const TOO_MANY_MS = 60_000;

/** Chatwoot's two APIs, as far as Baton uses them. All throw `AdapterFailure`. */
export function chatwootClient(world: World, config: ChatwootConfig) {
  const options = { name: 'Chatwoot', base: config.url, timeoutMs: config.timeoutSeconds * 1_000 };
  const account = path`/api/v1/accounts/${config.account}`;
  const inbox = path`/public/api/v1/inboxes/${config.inboxIdentifier}`;
  const staff = vendorClient(world, { ...options, headers: { api_access_token: config.token } });
  const client = vendorClient(world, { ...options, headers: {} });
  const ask = <T>(call: VendorCall<T>) => staff({ ...call, path: account + call.path });
  const askInbox = <T>(call: VendorCall<T>) => client({ ...call, path: inbox + call.path });

  return {
    profile: () => staff({ path: '/api/v1/profile', answer: z.object({ id: z.number(), name: z.string() }) }),
    inbox: () =>
      ask({
        path: path`/inboxes/${config.inbox}`,
        answer: z.object({ name: z.string(), channel_type: z.string(), inbox_identifier: z.string().nullish() }),
      }),
    /** Makes the contact's place in the inbox, or finds it by its `source_id`: twice is once. */
    addContact: (json: object) => askInbox({ path: '/contacts', json, answer: PublicContact, repeatable: true }),
    contact: (source: string) => askInbox({ path: path`/contacts/${source}`, answer: PublicContact }),
    /** The latest 20. */
    async conversationsOf(contact: number) {
      const answer = z.object({ payload: z.array(Conversation) });
      return (await ask({ path: path`/contacts/${contact}/conversations`, answer, limit: PAGE_LIMIT })).payload;
    },
    openConversation: (json: object) => ask({ path: '/conversations', json, answer: Opened }),
    conversation: (id: string) => ask({ path: path`/conversations/${id}`, answer: Conversation, limit: PAGE_LIMIT }),
    setStatus: (id: string, status: 'open' | 'resolved') =>
      ask({ path: path`/conversations/${id}/toggle_status`, json: { status }, answer: nothing, repeatable: true }),
    setPriority: (id: string, priority: string) =>
      ask({ path: path`/conversations/${id}/toggle_priority`, json: { priority }, answer: nothing, repeatable: true }),
    write: (id: string, message: { json: object } | { body: FormData }) =>
      patiently(
        id,
        ask({ path: path`/conversations/${id}/messages`, ...message, answer: z.object({ id: z.number() }) }),
      ),
    /** `after`: up to 100 that follow, oldest first. `before`: the 20 that precede. Neither: the latest 20. */
    async messages(id: string, query: { after?: number; before?: number } = {}) {
      const answer = z.object({ payload: z.array(Message) });
      return (await ask({ path: path`/conversations/${id}/messages`, query, answer, limit: PAGE_LIMIT })).payload;
    },
    teamMembers: (team: string) => ask({ path: path`/teams/${team}/team_members`, answer: z.array(Agent) }),
    async inboxMembers() {
      const answer = z.object({ payload: z.array(Agent) });
      return (await ask({ path: path`/inbox_members/${config.inbox}`, answer })).payload;
    },
    typing: (source: string, id: string, typing_status: 'on' | 'off') =>
      askInbox({
        path: path`/contacts/${source}/conversations/${id}/toggle_typing`,
        query: { typing_status },
        json: { typing_status },
        answer: nothing,
        repeatable: true,
      }),
    seen: (source: string, id: string) =>
      askInbox({
        path: path`/contacts/${source}/conversations/${id}/update_last_seen`,
        method: 'POST',
        answer: nothing,
        repeatable: true,
      }),
  };
}

export type Chatwoot = ReturnType<typeof chatwootClient>;

/** Chatwoot says 422 where others say 429: it is not the message that is wrong. */
async function patiently<T>(id: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AnswerFailure && error.status === 422 && /too many messages/i.test(error.text))
      throw new AdapterFailure('retry', 'Chatwoot takes 200 messages a minute into one conversation.', {
        retryAfterMs: TOO_MANY_MS,
        limit: `messages into the conversation ${id}`,
        cause: error,
      });
    throw error;
  }
}
