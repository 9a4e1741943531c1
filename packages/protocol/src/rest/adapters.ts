import { z } from 'zod';
import { op } from './table.ts';

const DeskCapabilities = z
  .object({
    typing: z.boolean().meta({ description: "The customer's typing is shown there." }),
    readMarks: z.boolean(),
    files: z.enum(['full', 'link']),
    transcript: z.enum(['messages', 'note']),
    position: z.boolean(),
    availability: z.boolean(),
    handBack: z.string().nullable().meta({ description: 'How its agents give a conversation back to the bot.' }),
    poll: z.boolean().meta({ description: 'Lost webhooks are found by asking again.' }),
    tells: z.array(z.enum(['assigned', 'unassigned', 'closed', 'reopened'])),
  })
  .meta({ id: 'DeskCapabilities' });

export const SetupStep = z
  .object({
    title: z.string(),
    text: z.string().meta({ description: 'Plain text; names of buttons and fields between two asterisks.' }),
    fields: z.array(z.string()).meta({ description: 'Fields of the config whose values this step gives.' }),
    shows: z.literal('inboundUrl').nullable().meta({ description: 'What to copy from here.' }),
  })
  .meta({ id: 'SetupStep', description: 'One step of connecting a desk: what to click at the vendor.' });

export const Adapter = z
  .object({
    side: z.literal('desk'),
    kind: z.string(),
    title: z.string(),
    can: DeskCapabilities,
    config: z
      .record(z.string(), z.unknown())
      .meta({ description: 'JSON Schema (2020-12) of the config of an integration of this kind.' }),
    secrets: z.array(z.string()).meta({ description: 'Fields that are shown in the answer that sets them only.' }),
    made: z.array(z.string()).meta({ description: 'Secrets that Baton makes where they are left out.' }),
    setup: z.array(SetupStep),
  })
  .meta({ id: 'Adapter' });

export const adapterOps = {
  listAdapters: op({
    method: 'GET',
    path: '/v1/adapters',
    tag: 'Integrations',
    access: ['admin'],
    summary: 'Desks that can be connected',
    description: 'What each can do, how it is set up there, and the shape of its config.',
    answers: { 200: z.object({ items: z.array(Adapter) }) },
  }),
};
