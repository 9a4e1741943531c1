import { setFlagsFromString } from 'node:v8';
import { ConfigError, readConfig } from '#config';
import { createLog } from '#log';
import { announce, announceFirst } from './announce.ts';
import { type Baton, startBaton } from './app.ts';

/** After this (and DRAIN_SECONDS) a stop that hangs is a stop all the same; the embedded database then ends with this process. */
const STOP_MS = 15_000;

/** `npm start` hands on the Ctrl-C that the terminal gave us already: two within this time are one. */
const SAME_SIGNAL_MS = 500;

/**
 * A message lives until it is on disk, which is long enough for V8 to take all of its kind for objects that stay, and to make
 * them where only a collection of the whole heap gets at them. They do not stay (docs/performance.md has the figures).
 */
const HEAP = '--no-allocation-site-pretenuring';

async function main(): Promise<void> {
  setFlagsFromString(HEAP);
  const config = readConfig();
  const log = createLog(config.logLevel);
  let running: Baton | undefined;
  let stopping: Promise<void> | undefined;
  let askedAt = 0;
  const stop = (signal: string): void => {
    // While it starts nothing is under way. Said here: as process 1 of a container it would not hear the signal.
    if (!running) process.exit(1);
    if (stopping === undefined) {
      askedAt = Date.now();
      stopping = end(running, signal);
    } else if (Date.now() - askedAt > SAME_SIGNAL_MS) {
      // Whoever says it twice does not want to wait. What was acknowledged is on disk.
      log.warn({ signal }, 'ended at once');
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  const baton = await startBaton(config, {
    log,
    onFirst: announceFirst,
    onFatal(reason) {
      log.error({ reason }, 'the database has ended; Baton cannot go on without it');
      process.exitCode = 1;
      if (stopping === undefined) stop('fatal');
    },
  });
  running = baton;
  await announce(baton, config);

  async function end(ending: Baton, signal: string): Promise<void> {
    log.info({ signal }, 'stopping');
    const timer = setTimeout(
      () => {
        log.error({}, 'stopping took too long');
        process.exit(1);
      },
      STOP_MS + config.drainSeconds * 1_000,
    );
    try {
      await ending.stop();
      log.info({}, 'stopped');
    } catch (error) {
      log.error({ error }, 'stopping failed');
      process.exitCode = 1;
    }
    clearTimeout(timer);
    process.exit();
  }
}

// What the operator can mend is said in words; a stack would only hide it.
main().catch((error: unknown) => {
  const known =
    error instanceof ConfigError ||
    (error instanceof Error && ['DataFolderInUse', 'EmbeddedDatabaseError', 'MigrationError'].includes(error.name)) ||
    isPortTaken(error);
  console.error(known ? `\n${messageOf(error)}\n` : error);
  process.exit(1);
});

function isPortTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

function messageOf(error: unknown): string {
  if (isPortTaken(error))
    return `Port ${(error as { port?: number }).port} is taken. Stop what listens there, or choose another: PORT=3001 npm start`;
  return (error as Error).message;
}
