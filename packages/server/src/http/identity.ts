import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { HttpProblem } from './problems.ts';

/** What a site's own backend vouches for. */
export interface Identity {
  externalId: string;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  attributes?: Record<string, string | number | boolean> | undefined;
}

/** Clocks of two servers differ a little. */
const TOLERANCE_SECONDS = 5;

const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  phone: z.string().max(50).optional(),
  attributes: z.record(z.string().max(100), z.union([z.string().max(2_000), z.number(), z.boolean()])).optional(),
});

/** Reads the JWT (HS256) by which a site says who its visitor is. Throws `identity_invalid`, which says why. */
export async function readIdentity(token: string, secret: string, now: number): Promise<Identity> {
  const claims = Claims.safeParse(await verified(token, secret, now));
  if (!claims.success) {
    const faults = claims.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
    throw new HttpProblem(
      'identity_invalid',
      `The claims of the identity are not right: ${faults} \`sub\` is your id of the customer.`,
    );
  }
  const { sub: externalId, ...facts } = claims.data;
  return { externalId, ...facts };
}

async function verified(token: string, secret: string, now: number): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      currentDate: new Date(now),
      clockTolerance: TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new HttpProblem('identity_invalid', reasonOf(error));
    throw error;
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The identity has run out (exp). Let your backend sign a new one.';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return "The identity is not signed with this widget's identitySecret.";
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The identity must be signed with HS256.';
  if (error instanceof errors.JWTClaimValidationFailed) return `The claim ${error.claim} of the identity is not right.`;
  return 'The identity is not a JWT.';
}
