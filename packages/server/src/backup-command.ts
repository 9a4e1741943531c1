import { resolve } from 'node:path';
import { type Config, readConfig } from '#config';
import { silentLog } from '#log';
import { BackupError, backup, restore, type Saved } from '#store/backup.ts';
import { databaseOf } from './database-of.ts';

const USAGE = `npm run backup -- FILE      writes everything to FILE; the server may run
npm run restore -- FILE     brings it back into an empty database (a new DATA_DIR or DATABASE_URL); the server is stopped

Both read DATABASE_URL and DATA_DIR as the server does.`;

/** `backup` and `restore`: one command each, also for the PostgreSQL that comes along. */
async function main([verb, file]: string[]): Promise<void> {
  if ((verb !== 'backup' && verb !== 'restore') || file === undefined) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const config = readConfig();
  const database = await databaseOf(config, silentLog);
  const path = resolve(file);
  try {
    if (verb === 'backup') {
      const saved = await backup(database.pool, config.dataDir, path, new Date());
      console.log(`${path}: ${saved.rows} rows and ${saved.files} files. ${aboutKey(saved, config)}`);
    } else {
      const { rows, files } = await restore(database.pool, config.dataDir, path);
      console.log(`Restored ${rows} rows and ${files} files.`);
    }
  } finally {
    await database.close();
  }
}

/** Whoever keeps the backup must know whether it opens the sealed secrets by itself. */
function aboutKey({ secretKey }: Saved, config: Config): string {
  return secretKey && config.secretKey === null
    ? 'It holds the secret key: keep it where only you can read it.'
    : 'SECRET_KEY is not in it: keep that apart, or the secrets of integrations cannot be opened. What customers wrote is: keep it where only you can read it.';
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const said =
    error instanceof BackupError ||
    (error instanceof Error && /Error$|InUse$/.test(error.name) && error.name !== 'Error');
  console.error(said ? `\n${(error as Error).message}\n` : error);
  process.exitCode = 1;
});
