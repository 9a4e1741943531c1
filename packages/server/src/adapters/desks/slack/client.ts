import type { Millis } from '@baton/core';
import { z } from 'zod';
import { call } from '#kit/http.ts';
import { type VendorCall, vendorClient } from '#kit/vendor.ts';
import { AdapterFailure, type FailureKind } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { Member, Message } from './shapes.ts';

export interface SlackConfig {
  url: string;
  token: string;
  timeoutSeconds: number;
}

/** Slack answers 200 and says in the body that it did not work. */
export class SlackRefusal extends AdapterFailure {
  readonly code: string;

  constructor(kind: FailureKind, method: string, code: string) {
    super(kind, `Slack refused ${method}: ${code}${HINTS[code] ? `. ${HINTS[code]}` : ''}`);
    this.name = 'SlackRefusal';
    this.code = code;
  }
}

const HINTS: Record<string, string> = {
  not_in_channel: 'Invite the app to the channel.',
  channel_not_found: 'Give the id of the channel, and invite the app where it is private.',
  missing_scope: 'Add the scopes that the guide names, and install the app again.',
};
const AUTH = new Set([
  'account_inactive',
  'ekm_access_denied',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]);
const LATER = new Set(['rate_limited', 'ratelimited', 'service_unavailable', 'team_added_to_org']);
/** "Some aspect of the operation may have succeeded", as Slack says of these. */
const UNSURE = new Set(['fatal_error', 'internal_error', 'request_timeout']);

function kindOf(code: string, repeatable: boolean): FailureKind {
  if (AUTH.has(code)) return 'auth';
  if (LATER.has(code)) return 'retry';
  if (UNSURE.has(code)) return repeatable ? 'retry' : 'uncertain';
  return 'rejected';
}

const Refused = z.object({ ok: z.literal(false), error: z.string() });
const Page = { response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish() };

/** Threads with long notes in them. */
const LARGE = 64 * 1_048_576;
const PAGE = 200;

/** Slack's Web API as far as Baton uses it. All throw `AdapterFailure`; `SlackRefusal` where Slack said why. */
export function slackClient(world: World, { url, token, timeoutSeconds }: SlackConfig) {
  const timeoutMs: Millis = timeoutSeconds * 1_000;
  const vendor = vendorClient(world, {
    name: 'Slack',
    base: url,
    headers: { authorization: `Bearer ${token}` },
    timeoutMs,
    limitOf,
  });

  const ask = async <S extends z.ZodRawShape>(
    method: string,
    what: Pick<VendorCall<unknown>, 'query' | 'json' | 'repeatable'>,
    shape: S,
  ): Promise<z.output<z.ZodObject<S>>> => {
    const answer = z.discriminatedUnion('ok', [Refused, z.object({ ok: z.literal(true), ...shape })]);
    const told: unknown = await vendor<unknown>({ path: `/${method}`, ...what, answer, limit: LARGE });
    const refused = Refused.safeParse(told);
    if (!refused.success) return told as z.output<z.ZodObject<S>>;
    const { error } = refused.data;
    throw new SlackRefusal(kindOf(error, what.repeatable ?? what.json === undefined), method, error);
  };

  /** Page after page. */
  async function* listed(
    method: 'conversations.replies' | 'conversations.history',
    query: Record<string, string | number | boolean>,
  ): AsyncGenerator<Message[]> {
    for (let cursor: string | undefined; ; ) {
      const page = await ask(
        method,
        { query: { include_all_metadata: true, limit: PAGE, ...query, cursor } },
        { messages: z.array(Message), ...Page },
      );
      yield page.messages;
      cursor = page.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return;
    }
  }

  return {
    me: () => ask('auth.test', {}, { url: z.string(), team: z.string().nullish(), user_id: z.string() }),
    channel: async (channel: string) =>
      (
        await ask(
          'conversations.info',
          { query: { channel } },
          {
            channel: z.object({
              name: z.string().nullish(),
              is_member: z.boolean().nullish(),
              is_archived: z.boolean().nullish(),
            }),
          },
        )
      ).channel,
    member: async (user: string) => (await ask('users.info', { query: { user } }, { user: Member })).user,
    isActive: async (user: string) =>
      (await ask('users.getPresence', { query: { user } }, { presence: z.string() })).presence === 'active',

    /** Gives the `ts` of what was written. */
    write: async (json: object) => (await ask('chat.postMessage', { json }, { ts: z.string() })).ts,
    react: (channel: string, timestamp: string, name: string) =>
      ask('reactions.add', { json: { channel, timestamp, name }, repeatable: true }, {}),
    /** First messages of threads, newest first, since `oldest` (seconds). */
    roots: (channel: string, oldest: string) => listed('conversations.history', { channel, oldest }),
    /** A thread, or what is later than `oldest` of it; its first message is always with it. Oldest first. */
    thread: (channel: string, ts: string, oldest?: string) =>
      listed('conversations.replies', { channel, ts, ...(oldest === undefined ? {} : { oldest }) }),
    /** One message of a thread. */
    async message(channel: string, thread: string, ts: string): Promise<Message | undefined> {
      const query = { channel, ts: thread, oldest: ts, latest: ts, inclusive: true };
      for await (const page of listed('conversations.replies', query)) {
        const found = page.find((one) => one.ts === ts);
        if (found) return found;
      }
      return undefined;
    },

    /** The bytes first: nobody sees them until the file is shared. Gives its id. */
    async upload(filename: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
      const { upload_url, file_id } = await ask(
        'files.getUploadURLExternal',
        { query: { filename, length: bytes.byteLength } },
        { upload_url: z.url(), file_id: z.string() },
      );
      await call(world, {
        url: upload_url,
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
        timeoutMs,
        repeatable: true,
      });
      return file_id;
    },
    share: (json: object) => ask('files.completeUploadExternal', { json }, {}),
  };
}

export type Slack = ReturnType<typeof slackClient>;

/** Slack counts each method by itself, and what is written by channel, too. */
function limitOf({ path, json }: Pick<VendorCall<unknown>, 'path' | 'json'>): string {
  const { channel, channel_id = channel } = (json ?? {}) as { channel?: unknown; channel_id?: unknown };
  return [path.slice(1), channel_id].filter((part) => typeof part === 'string').join(' ');
}
