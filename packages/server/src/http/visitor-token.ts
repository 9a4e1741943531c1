import type { CustomerId, IntegrationId, WorkspaceId } from '@baton/core';
import { errors, jwtVerify, SignJWT } from 'jose';
import { findVisitor } from '#store/customers.ts';
import type { Db } from '#store/db.ts';
import type { Unknown, VisitorPrincipal } from './principal.ts';

/** A visitor who comes back within this time is the same visitor; each new session starts it afresh. */
export const VISITOR_TOKEN_SECONDS = 180 * 86_400;

export interface VisitorClaims {
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
  /** Made with a signed identity: it counts for a new session only together with one. */
  identified: boolean;
  /** The language in which he reads, BCP 47: his conversations begin in it. */
  locale?: string;
}

/** A token that says: this browser, on this site, is this customer. Signed by us, opaque to the site. */
export function signVisitorToken(key: Uint8Array, claims: VisitorClaims, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({
    wsp: claims.workspace,
    chn: claims.channel,
    idn: claims.identified,
    ...(claims.locale ? { loc: claims.locale } : {}),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'baton-visitor' })
    .setSubject(claims.customer)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + VISITOR_TOKEN_SECONDS)
    .sign(key);
}

/** The visitor of a token: its signature, its time, and whether site and customer still stand. */
export async function readVisitorToken(
  db: Db,
  keys: readonly Uint8Array[],
  token: string,
  now: number,
): Promise<VisitorPrincipal | Unknown> {
  const claims = await verifyVisitorToken(keys, token, now);
  if ('kind' in claims) return claims;
  const found = await findVisitor(db, claims);
  if (!found)
    return {
      kind: 'unknown',
      code: 'token_invalid',
      message: 'The site or the visitor of this token is gone. Start a new session.',
    };
  const visitor: VisitorPrincipal = {
    kind: 'visitor',
    workspace: claims.workspace,
    channel: claims.channel,
    customer: found.customer,
  };
  if (claims.locale) visitor.locale = claims.locale;
  if (found.conversation) visitor.conversation = found.conversation;
  return visitor;
}

/** What a token says, when its signature and time are right. Reads no database. `keys`: the current one, then earlier ones. */
export async function verifyVisitorToken(
  keys: readonly Uint8Array[],
  token: string,
  now: number,
): Promise<VisitorClaims | Unknown> {
  let found: VisitorClaims | Unknown | undefined;
  for (const key of keys) {
    found = await verifyWith(key, token, now);
    if (!('kind' in found) || found.code === 'token_expired') return found;
  }
  if (!found) throw new Error('There is no key to verify with.');
  return found;
}

async function verifyWith(key: Uint8Array, token: string, now: number): Promise<VisitorClaims | Unknown> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      typ: 'baton-visitor',
      currentDate: new Date(now),
    });
    return {
      workspace: payload.wsp as WorkspaceId,
      channel: payload.chn as IntegrationId,
      customer: payload.sub as CustomerId,
      identified: payload.idn === true,
      ...(typeof payload.loc === 'string' ? { locale: payload.loc } : {}),
    };
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { kind: 'unknown', code: 'token_expired', message: 'The visitor token has run out. Start a new session.' };
    if (error instanceof errors.JOSEError)
      return {
        kind: 'unknown',
        code: 'token_invalid',
        message: 'This is not a visitor token of this server. Start a new session.',
      };
    throw error;
  }
}
