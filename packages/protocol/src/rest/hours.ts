import { z } from 'zod';
import { QueueId, WebhookId } from '#ids.ts';

const OpenTime = z
  .strictObject({ from: z.string().max(5), to: z.string().max(5) })
  .meta({ id: 'OpenTime', description: 'From 09:00 to 17:00. A `to` that is not later ends on the next day.' });
const OpenTimes = z.array(OpenTime).max(10);
const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** When a queue is served: core's `Hours`. What is wrong with zone, times and days the server says (`hours_invalid`). */
export const Hours = z
  .strictObject({
    zone: z.string().max(100).meta({ description: 'IANA name of the time zone, such as Europe/Berlin.' }),
    week: z.partialRecord(Weekday, OpenTimes).meta({ description: 'A weekday that is left out is closed.' }),
    exceptions: z
      .array(
        z.strictObject({
          date: z.string().max(10).meta({ description: '2026-12-24, or 12-25 for every year.' }),
          open: OpenTimes.meta({ description: 'None: closed all day.' }),
          name: z.string().max(100).optional(),
        }),
      )
      .max(500)
      .meta({ description: 'Holidays and other days. They hold for what begins on them.' }),
  })
  .meta({ id: 'Hours', description: 'Opening hours, by the clocks of a time zone.' });

/** How a queue hands out: core's `Routing`. */
export const Routing = z
  .strictObject({
    strategy: z.enum(['least_busy', 'longest_idle', 'round_robin', 'manual']).meta({
      description:
        'Who is asked among those who could serve. `manual`: nobody is asked, agents take conversations from the line.',
    }),
    prioritySeconds: z
      .number()
      .min(0)
      .max(3_600)
      .meta({ description: 'What one level of priority counts as, in seconds of waiting; all of it at most an hour.' }),
    preferSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .meta({ description: 'For so long somebody waits for preferred skills, or for his language.' }),
    language: z.enum(['required', 'preferred', 'ignored']),
    stickySeconds: z
      .number()
      .min(0)
      .max(86_400)
      .nullable()
      .meta({ description: 'For so long he waits for the agent who had him last, while that one is online.' }),
    wrapUpSeconds: z
      .number()
      .int()
      .min(0)
      .max(3_600)
      .meta({ description: 'After a conversation its agent keeps the slot for so long, or until he is ready.' }),
    overflow: z
      .strictObject({ queue: QueueId, afterSeconds: z.number().min(5).max(86_400) })
      .nullable()
      .meta({ description: 'After so long in this line he goes on in another one, with his age.' }),
    hook: WebhookId.nullable().meta({
      description: 'An endpoint of yours that is asked first who gets whom; see the guide on queues.',
    }),
  })
  .meta({ id: 'Routing' });
