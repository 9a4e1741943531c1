import { z } from 'zod';
import { op } from './table.ts';

const tag = 'Reports';
const MOST_AGENTS = 200;
const MOST_PER_HOUR = 2_000;
/** A plan must not keep a server busy for minutes. */
const MOST_CUSTOMERS = 20_000;

const TimeOfDay = z
  .string()
  .regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/, 'A time of day like 09:00, up to 24:00.')
  .meta({ examples: ['09:00'] });
const Spread = z.strictObject({
  mean: z.number('A number of minutes.').positive('More than 0 minutes.').max(1_440, 'At most 1,440 minutes, a day.'),
  variation: z
    .number()
    .min(0.05, 'From 0.05 to 5.')
    .max(5, 'From 0.05 to 5.')
    .default(1)
    .meta({ description: 'Standard deviation by mean.' }),
});
const PerHour = z
  .number('A number of customers an hour.')
  .min(0, 'At least 0 customers an hour.')
  .max(MOST_PER_HOUR, `At most ${MOST_PER_HOUR} customers an hour.`);

const plan = z
  .strictObject({
    arrivalsPerHour: z
      .union(
        [PerHour, z.array(PerHour).length(24, '24 numbers, one for each hour of the day.')],
        'A number, or 24 of them.',
      )
      .meta({ description: 'Customers who ask for a person an hour: one number, or one for each hour of the day.' }),
    chatMinutes: Spread.meta({ description: 'From accepting to the end.' }),
    patienceMinutes: Spread.nullable()
      .default(null)
      .meta({ description: 'After how long they leave if nobody has come; null: they never do.' }),
    answerSeconds: z
      .number()
      .min(0.1)
      .max(60)
      .default(8)
      .meta({ description: 'From being asked to accepting, on average.' }),
    agents: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(100),
          from: TimeOfDay.default('00:00'),
          to: TimeOfDay.default('24:00').meta({ description: 'Not later than `from`: over midnight.' }),
          capacity: z.number().int().min(1, 'At least 1 conversation at once.').max(50).default(3),
        }),
      )
      .min(1, 'At least one agent.')
      .max(MOST_AGENTS, `At most ${MOST_AGENTS} agents.`),
    days: z.number().int().min(1).max(30).default(5),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31)
      .default(1),
    oneMore: z.boolean().default(true).meta({ description: 'Also: what if there was one more agent?' }),
  })
  .refine(({ arrivalsPerHour, days }) => perDay(arrivalsPerHour) * days <= MOST_CUSTOMERS, {
    path: ['days'],
    message: `At most ${MOST_CUSTOMERS.toLocaleString('en')} customers in all. Plan fewer days.`,
  });
export const PlanInput = plan.meta({ id: 'PlanInput' });

function perDay(arrivals: number | readonly number[]): number {
  return typeof arrivals === 'number' ? arrivals * 24 : arrivals.reduce((sum, one) => sum + one, 0);
}

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
  })
  .meta({ id: 'PlanFigures' });

export const PlanAnswer = z.object({ plan: PlanFigures, oneMore: PlanFigures.nullable() }).meta({ id: 'PlanAnswer' });

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
    }),
    answers: {
      200: z.object({
        input: PlanInput,
        measured: z.object({ customers: z.number().int(), chats: z.number().int(), agents: z.number().int() }).meta({
          description: 'How many measures it rests on. With few of them it is made of what is usual.',
        }),
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
    description: "Baton's own routing and estimate, with customers and agents as the plan says. Nothing is stored.",
    // As it may be sent: fields with a default may be left out.
    body: plan.meta({ id: 'PlanRequest' }),
    answers: { 200: PlanAnswer },
  }),
};
