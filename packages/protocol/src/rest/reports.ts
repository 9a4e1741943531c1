import { z } from 'zod';
import { HandoffOutcome, HandoffReason } from '#events.ts';
import { AgentId, HandoffId, QueueId, Time } from '#ids.ts';
import { op } from './table.ts';
import { Zone } from './zone.ts';

const tag = 'Reports';
/** Longer stretches are asked for in pieces. */
const MOST_DAYS = 92;
const DAY_MS = 86_400_000;

const span = z
  .strictObject({
    from: Time.optional().meta({ description: 'The last 30 days where nothing is said.' }),
    to: Time.optional().meta({ description: 'Now where nothing is said.' }),
    zone: Zone.optional(),
    queue: z
      .string()
      .max(100)
      .optional()
      .meta({ description: "A queue's id or its name; all of them where nothing is said." }),
  })
  .refine(({ from, to }) => !from || !to || Date.parse(from) < Date.parse(to), {
    path: ['from'],
    message: 'The beginning has to be before the end.',
  })
  .refine(
    ({ from, to }) => !from || Date.parse(to ?? new Date().toISOString()) - Date.parse(from) <= MOST_DAYS * DAY_MS,
    {
      path: ['from'],
      message: `At most ${MOST_DAYS} days at once. Ask for the rest with another "from" and "to".`,
    },
  );

const share = z.number().min(0).max(1).nullable();
const seconds = z.number().nullable();

const WaitFigures = z
  .object({
    told: z.number().int().meta({ description: 'Customers who were told where they stand.' }),
    toldRange: z.number().int(),
    answered: z.number().int(),
    left: z.number().int(),
    meanWaitSeconds: seconds,
    medianWaitSeconds: seconds,
    kept: z
      .object({ within: z.number().int(), early: z.number().int(), late: z.number().int(), unknown: z.number().int() })
      .meta({
        description: '`unknown`: he left, or waits still, before the long end. The four add up to `toldRange`.',
      }),
    withinShare: share.meta({ description: 'Of those whose outcome is known.' }),
    lateShare: share,
    meanErrorSeconds: seconds.meta({ description: 'Wait less the told middle: above zero too little is promised.' }),
    meanAbsoluteErrorSeconds: seconds,
  })
  .meta({ id: 'WaitFigures' });

export const WaitReport = z
  .object({
    from: Time,
    to: Time,
    sentence: z.string().meta({ description: 'The record in one sentence, in English.' }),
    all: WaitFigures,
    queues: z.array(WaitFigures.extend({ queue: QueueId, name: z.string().nullable() })),
    hours: z.array(WaitFigures.extend({ hour: z.number().int().min(0).max(23) })),
    calibration: z.array(z.object({ aimed: z.number(), seen: share })).meta({
      description:
        'Share of waits that ended by the short end, the middle and the long end of what was told. Customers who left count as having waited at least so long.',
    }),
    leaving: z.array(
      z.object({ from: z.number(), to: z.number().nullable(), waiting: z.number().int(), left: z.number().int() }),
    ),
    waits: z
      .array(
        z.object({
          handoff: HandoffId,
          at: Time,
          queue: QueueId,
          position: z.number().int().nullable(),
          lowSeconds: z.number(),
          p50Seconds: z.number(),
          highSeconds: z.number(),
          basis: z.string(),
          end: z.enum(['answered', 'left', 'ended', 'waiting']),
          seconds: z.number(),
          kept: z.enum(['within', 'early', 'late', 'unknown']).meta({ description: 'As in `WaitFigures`.' }),
        }),
      )
      .meta({ description: 'The newest told ranges with what came of them, for plots: at most 1,000.' }),
    shown: z
      .object({
        count: z.number().int(),
        within: z.number().int(),
        early: z.number().int(),
        late: z.number().int(),
        unknown: z.number().int(),
        withinShare: share,
      })
      .meta({
        description: 'Every range that was shown while customers waited, with what came of it; 50,000 at most.',
      }),
    complete: z.boolean().meta({ description: 'False: only the newest 50,000 waits were counted.' }),
  })
  .meta({ id: 'WaitReport' });

export const OverviewReport = z
  .object({
    from: Time,
    to: Time,
    conversations: z.number().int(),
    handedOff: z.number().int().meta({ description: 'Conversations in which a person was asked for.' }),
    helped: z.number().int().meta({ description: 'Conversations in which a person answered.' }),
    closed: z.number().int(),
    resolvedByBot: z.number().int().meta({ description: 'Closed, and no person was needed.' }),
    bot: z
      .object({ messages: z.number().int(), fallbacks: z.number().int(), conversations: z.number().int() })
      .meta({ description: 'Of the newest conversations, 2,000 at most: how often the bot did not know.' }),
    ratings: z.object({ count: z.number().int(), mean: z.number().nullable(), satisfied: share }),
    firstReplySeconds: seconds.meta({ description: "Median, from accepting to the agent's first word." }),
    handleSeconds: seconds.meta({ description: 'Median, from accepting to the end.' }),
    reasons: z.array(z.object({ reason: HandoffReason, count: z.number().int() })),
    outcomes: z.array(z.object({ outcome: HandoffOutcome, count: z.number().int() })),
    days: z.array(
      z.object({
        day: z.string().meta({ description: 'Like 2026-11-22, in the zone asked for.' }),
        conversations: z.number().int(),
        handedOff: z.number().int(),
        resolvedByBot: z.number().int(),
      }),
    ),
    agents: z.array(
      z.object({
        agent: AgentId,
        name: z.string(),
        accepted: z.number().int(),
        firstReplySeconds: seconds,
        handleSeconds: seconds,
        rating: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'OverviewReport' });

export const reportOps = {
  reportWaits: op({
    method: 'GET',
    path: '/v1/reports/waits',
    tag,
    access: ['admin'],
    summary: 'What was promised to those who waited, and what came of it',
    query: span,
    answers: { 200: WaitReport },
    problems: ['queue_unknown'],
  }),
  reportOverview: op({
    method: 'GET',
    path: '/v1/reports/overview',
    tag,
    access: ['admin'],
    summary: 'Volume, resolution, fallback, escalation, satisfaction',
    query: span,
    answers: { 200: OverviewReport },
    problems: ['queue_unknown'],
  }),
};
