// A process of its own that runs an embedded database until it is told to end, for tests that kill it.
//   node embedded-holder.ts DATA_DIR [PRIVILEGES]
// Prints one line: {"pid","connectionString"} or {"problem","message"}.
import { EmbeddedDatabaseError } from '#store/embedded/errors.ts';
import type { Privileges } from '#store/embedded/launch.ts';
import { startEmbedded } from '#store/embedded/start.ts';

const [dataDir, privileges] = process.argv.slice(2);
if (!dataDir) throw new Error('DATA_DIR is missing');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const stillAlive = setInterval(() => {}, 1_000);

try {
  const database = await startEmbedded({
    dataDir,
    log: silent,
    settings: { fsync: 'off' },
    ...(privileges ? { privileges: privileges as Privileges } : {}),
  });
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  console.log(JSON.stringify({ pid: database.pid, connectionString: database.connectionString }));
} catch (error) {
  if (!(error instanceof EmbeddedDatabaseError)) throw error;
  clearInterval(stillAlive);
  console.log(JSON.stringify({ problem: error.code, message: error.message }));
}
