import { readConfig } from '#config';
import { silentLog } from '#log';
import { findLogin } from '#store/agents.ts';
import { saveAudit } from '#store/audit.ts';
import { hashToken, newToken } from '#store/secrets.ts';
import { saveLoginLink } from '#store/sessions.ts';
import { realWorld } from '#world';
import { databaseOf } from './database-of.ts';

/** Long enough to copy it into a browser. */
const LINK_MS = 3_600_000;

const USAGE = `npm run login-link -- EMAIL      a link that logs this agent in once, within an hour; the server may run

For an owner who has lost his password. Reads DATABASE_URL, DATA_DIR and PUBLIC_URL as the server does.`;

/** Whoever may read the database's address owns what is in it: so he is let in. The audit log says so. */
async function main([email]: string[]): Promise<void> {
  if (email === undefined) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const config = readConfig();
  const database = await databaseOf(config, silentLog);
  const { pool } = database;
  try {
    const login = await findLogin(pool, email);
    if (!login) throw new Error(`There is no agent ${email} who may log in.`);
    const { workspace, agent } = login;
    const token = newToken();
    const expiresAt = new Date(Date.now() + LINK_MS);
    await saveLoginLink(pool, { tokenHash: hashToken(token), workspace, agent, expiresAt });
    const { newId } = realWorld(silentLog, fetch);
    const actor = { kind: 'nobody', id: null, name: null } as const;
    await saveAudit(pool, newId, {
      workspace,
      actor,
      action: 'createLoginLink',
      target: agent,
      address: null,
      detail: { by: 'npm run login-link' },
    });
    console.log(`${config.publicUrl ?? `http://localhost:${config.port}`}/login/${token}`);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? `\n${error.message}\n` : error);
  process.exitCode = 1;
});
