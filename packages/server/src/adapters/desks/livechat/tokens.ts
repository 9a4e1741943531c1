import type { Millis } from '@baton/core';
import { z } from 'zod';
import { AnswerFailure } from '#kit/http-failure.ts';
import { Memory } from '#kit/memory.ts';
import { vendorClient } from '#kit/vendor.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import type { LiveChatConfig } from './client.ts';

const AgentToken = z.object({ access_token: z.string(), expires_in: z.number() });
const CustomerToken = AgentToken.extend({ entity_id: z.string() });

/** Tokens last eight hours; one that ends during a call would be refused. */
const MARGIN_MS: Millis = 300_000;
/** Whose token the agent's is: customers are called by ids of LiveChat's. */
const AGENT = 'agent';

/**
 * Who Baton is at LiveChat: an agent's token, made of the refresh token of a server-side app (which stays the same), and with it
 * a token for each customer as whom Baton speaks.
 */
export function livechatTokens(world: World, config: LiveChatConfig) {
  const { clientId, clientSecret, refreshToken } = config;
  const accounts = vendorClient(world, {
    name: 'LiveChat',
    base: config.accountsUrl,
    headers: {},
    timeoutMs: config.timeoutSeconds * 1_000,
  });
  const known = new Memory<string>(world.now);
  const kept = (whose: string, { access_token, expires_in }: z.infer<typeof AgentToken>): string => {
    known.set(whose, access_token, expires_in * 1_000 - MARGIN_MS);
    return access_token;
  };

  const agent = async (): Promise<string> => {
    const token = known.get(AGENT);
    if (token !== undefined) return token;
    const form = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    };
    const asked = accounts({
      path: '/v2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new TextEncoder().encode(new URLSearchParams(form).toString()),
      answer: AgentToken,
      repeatable: true,
    });
    return kept(AGENT, await asked.catch(refused));
  };

  const askCustomer = async (entity: string | null) => {
    const told = await accounts({
      path: '/v2/customer/token',
      headers: { authorization: `Bearer ${await agent()}` },
      json: {
        grant_type: 'agent_token',
        client_id: clientId,
        response_type: 'token',
        ...(entity === null ? {} : { entity_id: entity }),
      },
      answer: CustomerToken,
      // One whom nobody has spoken as yet is seen by nobody.
      repeatable: true,
    });
    kept(told.entity_id, told);
    return told;
  };

  return {
    /** A token to speak as this customer; null: as an agent. */
    of: async (entity: string | null): Promise<string> =>
      entity === null ? agent() : (known.get(entity) ?? (await askCustomer(entity)).access_token),
    /** A customer who was not there before: LiveChat gives the id. */
    newCustomer: async (): Promise<string> => (await askCustomer(null)).entity_id,
    /** It was refused: the next one is a fresh one. */
    forget: (entity: string | null): void => known.delete(entity ?? AGENT),
  };
}

/** OAuth answers 400 where others answer 401. */
function refused(error: unknown): never {
  if (error instanceof AnswerFailure && error.kind === 'rejected')
    throw new AdapterFailure('auth', `LiveChat refuses the app or its refresh token: ${error.message}`, {
      cause: error,
    });
  throw error;
}
