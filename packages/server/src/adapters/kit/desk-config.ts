import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Of a record with a desk's group for each of our queues. */
export const GROUPS = { title: 'Group of each queue', keys: 'queue' };

/**
 * Fields that the configurations of all desks share; the hub reads `group`, `groups` and `inboundSecret` by these names. `title` and
 * `description` are for the console's form; `keys: 'queue'` says that the keys of a record are ids of our queues.
 */
export const deskConfig = {
  /** Where all queues go that `groups` does not name. */
  group: z
    .string()
    .max(200)
    .optional()
    .meta({ title: 'Group', description: 'Where all queues go that have none of their own.' }),
  /** The desk's team, group or department for each of our queues, by the queue's id. */
  groups: z.record(z.string(), z.string().max(200)).default({}).meta(GROUPS),
  /** How long one call may take. An opening has 10 seconds in all before the customer is told, so stay below. */
  timeoutSeconds: z
    .number()
    .min(1)
    .max(30)
    .default(8)
    .meta({ title: 'Seconds for a call', description: 'After this a call counts as unanswered.' }),
  /** The last part of the webhook's address: nobody can guess it. */
  inboundSecret: z
    .string()
    .min(16, 'At least 16 characters, or leave it out: Baton makes one.')
    .max(200)
    .meta({ title: 'Secret of the webhook address' }),
};

/** For `made` of a definition. */
export function newInboundSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** The base address of a vendor's API: its own by default, another for a region or a twin. */
export function baseUrl(usual?: string) {
  const url = z.url({ protocol: /^https?$/, error: 'Give an address with https:// in front.' }).max(500);
  return usual === undefined ? url : url.default(usual);
}

/** Compares secrets without telling by the time it takes how much of them was right. */
export function sameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
