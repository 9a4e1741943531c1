import pino from 'pino';
import type { Log } from '#ports/world.ts';
import type { Config } from './config.ts';

export type { Log };

/**
 * JSON lines on standard output. Never message text, never secrets: who logs names ids and counts; what slips in
 * through a request's headers is struck out here.
 */
export function createLog(level: Config['logLevel'], to?: pino.DestinationStream): Log & pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: bareError },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.secret', '*.apiKey'],
      censor: '[secret]',
    },
  };
  return to ? pino(options, to) : pino(options);
}

/** For tests and tools that want no noise. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Of an error its name, its code, what it says and where it was. PostgreSQL's `detail` and `where` quote rows, and so may
 * what a JSON parser or another server says: what people wrote.
 */
function bareError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, stack, cause } = error;
  const { code, constraint, kind } = error as { code?: unknown; constraint?: unknown; kind?: unknown };
  const known = Object.entries({ code, constraint, kind }).filter(([, value]) => typeof value === 'string');
  return {
    name,
    message: bareMessage(error),
    ...Object.fromEntries(known),
    // Without its first lines, which are the message once more.
    stack: stack?.slice(Math.max(0, stack.search(/^ {4}at /m))),
    ...(cause instanceof Error ? { cause: bareError(cause) } : {}),
  };
}

/** PostgreSQL on data that it does not take (class 22) quotes the data. */
const QUOTES_DATA = /^22/;

function bareMessage(error: Error): string {
  const { text, code } = error as { text?: unknown; code?: unknown };
  // Another server's answer (kit/http-failure.ts): after the colon come its own words, and it may repeat ours.
  if (typeof text === 'string') return error.message.split(': ')[0] ?? '';
  const quotes = error instanceof SyntaxError || (typeof code === 'string' && QUOTES_DATA.test(code));
  return quotes ? error.message.replace(/"[\s\S]*"|'[\s\S]*'/g, '"…"') : error.message;
}
