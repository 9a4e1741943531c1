import { z } from 'zod';
import { PlanInput, PlanRequest } from './plan-input.ts';
import { op } from './table.ts';
import { Zone } from './zone.ts';

export { PlanInput };

const tag = 'Reports';

const share = z.number().nullable();
const seconds = z.number().nullable();
const PlanFigures = z
  .object({
    customers: z.number().int(),
    answered: z.number().int(),
    left: z.number().int(),
    turnedAway: z.number().int().meta({ description: 'They came when the line was so long that it has no end.' }),
    leftShare: share,
    meanWaitSeconds: seconds,
    medianWaitSeconds: seconds,
    longWaitSeconds: seconds.meta({ description: 'Nine of ten wait at most so long.' }),
    answeredWithin: z.array(z.object({ seconds: z.number(), share })),
    occupancy: share.meta({ description: "Share of the agents' room that is in use while they are there." }),
    estimate: z
      .object({ told: z.number().int(), withinShare: share, lateShare: share, meanAbsoluteErrorSeconds: seconds })
      .meta({ description: 'What customers would have been told, and how true it would have been.' }),
    hours: z.array(
      z.object({
        hour: z.number().int(),
        customers: z.number().meta({ description: 'A day, on average.' }),
        meanWaitSeconds: seconds,
        leftShare: share,
        occupancy: share,
      }),
    ),
    queues: z
      .array(
        z.object({
          name: z.string(),
          customers: z.number().int(),
          answered: z.number().int(),
          left: z.number().int(),
          leftShare: share,
          meanWaitSeconds: seconds,
          overflowed: z.number().int().meta({ description: 'They went on in another queue.' }),
          sameAgent: z.number().int().meta({ description: 'Answered by the agent who had them before.' }),
        }),
      )
      .meta({ description: 'By the queue to which they came, in the order of the plan.' }),
  })
  .meta({ id: 'PlanFigures' });

export const PlanAnswer = z.object({ plan: PlanFigures, oneMore: PlanFigures.nullable() }).meta({ id: 'PlanAnswer' });

/** What a workspace has set that no plan can play. */
const NotPlayed = z
  .enum(['routing_hook', 'manual', 'outside_desk', 'overflow_outside', 'opening_hours', 'weights', 'more_queues'])
  .meta({
    description: `- routing_hook: an endpoint of yours is asked who gets whom; the queue is played as usual
- manual: agents pick for themselves; it is played as if the least busy one were asked
- outside_desk: the queue is served by another desk; it is played as if your own agents did
- overflow_outside: a queue overflows to another desk, or to a queue that is gone; its customers stay in the line
- opening_hours: people come and are answered when agents are there, whatever the hours of the queue say
- weights: each conversation counts as one, whatever its channel weighs
- more_queues: only the first 12 queues that belong together are played`,
  });

export const planningOps = {
  getPlanInput: op({
    method: 'GET',
    path: '/v1/reports/plan',
    tag,
    access: ['admin'],
    summary: "A plan made of this workspace's own measures, to begin with",
    query: z.strictObject({
      queue: z
        .string()
        .max(100)
        .optional()
        .meta({ description: "A queue's id or its name; all of them where nothing is said." }),
      zone: Zone.optional(),
    }),
    answers: {
      200: z.object({
        input: PlanInput,
        measured: z.object({ customers: z.number().int(), chats: z.number().int(), agents: z.number().int() }).meta({
          description: 'How many measures it rests on. With few of them it is made of what is usual.',
        }),
        notPlayed: z.array(NotPlayed).meta({ description: 'What is set for these queues and cannot be played.' }),
      }),
    },
    problems: ['queue_unknown'],
  }),
  planQueue: op({
    method: 'POST',
    path: '/v1/reports/plan',
    tag,
    access: ['admin'],
    summary: 'Play a queue in simulated time: waits, who leaves, how busy agents are, how true the told waits',
    description:
      "Baton's own routing and estimate, with customers, agents and settings as the plan says: skills, wishes that relax, the same agent again, wrap-up, overflow. Routing hooks cannot be played. Nothing is stored.",
    body: PlanRequest,
    answers: { 200: PlanAnswer },
  }),
};
