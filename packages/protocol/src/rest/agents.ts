import { z } from 'zod';
import { AgentId, Time, WorkspaceId } from '#ids.ts';
import { listQuery, Nothing, op, pageOf } from './table.ts';

const Role = z.enum(['owner', 'admin', 'agent']);
const Password = z
  .string()
  .min(8, 'At least 8 characters.')
  .max(200)
  .meta({ description: 'Kept as argon2id. Without one the agent logs in by his link.' });

export const Skills = z.array(z.string().trim().min(1).max(50)).max(100);
export const Languages = z.array(z.string().regex(/^[a-z]{2,3}$/, 'A primary language tag, such as de.')).max(50);
const Weights = z.record(z.string().min(1).max(50), z.number().min(0).max(10)).meta({
  description:
    'What one conversation of a kind of channel takes of his capacity, 1 where nothing is said: {"email": 0.5}.',
});
const WrapUp = z.number().int().min(0).max(3_600);

export const Agent = z
  .object({
    id: AgentId,
    email: z.string(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    role: Role,
    presence: z
      .enum(['online', 'away', 'break', 'offline'])
      .meta({ description: 'What he chose, and offline while no console of his is connected.' }),
    backAt: Time.nullable().meta({ description: 'In a break: when he said that he would be back.' }),
    capacity: z.number().int().meta({ description: 'Conversations at once.' }),
    active: z.number().int().meta({ description: 'Conversations that he holds now.' }),
    wrapping: z.number().int().optional().meta({ description: 'Conversations that he is wrapping up; told in lists.' }),
    skills: Skills.nullable().meta({ description: 'What he is able to do; null is everything.' }),
    languages: Languages.nullable().meta({ description: 'What he speaks, by primary tags; null is everything.' }),
    weights: Weights,
    wrapUpSeconds: WrapUp.nullable().meta({ description: 'His own wrap-up time; null is that of the queue.' }),
    disabled: z.boolean(),
    createdAt: Time,
  })
  .meta({ id: 'Agent' });

const fields = z.strictObject({
  email: z.email('An email address.').max(320),
  name: z.string().trim().min(1).max(100),
  role: Role,
  capacity: z.number().int().min(0).max(100),
  skills: Skills.nullable(),
  languages: Languages.nullable(),
  weights: Weights,
  wrapUpSeconds: WrapUp.nullable(),
  avatarUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable(),
  password: Password,
});
export const AgentInput = fields.partial().required({ email: true, name: true }).meta({ id: 'AgentInput' });
export const AgentPatch = fields.extend({ disabled: z.boolean() }).partial().meta({ id: 'AgentPatch' });

const tag = 'Agents';
const params = z.strictObject({ id: AgentId });

export const agentOps = {
  listAgents: op({
    method: 'GET',
    path: '/v1/agents',
    tag,
    access: ['conversations:read', 'admin'],
    summary: 'List agents',
    query: z.strictObject({
      ...listQuery,
      disabled: z.enum(['true', 'false']).optional().meta({ description: 'Also those who are disabled.' }),
    }),
    answers: { 200: pageOf(Agent) },
  }),
  createAgent: op({
    method: 'POST',
    path: '/v1/agents',
    tag,
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'Add an agent',
    body: AgentInput,
    answers: {
      201: Agent.extend({
        loginLink: z
          .string()
          .nullable()
          .meta({ description: 'Logs in once, for 7 days; null where a password was given.' }),
      }),
    },
    problems: ['email_taken', 'owner_only'],
  }),
  getAgent: op({
    method: 'GET',
    path: '/v1/agents/{id}',
    tag,
    access: ['conversations:read', 'admin'],
    summary: 'Read an agent',
    params,
    answers: { 200: Agent },
  }),
  updateAgent: op({
    method: 'PATCH',
    path: '/v1/agents/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Change an agent',
    description: 'A new password and `disabled` end his sessions.',
    params,
    body: AgentPatch,
    answers: { 200: Agent },
    problems: ['email_taken', 'owner_only', 'last_owner'],
  }),
  deleteAgent: op({
    method: 'DELETE',
    path: '/v1/agents/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Disable an agent',
    description: 'He can no longer log in. What he said stays.',
    params,
    answers: { 204: Nothing },
    problems: ['owner_only', 'last_owner'],
  }),
  createLoginLink: op({
    method: 'POST',
    path: '/v1/agents/{id}/login-link',
    tag,
    access: ['admin'],
    idempotent: true,
    secret: true,
    summary: 'A link that logs an agent in once',
    params,
    body: z.strictObject({}),
    answers: { 201: z.object({ url: z.string(), expiresAt: Time }) },
    problems: ['owner_only'],
  }),
};

export const Session = z
  .object({ agent: Agent, workspace: z.object({ id: WorkspaceId, name: z.string() }) })
  .meta({ id: 'Session' });

export const sessionOps = {
  createSession: op({
    method: 'POST',
    path: '/v1/session',
    tag: 'Session',
    access: 'public',
    summary: 'Log in',
    description: 'Sets the cookie of the console.',
    body: z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(200) }),
    answers: { 200: Session },
    problems: ['login_failed', 'too_many_attempts'],
  }),
  getSession: op({
    method: 'GET',
    path: '/v1/session',
    tag: 'Session',
    access: 'agent',
    summary: 'Who is logged in',
    answers: { 200: Session },
  }),
  updateSession: op({
    method: 'PATCH',
    path: '/v1/session',
    tag: 'Session',
    access: 'agent',
    idempotent: true,
    summary: 'Change your own name, picture or password',
    body: z.strictObject({
      name: fields.shape.name.optional(),
      avatarUrl: fields.shape.avatarUrl.optional(),
      password: Password.optional(),
      currentPassword: z.string().max(200).optional(),
    }),
    answers: { 200: Session },
    problems: ['login_failed'],
  }),
  deleteSession: op({
    method: 'DELETE',
    path: '/v1/session',
    tag: 'Session',
    access: 'public',
    summary: 'Log out',
    answers: { 204: Nothing },
  }),
};
