import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from './secrets.ts';

/** Shorter keys are refused in the environment too. */
const SHORTEST = 32;

/**
 * The key from which all others are derived: of the environment, or made once and kept in DATA_DIR/secret.key, readable
 * by this user only. Losing it ends every visit and makes kept secrets unreadable, so it belongs into the backup.
 */
export async function secretKey(given: string | null, dataDir: string): Promise<string> {
  if (given !== null) return given;
  const path = join(dataDir, 'secret.key');
  await mkdir(dataDir, { recursive: true });
  try {
    // Two processes that start at once: one makes it, the other reads it.
    await writeFile(path, `${newToken()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = (await readFile(path, 'utf8')).trim();
  if (key.length < SHORTEST)
    throw new Error(
      `${path} holds no key (at least ${SHORTEST} characters). Bring it back from a backup, or remove it to have a new one made.`,
    );
  return key;
}
