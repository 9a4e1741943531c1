import { z } from 'zod';
import { CustomerId, IntegrationId, KeyId, Time } from '#ids.ts';
import { Customer } from './conversation.ts';
import { listQuery, Nothing, op, pageOf, Scope } from './table.ts';

export const Integration = z
  .object({
    id: IntegrationId,
    side: z.enum(['channel', 'bot', 'desk']),
    kind: z.string(),
    name: z.string(),
    config: z.record(z.string(), z.unknown()).meta({
      description:
        'Depends on the kind. Secrets are shown to admins only; those of a desk in the answer that sets them, and `[secret]` after that.',
    }),
    bot: IntegrationId.nullable().meta({ description: "A channel's bot." }),
    siteKey: z.string().nullable().meta({ description: "A widget's public key." }),
    inboundUrl: z.string().nullable().meta({
      description:
        "A desk's webhooks come in here: paste it there. Null for channels and bots, and for who may not see its secret.",
    }),
    enabled: z.boolean(),
    createdAt: Time,
  })
  .meta({ id: 'Integration' });

/** How an integration has been doing: calls and what was heard as this server has seen it since it started, the rest for good. */
export const IntegrationHealth = z
  .object({
    state: z.enum(['closed', 'open', 'probing']).meta({
      description: '`open`: it counts as down and is left alone for a while; `probing`: one call is trying it.',
    }),
    failures: z.number().int().meta({ description: 'In a row.' }),
    pausedUntil: Time.nullable().meta({
      description: 'It is not called before this: it asked for time, or it is down.',
    }),
    limits: z.array(z.object({ what: z.string(), until: Time })).meta({
      description:
        'Limits that were met, each of one method or one ticket there: what needs them waits, all else goes on.',
    }),
    rate: z
      .object({
        left: z.number(),
        limit: z.number().nullable(),
        resetsAt: Time.nullable(),
        at: Time.meta({ description: 'When it said so.' }),
      })
      .nullable()
      .meta({ description: 'How many calls it still takes, where it says so.' }),
    usedAt: Time.nullable().meta({ description: 'When a handoff went there last.' }),
    open: z.number().int().meta({ description: 'Handoffs that are there now.' }),
    trouble: z
      .object({ failed: z.number().int(), unknown: z.number().int() })
      .meta({ description: 'What did not reach it, or may not have; counted up to 1,000.' }),
    calls: z
      .array(z.object({ at: Time, what: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string().optional() }))
      .meta({ description: 'The last 50, oldest first.' }),
    heard: z
      .object({
        events: z.number().int(),
        ignored: z.number().int(),
        refused: z.number().int().meta({ description: 'Not genuine.' }),
        reasons: z
          .array(z.object({ at: Time, why: z.string() }))
          .meta({ description: 'Why the last few were ignored.' }),
      })
      .meta({ description: 'What its webhooks told.' }),
  })
  .meta({ id: 'IntegrationHealth' });

const integration = z.strictObject({
  name: z.string().trim().min(1).max(100),
  config: z.record(z.string(), z.unknown()),
  bot: IntegrationId.nullable(),
  enabled: z.boolean(),
});
export const IntegrationInput = z
  .strictObject({
    side: z.enum(['channel', 'bot', 'desk']),
    kind: z.string().min(1).max(50),
    ...integration.partial().required({ name: true }).shape,
  })
  .meta({ id: 'IntegrationInput' });
export const IntegrationPatch = integration.partial().meta({ id: 'IntegrationPatch' });

const integrationParams = z.strictObject({ id: IntegrationId });
const integrationProblems = ['kind_unknown', 'config_invalid', 'bot_unknown'];

