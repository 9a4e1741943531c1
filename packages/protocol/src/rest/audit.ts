import { z } from 'zod';
import { Time } from '#ids.ts';
import { listQuery, op, pageOf } from './table.ts';

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Time,
    actor: z
      .object({
        kind: z.enum(['agent', 'key', 'nobody']),
        id: z.string().nullable(),
        name: z.string().nullable().meta({ description: 'As he was called then.' }),
      })
      .meta({ description: '`nobody`: a login that failed.' }),
    action: z.string().meta({
      description:
        'The name of the operation (`createKey`, `updateAgent`, ...), or `login`, `login.failed`, `login.link`, `logout`, `take.force`.',
    }),
    target: z.string().nullable().meta({ description: 'Id of what it was done to.' }),
    address: z.string().nullable().meta({ description: 'The IP address it came from.' }),
    detail: z.record(z.string(), z.unknown()).meta({
      description: 'Names of the fields that were given, and role, scopes or switches; never secrets or texts.',
    }),
  })
  .meta({ id: 'AuditEntry' });

export const auditOps = {
  listAudit: op({
    method: 'GET',
    path: '/v1/audit',
    tag: 'Audit',
    access: ['admin'],
    summary: 'Who of the staff did what, newest first',
    description:
      'Logins and failed ones, every change that needs an admin, takeovers by force, exports and erasures. Kept for 400 days.',
    query: z.strictObject({
      ...listQuery,
      actor: z.string().max(100).optional().meta({ description: 'Id of an agent or a key.' }),
      action: z.string().max(100).optional(),
      target: z.string().max(100).optional(),
    }),
    answers: { 200: pageOf(AuditEntry) },
  }),
};
