import { resolve } from 'node:path';
import { z } from 'zod';

/** Everything that the environment decides. Read once, by `readConfig`; nothing else looks at process.env. */
export interface Config {
  host: string;
  port: number;
  /** Null: the PostgreSQL that comes with Baton, on `dataDir`. */
  databaseUrl: string | null;
  /** How several nodes tell each other; null: by the database. */
  redisUrl: string | null;
  /** Uploads, the secret key, and the database where none is named. Absolute. */
  dataDir: string;
  /** How the world reaches this server, without a slash at the end; null: http://localhost and the port. */
  publicUrl: string | null;
  /** How letters are sent to customers who have left the window; null: none are. */
  mail: { url: string; from: string } | null;
  /** Null: made at the first start and kept in `dataDir`. */
  secretKey: string | null;
  /** Earlier ones: what they sealed and signed is still read. */
  secretKeysBefore: string[];
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Which addresses outside calls may reach (adapters/kit/guard.ts). */
  reach: 'public' | 'loopback' | 'any';
  /** How many proxies of the operator's stand before us, and set X-Forwarded-For and X-Forwarded-Proto. 0: none. */
  trustProxy: number;
  /** Who sends it may read /metrics; null: everybody who reaches the server. */
  metricsToken: string | null;
  /** Between the end of readiness and the goodbye to clients, in seconds: as long as a load balancer needs to notice. */
  drainSeconds: number;
  /** Multiplies every rate limit; null: none at all. */
  rateLimits: number | null;
  /** Somebody looks at it on his own machine: links that log in are printed, this machine may be called. */
  tryingOut: boolean;
  /** The first workspace gets a second queue, two agents and a shop's articles. */
  demo: boolean;
  /** Markdown articles of the house bot. */
  articles: string | null;
  /** The model of the house bot; `model` null: the first that the server lists. Null: it answers by rules. */
  openai: { baseUrl: string; apiKey: string | null; model: string | null } | null;
  /** Used when the database is empty; what is null is made and printed once. */
  firstStart: {
    ownerEmail: string | null;
    ownerPassword: string | null;
    apiKey: string | null;
    siteKey: string | null;
  };
}

