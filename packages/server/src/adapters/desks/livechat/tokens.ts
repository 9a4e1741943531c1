import type { Millis } from '@baton/core';
import { z } from 'zod';
import { AnswerFailure } from '#kit/http.ts';
import { vendorClient } from '#kit/vendor.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import type { LiveChatConfig } from './client.ts';

const AgentToken = z.object({ access_token: z.string(), expires_in: z.number() });
const CustomerToken = AgentToken.extend({ entity_id: z.string() });

interface Token {
  value: string;
  until: Millis;
}

/** Tokens last eight hours; one that ends during a call would be refused. */
const MARGIN_MS: Millis = 300_000;
/** Customers whose tokens are remembered: each is a call otherwise. */
const REMEMBERED = 5_000;

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
  let agentToken: Token | null = null;
  const customers = new Map<string, Token>();

  const fresh = (token: Token | null | undefined): token is Token => !!token && token.until > world.now();
  const kept = ({ access_token, expires_in }: z.infer<typeof AgentToken>): Token => ({
    value: access_token,
    until: world.now() + expires_in * 1_000 - MARGIN_MS,
  });

  const agent = async (): Promise<string> => {
    if (!fresh(agentToken)) {
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
      agentToken = kept(await asked.catch(refused));
    }
    return agentToken.value;
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
    customers.set(told.entity_id, kept(told));
    const [oldest] = customers.keys();
    if (customers.size > REMEMBERED && oldest !== undefined) customers.delete(oldest);
    return told;
  };

  return {
    agent,
    /** A token to speak as this customer. */
    async customer(entity: string): Promise<string> {
      const known = customers.get(entity);
      return fresh(known) ? known.value : (await askCustomer(entity)).access_token;
    },
    /** A customer who was not there before: LiveChat gives the id. */
    newCustomer: async (): Promise<string> => (await askCustomer(null)).entity_id,
    /** It was refused. */
    forget(token: string): void {
      if (agentToken?.value === token) agentToken = null;
      for (const [entity, { value }] of customers) if (value === token) customers.delete(entity);
    },
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
