import { z } from 'zod';
import { Languages, Skills } from './agents.ts';
import { Routing } from './hours.ts';

const MOST_AGENTS = 200;
const MOST_QUEUES = 12;
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
const Share = z.number().min(0, 'A share from 0 to 1.').max(1, 'A share from 0 to 1.');
const Name = z.string().trim().min(1).max(100);

const Need = z.strictObject({
  share: Share.meta({ description: 'Of all who come to this queue.' }),
  skills: Skills.default([]).meta({ description: 'What an agent must be able to do.' }),
  preferredSkills: Skills.default([]).meta({
    description: 'What is waited for as long as `routing.preferSeconds` says.',
  }),
  language: Languages.element.nullable().default(null),
  priority: z.number().int().min(-10).max(10).default(0),
});

const { strategy, prioritySeconds, preferSeconds, language, stickySeconds, wrapUpSeconds } = Routing.shape;
const PlannedRouting = z
  .strictObject({
    strategy: strategy
      .exclude(
        ['manual'],
        'One of least_busy, longest_idle, round_robin. Agents who pick for themselves cannot be played.',
      )
      .default('least_busy'),
    prioritySeconds: prioritySeconds.default(300),
    preferSeconds: preferSeconds.default(60),
    language: language.default('preferred'),
    stickySeconds: stickySeconds.default(null),
    wrapUpSeconds: wrapUpSeconds.default(0),
    overflow: z
      .strictObject({ queue: Name, afterSeconds: z.number().min(5, 'From 5 seconds on.').max(86_400) })
      .nullable()
      .default(null)
      .meta({ description: 'After so long he goes on in another queue of the plan, by name, with his age.' }),
  })
  .prefault({})
  .meta({ description: 'As in the settings of a queue. A hook is not among it: it cannot be played.' });

const queue = {
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
  needs: z
    .array(Need)
    .max(50)
    .default([])
    .meta({ description: 'What some of them need; shares add up to 1 at most, and the others need nothing special.' }),
  returningShare: Share.default(0).meta({
    description: 'Of customers whom one of the agents had before; see `routing.stickySeconds`.',
  }),
  routing: PlannedRouting,
};

const Agent = z.strictObject({
  name: Name,
  from: TimeOfDay.default('00:00'),
  to: TimeOfDay.default('24:00').meta({ description: 'Not later than `from`: over midnight.' }),
  capacity: z.number().int().min(1, 'At least 1 conversation at once.').max(50).default(3),
  queues: z.array(Name).max(MOST_QUEUES).nullable().default(null).meta({ description: 'By name; null is all.' }),
  skills: Skills.nullable().default(null).meta({ description: 'Null is everything.' }),
  languages: Languages.nullable().default(null).meta({ description: 'Null is everything.' }),
  wrapUpSeconds: wrapUpSeconds.nullable().default(null).meta({ description: "Null: as the queue's routing says." }),
});

const fields = z.strictObject({
  name: Name.default('Queue'),
  ...queue,
  otherQueues: z
    .array(z.strictObject({ name: Name, ...queue }))
    .max(MOST_QUEUES - 1)
    .default([])
    .meta({ description: 'That the same agents serve, or that overflow leads to.' }),
  agents: z.array(Agent).min(1, 'At least one agent.').max(MOST_AGENTS, `At most ${MOST_AGENTS} agents.`),
  answerSeconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(8)
    .meta({ description: 'From being asked to accepting, on average.' }),
  days: z.number().int().min(1).max(30).default(5),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
  oneMore: z.boolean().default(true).meta({ description: 'Also: what if there was one more agent?' }),
});

type Fields = z.output<typeof fields>;

const plan = fields.superRefine((input, { addIssue }) => {
  for (const { path, message } of faultsOf(input)) addIssue({ code: 'custom', path, message, input });
});

export const PlanInput = plan.meta({ id: 'PlanInput' });
/** As it may be sent: fields with a default may be left out. */
export const PlanRequest = plan.meta({ id: 'PlanRequest' });

interface Fault {
  path: (string | number)[];
  message: string;
}

/** What does not fit together, although each field for itself could be. */
function faultsOf(input: Fields): Fault[] {
  const queues = [input, ...input.otherQueues];
  const names = queues.map(({ name }) => name);
  const pathOf = (index: number) => (index === 0 ? [] : ['otherQueues', index - 1]);
  const faults = queues.flatMap((one, index): Fault[] => [
    ...faultsOfQueue(one, names, input.agents).map(({ path, message }) => ({
      path: [...pathOf(index), ...path],
      message,
    })),
    ...(names.indexOf(one.name) === index
      ? []
      : [
          {
            path: [...pathOf(index), 'name'],
            message: `There is another queue "${one.name}". Names tell queues apart.`,
          },
        ]),
  ]);
  for (const [index, agent] of input.agents.entries()) {
    const unknown = agent.queues?.find((name) => !names.includes(name));
    if (unknown !== undefined)
      faults.push({
        path: ['agents', index, 'queues'],
        message: `There is no queue "${unknown}" in the plan: ${names.join(', ')}.`,
      });
  }
  const customers = queues.reduce((sum, { arrivalsPerHour }) => sum + perDay(arrivalsPerHour), 0) * input.days;
  if (customers > MOST_CUSTOMERS)
    faults.push({
      path: ['days'],
      message: `At most ${MOST_CUSTOMERS.toLocaleString('en')} customers in all. Plan fewer days.`,
    });
  return faults;
}

function faultsOfQueue(
  queue: Fields | Fields['otherQueues'][number],
  names: readonly string[],
  agents: Fields['agents'],
): Fault[] {
  const { name, needs, routing } = queue;
  const faults: Fault[] = [];
  const serving = agents.filter(({ queues }) => queues === null || queues.includes(name));
  if (serving.length === 0)
    faults.push({
      path: ['name'],
      message: `No agent serves "${name}": name it among the queues of one, or leave them out.`,
    });
  const overflow = routing.overflow?.queue;
  if (overflow === name)
    faults.push({ path: ['routing', 'overflow', 'queue'], message: 'Another queue than this one.' });
  else if (overflow !== undefined && !names.includes(overflow))
    faults.push({
      path: ['routing', 'overflow', 'queue'],
      message: `There is no queue "${overflow}" in the plan: add it to otherQueues, or leave overflow out.`,
    });
  if (needs.reduce((sum, { share }) => sum + share, 0) > 1 + 1e-9)
    faults.push({ path: ['needs'], message: 'The shares add up to more than 1.' });
  const reached = agents.filter(
    ({ queues }) => queues === null || queues.includes(name) || queues.includes(overflow ?? name),
  );
  for (const [index, { skills }] of needs.entries()) {
    const able = reached.some(
      (agent) => agent.skills === null || skills.every((skill) => agent.skills?.includes(skill)),
    );
    if (serving.length > 0 && !able)
      faults.push({
        path: ['needs', index, 'skills'],
        message: `No agent who serves "${name}" has ${skills.join(' and ')}: who needs it would never be answered.`,
      });
  }
  return faults;
}

function perDay(arrivals: number | readonly number[]): number {
  return typeof arrivals === 'number' ? arrivals * 24 : arrivals.reduce((sum, one) => sum + one, 0);
}
