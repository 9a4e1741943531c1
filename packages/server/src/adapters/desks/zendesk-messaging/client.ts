import { z } from 'zod';
import { fetchFile } from '#kit/http.ts';
import { nothing, path, unless, type Vendor, type VendorCall, vendorClient } from '#kit/vendor.ts';
import type { World } from '#ports/world.ts';

export interface SunshineConfig {
  /** `https://acme.zendesk.com/sc`. */
  url: string;
  app: string;
  keyId: string;
  keySecret: string;
  timeoutSeconds: number;
  supportEmail?: string | undefined;
  supportToken?: string | undefined;
}

/** One of the parties that can have control of a conversation. */
export const Party = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  integrationType: z.string().nullish(),
});
export type Party = z.infer<typeof Party>;

const Metadata = z.record(z.string(), z.unknown()).nullish().catch(null);

export const Conversation = z.object({
  id: z.string(),
  metadata: Metadata,
  /** Who has control; absent: nobody. */
  activeSwitchboardIntegration: Party.nullish().catch(null),
  /** Who was offered control: webhooks reach him as if he had it. */
  pendingSwitchboardIntegration: Party.nullish().catch(null),
});
export type Conversation = z.infer<typeof Conversation>;

const Action = z.object({ type: z.string(), text: z.string().nullish(), uri: z.string().nullish() });

/** All kinds of content in one: what is not of a kind is absent. */
const Content = z.object({
  type: z.string(),
  text: z.string().nullish(),
  htmlText: z.string().nullish(),
  markdownText: z.string().nullish(),
  mediaUrl: z.string().nullish(),
  mediaType: z.string().nullish(),
  mediaSize: z.number().nullish(),
  altText: z.string().nullish(),
  actions: z.array(Action).nullish().catch(null),
  items: z
    .array(z.object({ title: z.string().nullish(), description: z.string().nullish() }))
    .nullish()
    .catch(null),
  coordinates: z.object({ lat: z.number(), long: z.number() }).nullish().catch(null),
});

export const Message = z.object({
  id: z.string(),
  received: z.string(),
  author: z.object({
    type: z.string(),
    /** `agent`, `bot`, `AI`, `activity`; not in every webhook. */
    subtypes: z.array(z.string()).nullish().catch(null),
    displayName: z.string().nullish(),
    avatarUrl: z.string().nullish(),
  }),
  content: Content,
  /** What Zendesk itself says: `ticket:closed`, `ticket:transfer:email`, `conversation:endedByUser`. */
  activity: z.object({ type: z.string() }).nullish().catch(null),
  metadata: Metadata,
  deleted: z.boolean().nullish(),
});
export type Message = z.infer<typeof Message>;

const Page = z.object({
  hasMore: z.boolean().nullish(),
  beforeCursor: z.string().nullish(),
  afterCursor: z.string().nullish(),
});

