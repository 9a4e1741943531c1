import { z } from 'zod';
import { AgentId, IntegrationId, QueueId } from '#ids.ts';
import { Availability, Queue } from './conversation.ts';
import { Hours, Routing } from './hours.ts';
import { listQuery, Nothing, op, pageOf } from './table.ts';
import { Limits } from './workspace.ts';

const tag = 'Queues';
const params = z.strictObject({ id: QueueId });

const fields = z.strictObject({
  name: z.string().trim().min(1).max(100),
  desks: z
    .array(IntegrationId.nullable())
    .min(1)
    .max(10)
    .meta({ description: 'Desks in the order they are tried; null is our own console.' }),
  limits: Limits.partial().meta({ description: "Time limits of this queue over the workspace's." }),
  hours: Hours.nullable().meta({ description: 'When it is served; null is always.' }),
  routing: Routing.partial().meta({ description: 'How its line is handed out. What is left out stays.' }),
  agents: z.array(AgentId).max(1_000).nullable().meta({ description: 'Agents who serve it; null is everybody.' }),
  isDefault: z.literal(true).meta({ description: 'Make it the queue for whoever names none.' }),
});
export const QueueInput = fields.partial().required({ name: true }).meta({ id: 'QueueInput' });
export const QueuePatch = fields.partial().meta({ id: 'QueuePatch' });

export const queueOps = {
  getAvailability: op({
    method: 'GET',
    path: '/v1/availability',
    tag,
    access: ['availability:read', 'handoffs:write', 'conversations:read'],
    summary: 'Can a queue take somebody now, and how soon',
    description:
      'Ask before you promise. `estimate` is null while too little is measured: then say that you cannot tell. `opensAt` is told of what is closed, as far as hours, roster and breaks say.',
    query: z.strictObject({
      queue: z
        .string()
        .max(100)
        .optional()
        .meta({ description: "A queue's id or its name; the default queue where nothing is said." }),
      skills: z.string().max(1_000).optional().meta({
        description:
          'What an agent must be able to do, with commas between: only who can counts. `estimate` is null then.',
      }),
      language: z
        .string()
        .max(35)
        .optional()
        .meta({ description: "The customer's language, `de` or `de-AT`; it counts where the queue requires it." }),
    }),
    answers: { 200: Availability },
    problems: ['queue_unknown'],
  }),
  listQueues: op({
    method: 'GET',
    path: '/v1/queues',
    tag,
    access: ['conversations:read', 'availability:read', 'handoffs:write'],
    summary: 'List queues',
    query: z.strictObject(listQuery),
    answers: { 200: pageOf(Queue) },
  }),
  createQueue: op({
    method: 'POST',
    path: '/v1/queues',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Add a queue',
    body: QueueInput,
    answers: { 201: Queue },
    problems: ['name_taken', 'agent_unknown', 'desk_unknown', 'queue_unknown', 'webhook_unknown', 'hours_invalid'],
  }),
  getQueue: op({
    method: 'GET',
    path: '/v1/queues/{id}',
    tag,
    access: ['conversations:read', 'availability:read', 'handoffs:write'],
    summary: 'Read a queue',
    params,
    answers: { 200: Queue },
  }),
  updateQueue: op({
    method: 'PATCH',
    path: '/v1/queues/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Change a queue',
    params,
    body: QueuePatch,
    answers: { 200: Queue },
    problems: ['name_taken', 'agent_unknown', 'desk_unknown', 'queue_unknown', 'webhook_unknown', 'hours_invalid'],
  }),
  deleteQueue: op({
    method: 'DELETE',
    path: '/v1/queues/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Remove a queue',
    description: 'Refused while somebody waits in it, and for the default queue.',
    params,
    answers: { 204: Nothing },
    problems: ['queue_busy', 'queue_default'],
  }),
};
