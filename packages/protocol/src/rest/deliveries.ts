import { z } from 'zod';
import { ConversationId, IntegrationId, Time } from '#ids.ts';
import { listQuery, op, pageOf } from './table.ts';

const tag = 'Deliveries';

export const Trouble = z
  .object({
    conversation: ConversationId,
    side: z.string(),
    seq: z.number().int(),
    what: z.enum(['handoff', 'message']).meta({ description: '`handoff`: its ticket could not be opened.' }),
    state: z.enum(['failed', 'unknown']).meta({ description: '`unknown`: no answer came, it may be there.' }),
    detail: z.string().nullable(),
    at: Time,
    replayable: z
      .boolean()
      .meta({ description: 'A handoff is not: it went on to the next desk, or the customer was told.' }),
    customer: z.object({ name: z.string().nullable() }),
    excerpt: z.string().nullable().meta({ description: 'Its first words.' }),
  })
  .meta({ id: 'Trouble', description: 'What did not reach a desk, or may not have.' });

const ofIntegration = z.strictObject({ id: IntegrationId });

/** What a conversation's own list says is in conversations.ts. */
export const deliveryOps = {
  replayDelivery: op({
    method: 'POST',
    path: '/v1/conversations/{id}/deliveries/replay',
    tag,
    access: ['conversations:write'],
    summary: 'Send a message to a desk once more',
    description:
      'For what failed, or is not known to have arrived: it is looked for there first, so it is never there twice.',
    params: z.strictObject({ id: ConversationId }),
    body: z
      .strictObject({
        side: z.string().max(100).meta({ description: 'As the list of deliveries names it: `desk:int_...`.' }),
        seq: z.number().int().positive(),
      })
      .meta({ id: 'ReplayInput' }),
    answers: { 200: z.object({ replayed: z.number().int() }) },
    problems: ['not_replayable'],
  }),
  listTroubles: op({
    method: 'GET',
    path: '/v1/integrations/{id}/deliveries',
    tag,
    access: ['admin'],
    summary: 'What did not reach a desk, or may not have, newest first',
    params: ofIntegration,
    query: z.strictObject({ ...listQuery, state: z.enum(['failed', 'unknown']).optional() }),
    answers: { 200: pageOf(Trouble) },
  }),
  replayTroubles: op({
    method: 'POST',
    path: '/v1/integrations/{id}/deliveries/replay',
    tag,
    access: ['admin'],
    summary: 'Send everything once more that did not reach a desk',
    params: ofIntegration,
    body: z.strictObject({}),
    answers: { 200: z.object({ replayed: z.number().int() }) },
  }),
};
