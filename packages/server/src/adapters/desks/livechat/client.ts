import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import { nothing, type VendorCall, vendorClient } from '#kit/vendor.ts';
import type { World } from '#ports/world.ts';
import { classified, misdirectedTo } from './refusals.ts';
import { livechatTokens } from './tokens.ts';

/** Fixed: the stable version; in it agents are called by their e-mail addresses. */
const VERSION = 'v3.6';

export interface LiveChatConfig {
  url: string;
  accountsUrl: string;
  organization: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  timeoutSeconds: number;
}

/** Somebody in a chat. `visibility: agents` is a supervisor, whom the customer does not see. */
const User = z.object({
  id: z.string(),
  type: z.string().nullish(),
  name: z.string().nullish(),
  avatar: z.string().nullish(),
  present: z.boolean().nullish(),
  visibility: z.string().nullish(),
});
export type User = z.infer<typeof User>;

export const Event = z.object({
  id: z.string(),
  type: z.string(),
  created_at: z.string(),
  author_id: z.string().nullish(),
  custom_id: z.string().nullish(),
  visibility: z.string().nullish(),
  deleted: z.boolean().nullish(),
  /** Of messages. */
  text: z.string().nullish(),
  /** Of files. */
  name: z.string().nullish(),
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  size: z.number().nullish(),
  /** Of cards and the like. */
  elements: z
    .array(
      z.object({
        title: z.string().nullish(),
        subtitle: z.string().nullish(),
        buttons: z
          .array(z.object({ text: z.string().nullish() }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
});
export type Event = z.infer<typeof Event>;

/** A list in which one that is not understood does not cost the others. */
const lenient = <T>(one: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((list) =>
      (list ?? []).flatMap((item) => {
        const read = one.safeParse(item);
        return read.success ? [read.data] : [];
      }),
    );

const Queue = z.object({ position: z.number(), wait_time: z.number().nullish() });

/** A chat is a row of threads, of which the last one may be active. */
const Thread = z.object({
  id: z.string(),
  active: z.boolean().nullish(),
  previous_thread_id: z.string().nullish(),
  tags: z.array(z.string()).nullish().catch(null),
  queue: Queue.nullish().catch(null),
  events: lenient(Event),
});
export type Thread = z.infer<typeof Thread>;

const Chat = z.object({
  id: z.string(),
  thread: Thread.nullish(),
  users: lenient(User),
  access: z
    .object({ group_ids: z.array(z.number()).nullish() })
    .nullish()
    .catch(null),
});
export type Chat = z.infer<typeof Chat>;

const Summary = z.object({ id: z.string(), users: lenient(User) });
const Opened = z.object({ chat_id: z.string() });
const Resumed = z.object({ event_ids: z.array(z.string()).nullish() });
const Sent = z.object({ event_id: z.string() });
const Named = z.object({ id: z.string(), name: z.string() });

/** Threads with long notes in them. */
const LARGE = 64 * 1_048_576;

type Api = 'agent' | 'configuration' | 'customer';
type Action<T> = Pick<VendorCall<T>, 'json' | 'body' | 'answer' | 'repeatable' | 'limit'> & {
  /** In whose name: one of our customers, or the bot; otherwise the agent who gave the refresh token. */
  as?: { entity: string } | { bot: string };
};

/** LiveChat's three APIs as far as Baton uses them: as a customer, as an agent, and for the settings. All throw `AdapterFailure`. */
export function livechatClient(world: World, config: LiveChatConfig) {
  const tokens = livechatTokens(world, config);
  const vendor = vendorClient(world, {
    name: 'LiveChat',
    base: config.url,
    headers: {},
    timeoutMs: config.timeoutSeconds * 1_000,
  });

  const perform = async <T>(api: Api, action: string, { as, ...call }: Action<T>): Promise<T> => {
    const entity = as && 'entity' in as ? as.entity : null;
    const token = await tokens.of(entity);
    const send = (region: string) =>
      vendor({
        ...call,
        path: `/${VERSION}/${api}/action/${action}`,
        query: api === 'customer' ? { organization_id: config.organization } : {},
        headers: {
          authorization: `Bearer ${token}`,
          'x-region': region,
          ...(as && 'bot' in as ? { 'x-author-id': as.bot } : {}),
        },
      });
    try {
      // Tokens begin with the data centre where their organisation lives.
      return await send(/^[a-z]{3}(?=:)/.exec(token)?.[0] ?? 'dal').catch((error: unknown) => {
        const region = misdirectedTo(error);
        if (region === null) throw error;
        return send(region);
      });
    } catch (error) {
      if (!(error instanceof AnswerFailure)) throw error;
      const failure = classified(error, call.repeatable === true);
      if (failure.kind === 'auth') tokens.forget(entity);
      throw failure;
    }
  };
  const read = { repeatable: true, limit: LARGE };

  return {
    newCustomer: tokens.newCustomer,

    /** Name and address take effect for chats that begin later. */
    describeCustomer: (entity: string, json: object) =>
      perform('customer', 'update_customer', { as: { entity }, json, answer: nothing, repeatable: true }),
    startChat: (entity: string, json: object) =>
      perform('customer', 'start_chat', { as: { entity }, json, answer: Opened }).then(({ chat_id }) => chat_id),
    /** A customer has one chat at most. */
    chatOf: (entity: string) =>
      perform('customer', 'list_chats', {
        as: { entity },
        json: {},
        answer: z.object({ chats_summary: z.array(Summary) }),
        ...read,
      }).then(({ chats_summary }) => chats_summary[0]?.id ?? null),
    resumeChat: (entity: string, json: object) =>
      perform('customer', 'resume_chat', { as: { entity }, json, answer: Resumed }).then(
        ({ event_ids }) => event_ids?.[0] ?? null,
      ),
    say: (entity: string, chat_id: string, event: object) =>
      perform('customer', 'send_event', { as: { entity }, json: { chat_id, event }, answer: Sent }).then(
        ({ event_id }) => event_id,
      ),
    /** Its address is good for a day, and for ever once it is in an event. */
    upload: (entity: string, body: FormData) =>
      perform('customer', 'upload_file', {
        as: { entity },
        body,
        answer: z.object({ url: z.string() }),
        repeatable: true,
      }).then(({ url }) => url),
    sneakPeek: (entity: string, chat_id: string, sneak_peek_text: string) =>
      perform('customer', 'send_sneak_peek', {
        as: { entity },
        json: { chat_id, sneak_peek_text },
        answer: nothing,
        repeatable: true,
      }),
    seen: (entity: string, chat_id: string, seen_up_to: string) =>
      perform('customer', 'mark_events_as_seen', {
        as: { entity },
        json: { chat_id, seen_up_to },
        answer: nothing,
        repeatable: true,
      }),

    /** With the last one of its threads. */
    chat: (chat_id: string) => perform('agent', 'get_chat', { json: { chat_id }, answer: Chat, ...read }),
    /** Newest first. */
    threads: (chat_id: string, limit: number) =>
      perform('agent', 'list_threads', {
        json: { chat_id, sort_order: 'desc', limit },
        answer: z.object({ threads: z.array(Thread) }),
        ...read,
      }).then(({ threads }) => threads),
    /** Those that have this value in a property of our app's. */
    chatsWith: (property: string, value: string) =>
      perform('agent', 'list_chats', {
        json: { filters: { properties: { [config.clientId]: { [property]: { values: [value] } } } } },
        answer: z.object({ chats_summary: z.array(Summary) }),
        ...read,
      }).then(({ chats_summary }) => chats_summary),
    /** Reading along: agents see it, the customer does not, and the chat stays where it is. */
    supervise: (bot: string, chat_id: string) =>
      perform('agent', 'add_user_to_chat', {
        as: { bot },
        json: { chat_id, user_id: bot, user_type: 'agent', visibility: 'agents', ignore_requester_presence: true },
        answer: nothing,
        repeatable: true,
      }),
    note: (bot: string, chat_id: string, text: string, custom_id: string) =>
      perform('agent', 'send_event', {
        as: { bot },
        json: { chat_id, event: { type: 'message', text, visibility: 'agents', custom_id } },
        answer: Sent,
      }).then(({ event_id }) => event_id),
    endChat: (bot: string, id: string) =>
      perform('agent', 'deactivate_chat', {
        as: { bot },
        json: { id, ignore_requester_presence: true },
        answer: nothing,
        repeatable: true,
      }),
    routingStatuses: (group: number) =>
      perform('agent', 'list_routing_statuses', {
        json: { filters: { group_ids: [group] } },
        answer: z.array(z.object({ agent_id: z.string(), status: z.string() })),
        ...read,
      }),

    groups: () =>
      perform('configuration', 'list_groups', {
        json: { fields: ['routing_status'] },
        answer: z.array(z.object({ id: z.number(), name: z.string(), routing_status: z.string().nullish() })),
        ...read,
      }),
    /** Those of our app. */
    bots: () => perform('configuration', 'list_bots', { json: { all: false }, answer: z.array(Named), ...read }),
    addBot: (json: object) =>
      perform('configuration', 'create_bot', { json, answer: z.object({ id: z.string() }) }).then(({ id }) => id),
    properties: () =>
      perform('configuration', 'list_properties', {
        json: { owner_client_id: config.clientId },
        answer: z.record(z.string(), z.unknown()),
        ...read,
      }),
    addProperty: (json: object) =>
      perform('configuration', 'register_property', {
        json: { ...json, owner_client_id: config.clientId },
        answer: nothing,
        repeatable: true,
      }),
  };
}

export type LiveChat = ReturnType<typeof livechatClient>;
