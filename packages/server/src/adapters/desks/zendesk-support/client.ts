import { z } from 'zod';
import { fetchFile } from '#kit/http.ts';
import { AnswerFailure } from '#kit/http-failure.ts';
import { path, vendorClient } from '#kit/vendor.ts';
import { zendeskOutlook } from '#kit/zendesk-presence.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';

export interface ZendeskConfig {
  /** `https://acme.zendesk.com`. */
  url: string;
  /** Of the agent in whose name Baton works. */
  email: string;
  token: string;
  timeoutSeconds: number;
}

/** Numbers from the API, text from webhooks. */
export const Id = z.union([z.string(), z.number()]).transform(String);

/** A person: `agent` and `admin` are staff. */
export const User = z.object({
  id: Id,
  name: z.string().nullish(),
  /** What customers see in the name's place. */
  alias: z.string().nullish(),
  role: z.string().nullish(),
  photo: z.object({ content_url: z.string().nullish() }).nullish().catch(null),
});
export type User = z.infer<typeof User>;

export const Ticket = z.object({
  id: Id,
  status: z.string(),
  requester_id: Id,
  assignee_id: Id.nullish(),
  tags: z.array(z.string()).nullish(),
});
export type Ticket = z.infer<typeof Ticket>;

/** One step of a ticket's history: a comment, a field that changed. Others are not looked at. */
export const AuditEvent = z.object({
  id: Id,
  type: z.string(),
  author_id: Id.nullish(),
  html_body: z.string().nullish(),
  body: z.string().nullish(),
  public: z.boolean().nullish(),
  attachments: z
    .array(
      z.object({
        content_url: z.string().nullish(),
        file_name: z.string().nullish(),
        content_type: z.string().nullish(),
        size: z.number().nullish(),
      }),
    )
    .nullish()
    .catch(null),
  field_name: z.string().nullish(),
  value: z.unknown().optional(),
  previous_value: z.unknown().optional(),
  /** `rule`: a trigger or an automation did it, in the audit of what set it off. */
  via: z
    .object({ channel: z.union([z.string(), z.number()]).nullish() })
    .nullish()
    .catch(null),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** What of a list is understood; the rest does not cost it. */
function known<T>(schema: z.ZodType<T>) {
  return z.array(z.unknown()).transform((list) =>
    list.flatMap((one) => {
      const read = schema.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );
}

/** One update of a ticket, with everything that came of it. */
export const Audit = z.object({
  id: Id,
  created_at: z.string(),
  author_id: Id.nullish(),
  /** `custom` is ours. */
  metadata: z
    .object({ custom: z.record(z.string(), z.unknown()).nullish().catch(null) })
    .nullish()
    .catch(null),
  events: known(AuditEvent),
});
export type Audit = z.infer<typeof Audit>;

const Audits = z.object({
  audits: known(Audit),
  meta: z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish(),
});

const Updated = z.object({ ticket: Ticket, audit: Audit });

/** 100 audits with notes of 64 KiB, written three ways. */
const LARGE = 64 * 1_048_576;
const PAGE = 100;
const ACCOUNT_WINDOW_MS = 60_000;

/** Zendesk's Ticketing API as far as Baton uses it. All throw `AdapterFailure`. */
export function zendeskClient(world: World, { url, email, token, timeoutSeconds }: ZendeskConfig) {
  const credentials = { authorization: `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}` };
  const vendor = vendorClient(world, {
    name: 'Zendesk',
    base: url,
    headers: credentials,
    timeoutMs: timeoutSeconds * 1_000,
  });
  return {
    me: () => vendor({ path: '/api/v2/users/me', answer: z.object({ user: User }) }).then(({ user }) => user),
    userOf: (external_id: string) =>
      vendor({ path: '/api/v2/users/search', query: { external_id }, answer: z.object({ users: z.array(User) }) }).then(
        ({ users }) => users[0],
      ),
    /** Found by external id or e-mail address, else made: twice is once. */
    keepUser: (user: object) =>
      vendor({
        path: '/api/v2/users/create_or_update',
        json: { user },
        answer: z.object({ user: User }),
        repeatable: true,
      }).then((answer) => answer.user),
    users: (ids: readonly string[]) =>
      vendor({
        path: '/api/v2/users/show_many',
        query: { ids: ids.join(',') },
        answer: z.object({ users: known(User) }),
      }).then(({ users }) => users),
    /** Zendesk gives the first answer again where it knows the key. */
    addTicket: (ticket: object, key: string) =>
      undisturbed(
        vendor({
          path: '/api/v2/tickets',
          headers: { 'idempotency-key': key },
          json: { ticket },
          answer: z.object({ ticket: Ticket }),
        }),
      ).then((answer) => answer.ticket),
    ticketsOf: (external_id: string) =>
      vendor({ path: '/api/v2/tickets', query: { external_id }, answer: z.object({ tickets: z.array(Ticket) }) }).then(
        ({ tickets }) => tickets,
      ),
    ticket: (id: string) =>
      vendor({ path: path`/api/v2/tickets/${id}`, answer: z.object({ ticket: Ticket }) }).then(({ ticket }) => ticket),
    update: (id: string, ticket: object) =>
      withoutOthers(
        id,
        vendor({ method: 'PUT', path: path`/api/v2/tickets/${id}`, json: { ticket }, answer: Updated, limit: LARGE }),
      ),
    /** Oldest first, from a cursor on. Each page is given with the cursor that leads to it. */
    async *audits(id: string, from: string | null): AsyncGenerator<{ at: string | null; audits: Audit[] }> {
      for (let at = from; ; ) {
        const query = { 'page[size]': PAGE, 'page[after]': at ?? undefined };
        const answer = await vendor({
          path: path`/api/v2/tickets/${id}/audits`,
          query,
          answer: Audits,
          limit: LARGE,
        });
        yield { at, audits: answer.audits };
        const next = answer.meta?.after_cursor ?? null;
        if (!answer.meta?.has_more || next === null) return;
        at = next;
      }
    },
    /** The file waits three days for a comment that names it. */
    upload: (filename: string, mime: string, body: Uint8Array<ArrayBuffer>) =>
      vendor({
        path: '/api/v2/uploads',
        query: { filename },
        headers: { 'content-type': mime },
        body,
        answer: z.object({ upload: z.object({ token: z.string() }) }),
        repeatable: true,
      }).then(({ upload }) => upload.token),
    outlook: (group: string | null) => zendeskOutlook(vendor, 'support', group),
    /** Where attachments are private, Zendesk's own host wants the credentials; no other gets them. */
    file: (from: string, limit: number) =>
      fetchFile(world, { url: from, limit, headers: originOf(from) === originOf(url) ? credentials : {} }),
  };
}

export type Zendesk = ReturnType<typeof zendeskClient>;

/** The same key while its first call is still at work, or with other words in it: what came of the first is found in a moment. */
async function undisturbed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AnswerFailure && [400, 409].includes(error.status) && /idempoten/i.test(error.text))
      throw new AdapterFailure('uncertain', 'Zendesk has seen this handoff already.', { cause: error });
    throw error;
  }
}

/** The account's limit is full again within a minute; who must wait longer has updated this ticket too often. */
async function withoutOthers<T>(id: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { status, retryAfterMs = 0 } = error instanceof AnswerFailure ? error : { status: 0 };
    if (status !== 429 || retryAfterMs <= ACCOUNT_WINDOW_MS) throw error;
    throw new AdapterFailure('retry', 'Zendesk takes 30 updates of one ticket in ten minutes.', {
      retryAfterMs,
      limit: `updates of the ticket ${id}`,
      cause: error,
    });
  }
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