/** A message that is not understood does not cost the others. */
const Messages = z.object({
  messages: z.array(z.unknown()).transform((list) =>
    list.flatMap((one) => {
      const read = Message.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  ),
  meta: Page.nullish(),
});

const Conversations = z.object({ conversations: z.array(Conversation), meta: Page.nullish() });
const Posted = z.object({ messages: z.array(z.object({ id: z.string() })).min(1) });

/** 100 messages of 4,096 characters of up to four bytes, and what is around them. */
const LARGE = 8 * 1_048_576;
/** Conversations of one person that are looked through, in pages of 100. */
const MOST_PAGES = 20;

/** Sunshine Conversations v2 as far as Baton uses it. All throw `AdapterFailure`. */
export function sunshineClient(world: World, { url, app, keyId, keySecret, timeoutSeconds }: SunshineConfig) {
  const credentials = { authorization: `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}` };
  const vendor = vendorClient(world, {
    name: 'Zendesk',
    base: url,
    headers: credentials,
    timeoutMs: timeoutSeconds * 1_000,
  });
  const ask = <T>(call: VendorCall<T>) => vendor({ ...call, path: path`/v2/apps/${app}` + call.path });
  const steer = (id: string, verb: string, json: object) =>
    // Who has control already keeps it: twice is once.
    ask({ path: path`/conversations/${id}/${verb}`, json, answer: nothing, repeatable: true });

  return {
    async appName() {
      const answer = z.object({ app: z.object({ displayName: z.string().nullish() }) });
      return (await ask({ path: '', answer })).app.displayName ?? app;
    },
    /** The parties of all switchboards; an app has one. */
    async parties(): Promise<Party[]> {
      const boards = z.object({ switchboards: z.array(z.object({ id: z.string() })) });
      const found: Party[] = [];
      for (const { id } of (await ask({ path: '/switchboards', answer: boards })).switchboards) {
        const answer = z.object({ switchboardIntegrations: z.array(Party) });
        const board = path`/switchboards/${id}/switchboardIntegrations`;
        found.push(...(await ask({ path: board, answer })).switchboardIntegrations);
      }
      return found;
    },
    /** Who is there already is told by a conflict, so that twice is once. */
    addUser: (json: object) =>
      unless([409], ask({ path: '/users', json, answer: nothing, repeatable: true })).then(() => undefined),
    addConversation: (json: object) =>
      ask({ path: '/conversations', json, answer: z.object({ conversation: Conversation }) }).then(
        ({ conversation }) => conversation,
      ),
    conversation: (id: string) =>
      ask({ path: path`/conversations/${id}`, answer: z.object({ conversation: Conversation }) }).then(
        ({ conversation }) => conversation,
      ),
    /** All of one person, as far as they are looked through; none where there is no such person. */
    async *conversationsOf(externalId: string): AsyncGenerator<Conversation> {
      for (let after: string | undefined, page = 0; page < MOST_PAGES; page++) {
        const query = { 'filter[userExternalId]': externalId, 'page[size]': 100, 'page[after]': after };
        const found = await unless([404], ask({ path: '/conversations', query, answer: Conversations, limit: LARGE }));
        yield* found?.conversations ?? [];
        after = found?.meta?.afterCursor ?? undefined;
        if (!found?.meta?.hasMore || after === undefined) return;
      }
    },
    /** Newest page first, each oldest first: up to 100 messages a page. */
    async *pages(id: string): AsyncGenerator<Message[]> {
      for (let before: string | undefined; ; ) {
        const query = { 'page[before]': before };
        const page = await ask({ path: path`/conversations/${id}/messages`, query, answer: Messages, limit: LARGE });
        yield page.messages;
        before = page.meta?.beforeCursor ?? undefined;
        if (!page.meta?.hasMore || before === undefined) return;
      }
    },
    /** Gives the message's id. There is no idempotency: who asks twice gets two. */
    say: (id: string, json: object) =>
      ask({ path: path`/conversations/${id}/messages`, json, answer: Posted }).then(
        ({ messages }) => messages[0]?.id ?? id,
      ),
    /** A file of this conversation; another conversation may not name it. */
    upload: (id: string, body: FormData) =>
      ask({
        path: '/attachments',
        query: { access: 'public', for: 'message', conversationId: id },
        body,
        answer: z.object({ attachment: z.object({ mediaUrl: z.string() }) }),
        // An upload that nobody names is swept away by Zendesk.
        repeatable: true,
      }).then(({ attachment }) => attachment.mediaUrl),
    markRead: (id: string, userExternalId: string) =>
      ask({
        path: path`/conversations/${id}/activity`,
        json: { author: { type: 'user', userExternalId }, type: 'conversation:read' },
        answer: nothing,
        repeatable: true,
      }),
    pass: (id: string, switchboardIntegration: string, metadata: object) =>
      steer(id, 'passControl', { switchboardIntegration, metadata }),
    offer: (id: string, switchboardIntegration: string, metadata: object) =>
      steer(id, 'offerControl', { switchboardIntegration, metadata }),
    /** Ends the agent's session. Nobody had control any more: fine. */
    release: (id: string, metadata: object) => steer(id, 'releaseControl', { metadata }),
    /** Where private attachments are switched on, Zendesk's own host wants the credentials; no other host gets them. */
    file: (from: string, limit: number) =>
      fetchFile(world, { url: from, limit, headers: originOf(from) === originOf(url) ? credentials : {} }),
  };
}

/** Zendesk's other API, at the same address without `/sc`; null where its credentials are not set. */
export function supportClient(world: World, config: SunshineConfig): Vendor | null {
  const { url, supportEmail: email, supportToken: token, timeoutSeconds } = config;
  if (email === undefined || token === undefined) return null;
  return vendorClient(world, {
    name: 'Zendesk',
    base: url.replace(/\/sc\/*$/, ''),
    headers: { authorization: `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}` },
    timeoutMs: timeoutSeconds * 1_000,
  });
}

export type Sunshine = ReturnType<typeof sunshineClient>;

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