/** The environment cannot be used; the message lists every variable that is wrong and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly { variable: string; message: string }[];

  constructor(faults: readonly { variable: string; message: string }[]) {
    super(
      `The environment is not right:\n${faults.map(({ variable, message }) => `  ${variable}: ${message}`).join('\n')}`,
    );
    this.faults = faults;
  }
}

const url = (protocol: RegExp, message: string) => z.url({ protocol, error: message });
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'true or false.')
  .transform((text) => text === 'true' || text === '1' || text === 'yes');
const portMessage = 'A whole number from 0 to 65535 (0: any free port).';

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number(portMessage).int(portMessage).min(0, portMessage).max(65_535, portMessage).default(3_000),
  DATABASE_URL: url(
    /^postgres(ql)?$/,
    'An address like postgres://user:password@host:5432/database. Without one Baton brings its own PostgreSQL along.',
  ).optional(),
  SMTP_URL: url(/^smtps?$/, 'An address like smtp://user:password@mail.example.com:587.').optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, 'A sender like Support <support@example.com>.')
    .optional(),
  REDIS_URL: url(/^rediss?$/, 'An address like redis://host:6379.').optional(),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: url(/^https?$/, 'How people reach this server, like https://chat.example.com.')
    .refine(
      (text) => URL.canParse(text) && new URL(text).pathname === '/',
      'Without a path: Baton answers at the root of a host.',
    )
    .optional(),
  SECRET_KEY: z
    .string()
    .min(
      32,
      'At least 32 characters, the same on every node; `openssl rand -base64 48` makes one. Without one it is made and kept in DATA_DIR.',
    )
    .optional(),
  SECRET_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 32), 'Earlier values of SECRET_KEY, with commas between them.')
    .optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'One of fatal, error, warn, info, debug, trace, silent.',
    )
    .default('info'),
  ALLOW_PRIVATE_ADDRESSES: flag.optional(),
  TRUST_PROXY: z
    .union([flag, z.coerce.number().int().min(0).max(10)], 'true, false, or how many proxies stand before it.')
    .default(false),
  METRICS_TOKEN: z.string().min(16, 'At least 16 characters; `openssl rand -hex 16` makes one.').optional(),
  DRAIN_SECONDS: z.coerce.number('Seconds, from 0 to 300.').min(0).max(300).default(0),
  RATE_LIMITS: z
    .union(
      [z.literal('off'), z.coerce.number().min(0.1).max(1_000)],
      'off, or a factor from 0.1 to 1000 for all limits.',
    )
    .default(1),
  BATON_DEMO: flag.optional(),
  ARTICLES_DIR: z.string().optional(),
  BATON_OWNER_EMAIL: z.email('An email address: the owner logs in with it.').optional(),
  BATON_OWNER_PASSWORD: z.string().min(8, 'At least 8 characters.').optional(),
  BATON_API_KEY: z
    .string()
    .min(16, 'At least 16 characters.')
    .regex(/^[\x21-\x7e]+$/, 'Printable ASCII without spaces.')
    .optional(),
  BATON_SITE_KEY: z
    .string()
    .min(4, 'At least 4 characters.')
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'Printable ASCII without spaces.')
    .optional(),
  OPENAI_BASE_URL: url(/^https?$/, 'An address like https://api.openai.com/v1.').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_MODEL: z.string().optional(),
});

/** Takes an empty variable as one that is not there: compose files and shells leave such behind. Throws `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => ({ variable: path.join('.'), message })));
  const read = parsed.data;
  const tryingOut = read.DATABASE_URL === undefined && !isForOthers(read.PUBLIC_URL);
  return {
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL ?? null,
    redisUrl: read.REDIS_URL ?? null,
    mail: mail(read),
    dataDir: resolve(read.DATA_DIR),
    publicUrl: read.PUBLIC_URL === undefined ? null : new URL(read.PUBLIC_URL).origin,
    secretKey: read.SECRET_KEY ?? null,
    secretKeysBefore: read.SECRET_KEY_PREVIOUS ?? [],
    logLevel: read.LOG_LEVEL,
    reach:
      read.ALLOW_PRIVATE_ADDRESSES === true
        ? 'any'
        : read.ALLOW_PRIVATE_ADDRESSES === undefined && tryingOut
          ? 'loopback'
          : 'public',
    trustProxy: Number(read.TRUST_PROXY),
    metricsToken: read.METRICS_TOKEN ?? null,
    drainSeconds: read.DRAIN_SECONDS,
    rateLimits: read.RATE_LIMITS === 'off' ? null : read.RATE_LIMITS,
    tryingOut,
    demo: read.BATON_DEMO ?? tryingOut,
    articles: read.ARTICLES_DIR === undefined ? null : resolve(read.ARTICLES_DIR),
    openai: openai(read),
    firstStart: {
      ownerEmail: read.BATON_OWNER_EMAIL ?? null,
      ownerPassword: read.BATON_OWNER_PASSWORD ?? null,
      apiKey: read.BATON_API_KEY ?? null,
      siteKey: read.BATON_SITE_KEY ?? null,
    },
  };
}

/** Whoever names an address under which others reach it runs it for them, also on the database that comes along. */
function isForOthers(publicUrl: string | undefined): boolean {
  return publicUrl !== undefined && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(publicUrl).hostname);
}

/** Half of it would be found out when the first customer waits for a letter. */
function mail({ SMTP_URL: url, MAIL_FROM: from }: z.output<typeof Environment>): Config['mail'] {
  if (url !== undefined && from !== undefined) return { url, from };
  if (url === undefined && from === undefined) return null;
  const variable = url === undefined ? 'SMTP_URL' : 'MAIL_FROM';
  throw new ConfigError([{ variable, message: 'Set SMTP_URL and MAIL_FROM together, or neither.' }]);
}

function openai(read: z.output<typeof Environment>): Config['openai'] {
  if (read.OPENAI_BASE_URL === undefined && read.OPENAI_API_KEY === undefined) return null;
  return {
    baseUrl: read.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: read.OPENAI_API_KEY ?? null,
    model: read.OPENAI_MODEL ?? null,
  };
}
