import { BOTS, DESKS } from '#adapters/registry.ts';
import { readConfig } from '#config';
import { Kinds, OWN_KINDS } from '#http/kinds.ts';
import { silentLog } from '#log';
import { sealAll } from '#store/seal-all.ts';
import { Seal } from '#store/sealed.ts';
import { secretKey } from '#store/secret-key.ts';
import { databaseOf } from './database-of.ts';

/**
 * `npm run rotate-secrets`: seals every kept secret under the current SECRET_KEY, so that SECRET_KEY_PREVIOUS may go. The
 * servers may run; they must know both keys already.
 */
async function main(): Promise<void> {
  const config = readConfig();
  const database = await databaseOf(config, silentLog);
  try {
    const seal = new Seal(await secretKey(config.secretKey, config.dataDir), config.secretKeysBefore);
    const kinds = new Kinds([...OWN_KINDS, ...BOTS, ...DESKS]);
    const { sealed, unreadable } = await sealAll(database.pool, seal, (side, kind) => kinds.secretsOf(side, kind), {
      old: true,
    });
    console.log(`${sealed} rows are sealed under the current key.`);
    if (unreadable.length === 0) return;
    console.error(
      `These could not be read; name the key that sealed them in SECRET_KEY_PREVIOUS:\n  ${unreadable.join('\n  ')}`,
    );
    process.exitCode = 1;
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  const said = error instanceof Error && /Error$|InUse$/.test(error.name) && error.name !== 'Error';
  console.error(said ? `\n${error.message}\n` : error);
  process.exitCode = 1;
});
