import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewId, WorkspaceId } from '@baton/core';
import type { Db } from '#store/db.ts';
import { claimKey, freeKey, keepAnswer, letGo } from '#store/idempotency.ts';
import { HttpProblem, problemBody } from './problems.ts';

export interface Answer {
  status: number;
  body: unknown;
  /** It is what an earlier request got. */
  replayed?: true;
}

interface Request {
  workspace: WorkspaceId;
  /** Whose key it is: the same word of two callers is two keys. */
  caller: string;
  key: string;
  method: string;
  path: string;
  body: unknown;
  requestId: string;
  /**
   * By which a request is known again: the current key, then earlier ones. Without a key the hash of a body with a password
   * in it would be a fast hash of the password.
   */
  hashKeys: readonly Uint8Array[];
  /** Keys that seal what is kept of an answer that shows a secret: the current one, then earlier ones; null for answers without one. */
  seal: readonly Uint8Array[] | null;
}

/** How long a second request waits for the first before it is told to come back. */
const WAIT_MS = 5_000;
const LOOK_MS = 50;

/**
 * Does a write once per key. The same key and request again get the first answer; the same key with another request is
 * refused; of two at once the second waits for the first.
 *
 * Kept are answers that changed something and refusals of the rules (409). What failed before anything was done gives the
 * key back, so that a mended request may use it. After a crash, or where the database went away, the write is done again
 * with the same ids (`work` gets them), so that it finds what it did the first time.
 */
export async function once(db: Db, request: Request, work: (newId: NewId) => Promise<Answer>): Promise<Answer> {
  const key = `${request.caller}:${request.key}`;
  const asked = JSON.stringify([request.method, request.path, request.body ?? null]);
  const hashes = request.hashKeys.map((hashKey) => createHmac('sha256', hashKey).update(asked).digest());
  const claim = await waitForClaim(db, request.workspace, key, hashes);
  if (claim.is === 'answered') return { status: claim.status, body: open(claim.body, request.seal), replayed: true };
  try {
    const answer = await work(repeatableIds(claim.since.getTime(), `${request.workspace}:${key}`));
    await keepAnswer(db, request.workspace, key, answer.status, seal(answer.body, request.seal));
    return answer;
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 409)
      await keepAnswer(db, request.workspace, key, 409, problemBody(error, request.requestId));
    else {
      // What our own side broke off may have done something already: it is done again with the same ids.
      const over = error instanceof HttpProblem && error.status < 500 ? freeKey : letGo;
      await over(db, request.workspace, key).catch(() => undefined);
    }
    throw error;
  }
}

async function waitForClaim(db: Db, workspace: WorkspaceId, key: string, hashes: readonly Buffer[]) {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const claim = await claimKey(db, workspace, key, hashes);
    if (claim.is === 'other') {
      throw new HttpProblem(
        'idempotency_mismatch',
        'Another method, address or body came with this key before. Take a new key for a new request.',
      );
    }
    if (claim.is !== 'running') return claim;
    if (performance.now() > until) {
      throw new HttpProblem(
        'idempotency_in_progress',
        'The first request with this key has not ended yet. Ask again with the same key in a moment.',
        { retryAfterSeconds: 2 },
      );
    }
    await sleep(LOOK_MS);
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids that are the same whenever the same request is done again: its first moment, then a hash instead of chance. */
function repeatableIds(at: number, seed: string): NewId {
  let count = 0;
  let time = '';
  for (let i = 0, rest = at; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  return (prefix) => {
    const bytes = createHash('sha256').update(`${seed}:${prefix}:${count++}`).digest();
    let chance = '';
    for (let i = 0; i < 16; i++) chance += ALPHABET[(bytes[i] ?? 0) % 32];
    return `${prefix}_${time}${chance}`;
  };
}

function seal(body: unknown, keys: readonly Uint8Array[] | null): unknown {
  const key = keys?.[0];
  if (key === undefined) return body;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(body), 'utf8'), cipher.final()]);
  return { sealed: Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64'), about: idsIn(body) };
}

/** Whom and what an answer tells of stays readable: who is erased is forgotten here too (store/erase.ts). */
function idsIn(body: unknown): string[] {
  return [...new Set(JSON.stringify(body).match(/(?<=")(?:cus|cnv|msg)_[0-9a-z]+(?=")/g))];
}

function open(body: unknown, keys: readonly Uint8Array[] | null): unknown {
  const sealed = (body as { sealed?: unknown } | null)?.sealed;
  if (keys === null || typeof sealed !== 'string') return body;
  const bytes = Buffer.from(sealed, 'base64');
  for (const key of keys) {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
    const text = decipher.update(bytes.subarray(28));
    try {
      return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8'));
    } catch {
      // Sealed under another of the keys.
    }
  }
  throw new HttpProblem(
    'idempotency_mismatch',
    'The first answer was sealed under a SECRET_KEY that is gone. It was done; look before you do it again.',
  );
}
