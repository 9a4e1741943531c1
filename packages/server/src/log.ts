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
