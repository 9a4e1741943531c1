import { randomBytes } from 'node:crypto';
import type { Integration } from '@baton/protocol';
import type { Client, Login } from '#bench/server/client.ts';

/** Gives the demo shop's widget a secret that we know: with it the shop's "backend" (we) vouches for its customers. */
export async function makeSite(client: Client, admin: Login): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const { items } = await client.get<{ items: Integration[] }>('/v1/integrations?side=channel', admin);
  const site = items.find(({ kind }) => kind === 'widget');
  if (!site) throw new Error('The workspace has no widget.');
  await client.write('PATCH', `/v1/integrations/${site.id}`, admin, { config: { identitySecret: secret } });
  return secret;
}
