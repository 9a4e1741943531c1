import { z } from 'zod';
import { AgentId, ShiftId, Time } from '#ids.ts';
import { listQuery, Nothing, op, pageOf } from './table.ts';

const tag = 'Roster';
const params = z.strictObject({ id: ShiftId });
const Moment = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339.' });
const Zone = z.string().max(100).meta({ description: 'IANA name of a time zone, such as Europe/Berlin.' });

export const Shift = z
  .object({
    id: ShiftId,
    agent: AgentId,
    startsAt: Time,
    endsAt: Time,
    zone: z.string().meta({ description: 'By whose clocks it was planned.' }),
  })
  .meta({ id: 'Shift', description: 'A planned stretch of work. Who really is there, presence says.' });

const fields = z.strictObject({ agent: AgentId, startsAt: Moment, endsAt: Moment, zone: Zone });

export const shiftOps = {
  listShifts: op({
    method: 'GET',
    path: '/v1/shifts',
    tag,
    access: ['conversations:read', 'admin'],
    summary: 'The roster',
    description: 'Shifts that touch the time from `from` to `to`, by their beginning.',
    query: z.strictObject({
      ...listQuery,
      from: Moment.optional().meta({ description: 'RFC 3339; a day ago where nothing is said.' }),
      to: Moment.optional().meta({ description: 'RFC 3339; in 60 days where nothing is said.' }),
      agent: z.string().max(100).optional(),
    }),
    answers: { 200: pageOf(Shift) },
  }),
  createShift: op({
    method: 'POST',
    path: '/v1/shifts',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Plan a shift',
    body: fields.meta({ id: 'ShiftInput' }),
    answers: { 201: Shift },
    problems: ['agent_unknown', 'shift_invalid', 'shift_overlaps'],
  }),
  updateShift: op({
    method: 'PATCH',
    path: '/v1/shifts/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Move a shift',
    params,
    body: fields.partial().meta({ id: 'ShiftPatch' }),
    answers: { 200: Shift },
    problems: ['agent_unknown', 'shift_invalid', 'shift_overlaps'],
  }),
  deleteShift: op({
    method: 'DELETE',
    path: '/v1/shifts/{id}',
    tag,
    access: ['admin'],
    idempotent: true,
    summary: 'Take a shift off the roster',
    params,
    answers: { 204: Nothing },
  }),
  importShifts: op({
    method: 'POST',
    path: '/v1/shifts/import',
    tag,
    access: ['admin'],
    idempotent: true,
    bodyLimit: 4 * 1024 * 1024,
    summary: 'Bring a roster as CSV',
    description:
      'The first line names the columns: agent (email address), date, from, to, and zone where they differ. Taken as a whole or not at all: `errors` names each line that is wrong.',
    body: z
      .strictObject({
        csv: z.string().max(2_000_000),
        zone: Zone.optional().meta({ description: 'For lines that name none.' }),
        replace: z.boolean().optional().meta({
          description:
            'Take away what was planned for these agents from the first to the last shift of the file; else what overlaps is refused.',
        }),
      })
      .meta({ id: 'RosterImport' }),
    answers: { 200: z.object({ added: z.number().int(), removed: z.number().int() }) },
    problems: ['roster_invalid'],
  }),
};
