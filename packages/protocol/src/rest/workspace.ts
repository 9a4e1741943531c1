import { z } from 'zod';
import { QueueId, Time, WorkspaceId } from '#ids.ts';
import { op } from './table.ts';

const seconds = (min: number, max: number) => z.number().min(min).max(max);

/** The time limits of core's rules, in seconds; null switches one off where that is possible. */
export const Limits = z
  .strictObject({
    deskTrySeconds: seconds(1, 600),
    deskTotalSeconds: seconds(1, 3_600),
    connectingNoticeSeconds: seconds(0, 60),
    offerSeconds: seconds(3, 3_600),
    queueAskSeconds: seconds(5, 86_400).nullable(),
    queueLimitSeconds: seconds(5, 7 * 86_400).nullable(),
    agentSilentWarnSeconds: seconds(5, 86_400),
    agentSilentSeconds: seconds(5, 86_400),
    passOverSeconds: seconds(0, 3_600),
    humanIdleSeconds: seconds(60, 30 * 86_400),
    customerIdleSeconds: seconds(30, 30 * 86_400).nullable(),
    botSilentSeconds: seconds(1, 600),
    botIdleSeconds: seconds(60, 365 * 86_400),
    reopenSeconds: seconds(0, 365 * 86_400),
  })
  .meta({ id: 'Limits', description: 'Time limits in seconds. null switches one off.' });

const Action = z.enum(['ignore', 'flag', 'offer', 'handoff']);
const SignalRule = z.strictObject({ action: Action, threshold: z.number().min(0).max(1) });

export const Topic = z
  .strictObject({
    name: z.string().min(1).max(50),
    phrases: z.array(z.string().min(1).max(200)).min(1).max(200),
    action: Action,
    queue: QueueId.optional(),
  })
  .meta({
    id: 'Topic',
    description:
      'A subject that the bot may not decide. The words of one phrase must all stand near each other in a sentence, in any form and order; a/b is either word, "not" any negation.',
  });

const Signals = z.strictObject({
  asked_for_human: SignalRule,
  repeated_question: SignalRule,
  repeated_fallback: SignalRule,
  anger: SignalRule,
  bot_error: SignalRule,
});

export const EscalationPolicy = z
  .strictObject({ signals: Signals, topics: z.array(Topic).max(100), fallbackLimit: z.number().int().min(1).max(20) })
  .meta({
    id: 'EscalationPolicy',
    description: 'When a conversation goes to a person: per kind of signal, from which score on, and what then.',
  });

export const Rules = z
  .strictObject({
    limits: Limits,
    escalation: EscalationPolicy,
    botTries: z.number().int().min(1).max(5),
    voice: z.string().min(1).max(60).meta({ description: 'The name under which Baton itself speaks to customers.' }),
  })
  .meta({ id: 'Rules' });

/** A change of the rules: what is left out stays. Topics are replaced as a whole. */
export const RulesPatch = z
  .strictObject({
    limits: Limits.partial(),
    escalation: z
      .strictObject({
        signals: Signals.partial(),
        topics: EscalationPolicy.shape.topics,
        fallbackLimit: EscalationPolicy.shape.fallbackLimit,
      })
      .partial(),
    botTries: Rules.shape.botTries,
    voice: Rules.shape.voice,
  })
  .partial()
  .meta({ id: 'RulesPatch' });

export const Workspace = z
  .object({
    id: WorkspaceId,
    name: z.string(),
    defaultQueue: QueueId,
    rules: Rules,
    retentionDays: z.number().int().nullable().meta({
      description: 'Closed conversations are deleted after so many days, with everything in them. null: kept.',
    }),
    createdAt: Time,
  })
  .meta({ id: 'Workspace' });

const tag = 'Workspace';

export const workspaceOps = {
  getWorkspace: op({
    method: 'GET',
    path: '/v1/workspace',
    tag,
    access: ['conversations:read', 'admin'],
    summary: 'The workspace and its rules',
    answers: { 200: Workspace },
  }),
  updateWorkspace: op({
    method: 'PATCH',
    path: '/v1/workspace',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Change the rules',
    description:
      'Among them when a conversation goes to a person (`rules.escalation`). What is left out stays. In force at once for the next message.',
    body: z.strictObject({
      name: z.string().min(1).max(100).optional(),
      defaultQueue: QueueId.optional(),
      rules: RulesPatch.optional(),
      retentionDays: z.number().int().min(1).max(36_500).nullable().optional(),
    }),
    answers: { 200: Workspace },
    problems: ['queue_unknown'],
  }),
};
