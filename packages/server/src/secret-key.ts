import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config';

/**
 * SECRET_KEY, or the one that was made at the first start and lies in the data folder, readable by its owner alone. It
 * signs visitors' tokens: with a new one every visitor starts anew.
 */
export async function secretKeyOf({ secretKey, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): Promise<string> {
  if (secretKey !== null) return secretKey;
  const file = join(dataDir, 'secret.key');
  await mkdir(dataDir, { recursive: true });
  try {
    // `wx`: of two that start at once one makes it, the other reads what that one made.
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${randomBytes(48).toString('base64')}\n`);
    await handle.sync();
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = (await readFile(file, 'utf8')).trim();
  if (key.length < 32)
    throw new Error(`${file} does not hold a key. Remove it, and a new one is made; visitors then start anew.`);
  return key;
}