export const integrationOps = {
  listIntegrations: op({
    method: 'GET',
    path: '/v1/integrations',
    tag: 'Integrations',
    access: ['conversations:read', 'admin'],
    summary: 'List channels, bots and desks',
    query: z.strictObject({
      ...listQuery,
      side: z.enum(['channel', 'bot', 'desk']).optional(),
      kind: z.string().max(50).optional(),
    }),
    answers: { 200: pageOf(Integration) },
  }),
  createIntegration: op({
    method: 'POST',
    path: '/v1/integrations',
    tag: 'Integrations',
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'Add a channel, a bot or a desk',
    body: IntegrationInput,
    answers: { 201: Integration },
    problems: integrationProblems,
  }),
  getIntegration: op({
    method: 'GET',
    path: '/v1/integrations/{id}',
    tag: 'Integrations',
    access: ['conversations:read', 'admin'],
    summary: 'Read an integration',
    params: integrationParams,
    answers: { 200: Integration },
  }),
  updateIntegration: op({
    method: 'PATCH',
    path: '/v1/integrations/{id}',
    tag: 'Integrations',
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'Change an integration',
    description: 'What is left out stays, also inside `config`; null takes a setting away.',
    params: integrationParams,
    body: IntegrationPatch,
    answers: { 200: Integration },
    problems: integrationProblems,
  }),
  testIntegration: op({
    method: 'POST',
    path: '/v1/integrations/{id}/test',
    tag: 'Integrations',
    access: ['admin'],
    summary: 'Try the connection of a desk',
    description: 'Makes a harmless call there. `ok` false says in `message` what to mend.',
    params: integrationParams,
    body: z.strictObject({}),
    answers: { 200: z.object({ ok: z.boolean(), message: z.string(), ms: z.number() }) },
  }),
  getIntegrationHealth: op({
    method: 'GET',
    path: '/v1/integrations/{id}/health',
    tag: 'Integrations',
    access: ['admin'],
    summary: 'How an integration is doing',
    description:
      'Last calls, errors, whether it is down, and what it told, of this server only since it started; what did not reach it, and when it was used last.',
    params: integrationParams,
    answers: { 200: IntegrationHealth },
  }),
  deleteIntegration: op({
    method: 'DELETE',
    path: '/v1/integrations/{id}',
    tag: 'Integrations',
    access: ['admin'],
    idempotent: true,
    summary: 'Remove an integration',
    description: 'Refused while conversations or queues use it: switch it off with `enabled: false` instead.',
    params: integrationParams,
    answers: { 204: Nothing },
    problems: ['integration_used'],
  }),
};

export const Key = z
  .object({ id: KeyId, name: z.string(), scopes: z.array(Scope), createdAt: Time, lastUsedAt: Time.nullable() })
  .meta({ id: 'Key' });

export const keyOps = {
  listKeys: op({
    method: 'GET',
    path: '/v1/keys',
    tag: 'Keys',
    access: ['admin'],
    summary: 'List API keys',
    query: z.strictObject(listQuery),
    answers: { 200: pageOf(Key) },
  }),
  createKey: op({
    method: 'POST',
    path: '/v1/keys',
    tag: 'Keys',
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'Make an API key',
    description: 'The key is shown this one time; we keep its hash only.',
    body: z
      .strictObject({ name: z.string().trim().min(1).max(100), scopes: z.array(Scope).min(1).max(5) })
      .meta({ id: 'KeyInput' }),
    answers: { 201: Key.extend({ key: z.string() }) },
    problems: ['owner_only'],
  }),
  deleteKey: op({
    method: 'DELETE',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    access: ['admin'],
    idempotent: true,
    summary: 'Revoke an API key',
    params: z.strictObject({ id: KeyId }),
    answers: { 204: Nothing },
  }),
};

export const customerOps = {
  listCustomers: op({
    method: 'GET',
    path: '/v1/customers',
    tag: 'Customers',
    access: ['conversations:read'],
    summary: 'Find customers, newest first',
    query: z.strictObject({
      ...listQuery,
      externalId: z.string().max(200).optional(),
      email: z.string().max(320).optional(),
    }),
    answers: { 200: pageOf(Customer) },
  }),
  getCustomer: op({
    method: 'GET',
    path: '/v1/customers/{id}',
    tag: 'Customers',
    access: ['conversations:read'],
    summary: 'Read a customer',
    params: z.strictObject({ id: CustomerId }),
    answers: { 200: Customer },
  }),
};
