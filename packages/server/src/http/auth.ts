import type { IncomingHttpHeaders } from 'node:http';
import type { Scope } from '@baton/protocol';
import type { Db } from '#store/db.ts';
import { findKey } from '#store/keys.ts';
import { deriveKey, hashToken } from '#store/secrets.ts';
import { extendSession, findSession } from '#store/sessions.ts';
import type { AgentPrincipal, AgentRole, KeyPrincipal, Principal, Unknown, VisitorPrincipal } from './principal.ts';
import { readVisitorToken } from './visitor-token.ts';

/**
 * Tells who is asking. All of it may do I/O (one indexed read) and throws only when the database is away.
 * HTTP and the sockets share it.
 */
export interface Auth {
  /** A console's cookie or `Authorization: Bearer` with an API key or a visitor's token. The header wins. */
  authenticate(headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>): Promise<Principal | Unknown>;
  principalOfCookie(cookieHeader: string | undefined): Promise<AgentPrincipal | Unknown>;
  principalOfKey(token: string): Promise<KeyPrincipal | Unknown>;
  principalOfVisitor(token: string): Promise<VisitorPrincipal | Unknown>;
}

/** A session lasts this long, and is extended once half of it has gone by. */
export const SESSION_MS = 14 * 86_400_000;

/** `__Host-` binds the cookie to one host and to https; browsers refuse it on plain http. */
export const COOKIE_NAMES = ['__Host-baton', 'baton'] as const;

const NOBODY: Unknown = {
  kind: 'unknown',
  code: 'unauthenticated',
  message: 'Say who you are: send `Authorization: Bearer <API key>`, or log in.',
};
const BAD_KEY: Unknown = {
  kind: 'unknown',
  code: 'token_invalid',
  message: 'This API key is not known here. Was it revoked, or is it from another server?',
};
const BAD_SESSION: Unknown = {
  kind: 'unknown',
  code: 'token_expired',
  message: 'The session has ended. Log in again.',
};

/** Visitor tokens are JWTs: three parts, of which the first is `{"` in base64. API keys are not. */
function looksLikeJwt(token: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);
}

/**
 * The token of the console's cookie. The one that is bound to the host wins: a neighbour below the same domain can set the
 * plain one for us, never the other. `bound`: the plain one does not count at all (the server is reached by https).
 */
export function sessionTokenOf(cookieHeader: string | undefined, bound = false): string | null {
  const found = new Map<string, string>();
  for (const pair of cookieHeader?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0) found.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  const [host, plain] = COOKIE_NAMES;
  return found.get(host) || (bound ? null : found.get(plain) || null);
}

export function bearerOf(authorization: string | undefined): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(authorization ?? '');
  return match?.[1] ?? null;
}

export function createAuth(deps: {
  db: Db;
  secretKey: string;
  secretKeysBefore?: readonly string[];
  now: () => number;
  publicUrl?: () => string;
}): Auth {
  const visitorKeys = [deps.secretKey, ...(deps.secretKeysBefore ?? [])].map((key) => deriveKey(key, 'visitor-token'));
  const bound = () => deps.publicUrl?.().startsWith('https:') ?? false;

  async function principalOfCookie(cookieHeader: string | undefined): Promise<AgentPrincipal | Unknown> {
    const token = sessionTokenOf(cookieHeader, bound());
    if (!token) return NOBODY;
    const hash = hashToken(token);
    const session = await findSession(deps.db, hash);
    if (!session) return BAD_SESSION;
    const now = deps.now();
    if (session.expiresAt.getTime() - now < SESSION_MS / 2)
      await extendSession(deps.db, hash, new Date(now + SESSION_MS));
    const agent: AgentPrincipal['agent'] = { id: session.agent, name: session.name };
    if (session.avatarUrl) agent.avatarUrl = session.avatarUrl;
    return { kind: 'agent', workspace: session.workspace, agent, role: session.role, session: hash.toString('hex') };
  }

  async function principalOfKey(token: string): Promise<KeyPrincipal | Unknown> {
    const key = await findKey(deps.db, hashToken(token));
    if (!key) return BAD_KEY;
    return { kind: 'key', workspace: key.workspace, key: key.id, scopes: key.scopes as Scope[] };
  }

  const principalOfVisitor = (token: string) => readVisitorToken(deps.db, visitorKeys, token, deps.now());

  return {
    principalOfCookie,
    principalOfKey,
    principalOfVisitor,
    authenticate(headers) {
      if (headers.authorization === undefined) return principalOfCookie(headers.cookie);
      const token = bearerOf(headers.authorization);
      if (!token)
        return Promise.resolve({
          ...NOBODY,
          code: 'token_invalid',
          message: 'The Authorization header must read `Bearer <token>`.',
        });
      return looksLikeJwt(token) ? principalOfVisitor(token) : principalOfKey(token);
    },
  };
}

/** What each role of an agent may do; a key carries its scopes itself. */
const ROLE_SCOPES: Record<AgentRole, readonly Scope[]> = {
  agent: ['conversations:read', 'conversations:write', 'handoffs:write', 'availability:read'],
  admin: ['conversations:read', 'conversations:write', 'handoffs:write', 'availability:read', 'admin'],
  owner: ['conversations:read', 'conversations:write', 'handoffs:write', 'availability:read', 'admin'],
};

/** `admin` includes every other scope. */
export function allows(principal: AgentPrincipal | KeyPrincipal, scope: Scope): boolean {
  const scopes = principal.kind === 'agent' ? ROLE_SCOPES[principal.role] : principal.scopes;
  return scopes.includes(scope) || scopes.includes('admin');
}
