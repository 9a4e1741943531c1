import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { deriveKey } from './secrets.ts';

/** What is sealed looks like this: `sealed:1:<id of the key>:<base64url of iv, tag and text>`. */
const ENVELOPE = /^sealed:1:([\w-]{8}):([\w-]+)$/;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** It was sealed under a key that is not here, belongs elsewhere, or was changed. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/**
 * Secrets at rest: AES-256-GCM under a key made of SECRET_KEY. `place` says where the secret belongs (table, row, field) and
 * is part of what is authenticated, so that a sealed value that is copied into another row opens nothing there.
 *
 * New ones are sealed under the current key; those of earlier keys (SECRET_KEY_PREVIOUS) still open.
 */
export class Seal {
  readonly #current: Key;
  readonly #known: ReadonlyMap<string, Key>;

  constructor(secretKey: string, before: readonly string[] = []) {
    const keys = [secretKey, ...before].map(keyOf);
    this.#current = keys[0] as Key;
    this.#known = new Map(keys.map((key) => [key.id, key]));
  }

  close(text: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.bytes, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const bytes = Buffer.concat([iv, cipher.getAuthTag(), sealed]);
    return `sealed:1:${this.#current.id}:${bytes.toString('base64url')}`;
  }

  /** What is not sealed was written before there were seals, and is given back as it is. Throws `Unreadable`. */
  open(envelope: string, place: string): string {
    const [, id, base64] = ENVELOPE.exec(envelope) ?? [];
    if (id === undefined || base64 === undefined) return envelope;
    const key = this.#known.get(id);
    if (!key)
      throw new Unreadable(`It was sealed under another SECRET_KEY (${id}). Name that one in SECRET_KEY_PREVIOUS.`);
    const bytes = Buffer.from(base64, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new Unreadable('It was changed, or belongs to another row.');
    }
  }

  /** `lost`: sealed under a key that is not here. */
  stateOf(envelope: string): 'plain' | 'old' | 'current' | 'lost' {
    const id = ENVELOPE.exec(envelope)?.[1];
    if (id === undefined) return 'plain';
    if (id === this.#current.id) return 'current';
    return this.#known.has(id) ? 'old' : 'lost';
  }
}

interface Key {
  id: string;
  bytes: Uint8Array;
}

function keyOf(secretKey: string): Key {
  const bytes = deriveKey(secretKey, 'secrets-at-rest');
  // Eight characters of its hash tell keys apart and tell nothing about them.
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes };
}
