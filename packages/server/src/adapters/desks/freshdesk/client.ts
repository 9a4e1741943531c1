import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import { nothing, path, unless, vendorClient } from '#kit/vendor.ts';
import type { World } from '#ports/world.ts';

/** 2 and 3 are open and pending, 6 and 7 wait for somebody; accounts may add more, which are all open. */
export const OPEN = 2;
export const RESOLVED = 4;
export const CLOSED = 5;

const Ticket = z.object({
  id: z.number(),
  subject: z.string().nullish(),
  status: z.number(),
  requester_id: z.number(),
  responder_id: z.number().nullish(),
  tags: z.array(z.string()).nullish(),
  /** Deleted tickets are still shown. */
  deleted: z.boolean().nullish(),
  spam: z.boolean().nullish(),
  updated_at: z.string(),
});
export type Ticket = z.infer<typeof Ticket>;

/** A reply or a note: what Freshdesk calls a conversation. */
const Entry = z.object({
  id: z.number(),
  body: z.string().nullish(),
  /** From the customer, or from whoever writes in his place. */
  incoming: z.boolean().nullish(),
  private: z.boolean().nullish(),
  user_id: z.number().nullish(),
  /** 0 reply, 2 note; others are surveys, forwarded mails and the like. */
  source: z.number().nullish(),
  created_at: z.string(),
  attachments: z
    .array(
      z.object({
        name: z.string().nullish(),
        content_type: z.string().nullish(),
        size: z.number().nullish(),
        attachment_url: z.string().nullish(),
      }),
    )
    .nullish()
    .catch(null),
});
export type Entry = z.infer<typeof Entry>;

/** One that is not understood does not cost the others; the page is full all the same. */
const Entries = z.array(z.unknown()).transform((list) => ({
  full: list.length >= PAGE,
  entries: list.flatMap((one) => {
    const read = Entry.safeParse(one);
    return read.success ? [read.data] : [];
  }),
}));

const Agent = z.object({
  id: z.number(),
  /** HTML; Freshdesk puts it under each answer. */
  signature: z.string().nullish(),
  contact: z.object({ name: z.string().nullish() }).nullish(),
});
export type Agent = z.infer<typeof Agent>;

/** Who is there, per channel; accounts without omnichannel routing do not tell it. */
const Presence = z.object({
  id: z.number(),
  deactivated: z.boolean().nullish(),
  availability: z
    .object({
      channel_availability: z
        .array(
          z.object({
            channel: z.string(),
            available: z.boolean().nullish(),
            logged_in: z.boolean().nullish(),
            assignment_limit: z.number().nullish(),
            current_assignment_load: z.number().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish()
    .catch(null),
});
export type Presence = z.infer<typeof Presence>;

const Id = z.object({ id: z.number() });

/** Freshdesk gives at most 100 of anything at once. */
const PAGE = 100;
/** A page of long notes. */
const LARGE = 64 * 1_048_576;
/** An account has fewer agents than this many pages. */
const MOST_PAGES = 20;

export interface FreshdeskConfig {
  /** https://company.freshdesk.com */
  url: string;
  apiKey: string;
  timeoutSeconds: number;
}

/** Freshdesk's API (v2), as far as Baton uses it. All throw `AdapterFailure`. */
export function freshdeskClient(world: World, { url, apiKey, timeoutSeconds }: FreshdeskConfig) {
  const ask = vendorClient(world, {
    name: 'Freshdesk',
    base: `${url.replace(/\/+$/, '')}/api/v2`,
    headers: { authorization: `Basic ${Buffer.from(`${apiKey}:X`).toString('base64')}` },
    timeoutMs: timeoutSeconds * 1_000,
  });
  const contacts = (query: { unique_external_id: string } | { email: string }) =>
    ask({ path: '/contacts', query, answer: z.array(Id) });
  return {
    me: () => ask({ path: '/agents/me', answer: Agent }),
    /** Null: it is no agent, or not any more. */
    agent: (id: number) => unless([404], ask({ path: path`/agents/${id}`, answer: Agent })),
    group: (id: string) =>
      ask({ path: path`/groups/${id}`, answer: z.object({ agent_ids: z.array(z.number()).nullish() }) }),
    /** Null: this account, or the role of the key's agent, does not tell. */
    async presence(): Promise<Presence[] | null> {
      const all: Presence[] = [];
      for (let page = 1; page <= MOST_PAGES; page++) {
        const query = { only: 'availability', page, per_page: PAGE };
        const some = await unless([400, 403, 404], ask({ path: '/agents', query, answer: z.array(Presence) }));
        if (some === null) return null;
        all.push(...some);
        if (some.length < PAGE) break;
      }
      return all;
    },
    contacts,
    /** Who is there already is told by a conflict, so that twice is once. */
    async addContact(json: object & { unique_external_id: string }): Promise<number> {
      try {
        return (await ask({ path: '/contacts', json, answer: Id, repeatable: true })).id;
      } catch (error) {
        if (!(error instanceof AnswerFailure) || error.status !== 409) throw error;
        const known = ownerIn(error.text) ?? (await contacts({ unique_external_id: json.unique_external_id }))[0]?.id;
        if (known === undefined) throw error;
        return known;
      }
    },
    /** Newest first, of the last 30 days. */
    ticketsOf: (contact: number) =>
      ask({
        path: '/tickets',
        query: { requester_id: contact, order_by: 'created_at', order_type: 'desc', per_page: PAGE },
        answer: z.array(Ticket),
        limit: LARGE,
      }),
    openTicket: (json: object) => ask({ path: '/tickets', json, answer: Id }),
    ticket: (id: string) => ask({ path: path`/tickets/${id}`, answer: Ticket, limit: LARGE }),
    /** When its status changed last; a call of its own, as it counts double. Null: Freshdesk does not say. */
    async statusSince(id: string): Promise<string | null> {
      const answer = z.object({ stats: z.object({ status_updated_at: z.string().nullish() }).nullish().catch(null) });
      const query = { include: 'stats' };
      return (await ask({ path: path`/tickets/${id}`, query, answer, limit: LARGE })).stats?.status_updated_at ?? null;
    },
    /** `tags` are all that it has from then on. */
    update: (id: string, json: { status: number } | { tags: string[] }) =>
      ask({ path: path`/tickets/${id}`, method: 'PUT', json, answer: nothing, repeatable: true }),
    write: (id: string, note: { json: object } | { body: FormData }) =>
      ask({ path: path`/tickets/${id}/notes`, ...note, answer: Id, limit: LARGE }),
    /** Oldest first. `full`: there may be another page. */
    entries: (id: string, page: number) =>
      ask({
        path: path`/tickets/${id}/conversations`,
        query: { page, per_page: PAGE },
        answer: Entries,
        limit: LARGE,
      }),
  };
}

export type Freshdesk = ReturnType<typeof freshdeskClient>;

const Conflict = z.object({
  errors: z.array(
    z.object({ field: z.string(), additional_info: z.object({ user_id: z.number() }).nullish().catch(null) }),
  ),
});

/** Whose the disputed value is: the person with our id before the one with the e-mail address. */
function ownerIn(text: string): number | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = Conflict.safeParse(parsed);
  const [first] = [...(data?.errors ?? [])].sort(
    (a, b) => Number(b.field === 'unique_external_id') - Number(a.field === 'unique_external_id'),
  );
  return first?.additional_info?.user_id;
}
