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

/** Of an error its name, its code and where it was. PostgreSQL's `detail` and `where` quote rows: what people wrote. */
function bareError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, constraint, kind } = error as { code?: unknown; constraint?: unknown; kind?: unknown };
  const known = Object.entries({ code, constraint, kind }).filter(([, value]) => typeof value === 'string');
  return {
    name,
    message,
    ...Object.fromEntries(known),
    stack,
    ...(cause instanceof Error ? { cause: bareError(cause) } : {}),
  };
}
