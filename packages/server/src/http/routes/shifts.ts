import { type AgentId, faultOfShift, faultOfZone, parseRoster, type Shift, type WorkspaceId } from '@baton/core';
import type { Shift as WireShift } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { pageOf, pageQuery } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { presentTime } from '#present/event.ts';
import { agentAddresses, findAgent, unknownAgents } from '#store/agents.ts';
import { type Db, transaction } from '#store/db.ts';
import {
  deleteShift,
  deleteShifts,
  findShift,
  firstOverlap,
  listShifts,
  lockRoster,
  type ShiftRow,
  saveShifts,
} from '#store/shifts.ts';

const DAY = 86_400_000;

/** The roster: who is planned to work when. */
export function shiftRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.listShifts, async ({ query }, { caller }) => {
    const from = query.from === undefined ? deps.now() - DAY : Date.parse(query.from);
    const to = query.to === undefined ? deps.now() + 60 * DAY : Date.parse(query.to);
    const time = { from, to, agent: query.agent ?? null };
    return answer(
      200,
      pageOf(await listShifts(pool, caller.workspace, time, pageQuery(query)), query.limit, presentShift),
    );
  });

  mount(app, deps, ops.createShift, async ({ body }, { caller: { workspace }, newId }) => {
    const shift = { ...body, id: newId('shf'), startsAt: Date.parse(body.startsAt), endsAt: Date.parse(body.endsAt) };
    return answer(201, await planned(deps, workspace, shift));
  });

  mount(app, deps, ops.updateShift, async ({ params, body }, { caller: { workspace } }) => {
    const before = await existing(deps, workspace, params.id);
    return answer(
      200,
      await planned(deps, workspace, {
        id: before.id,
        agent: body.agent ?? before.agent,
        zone: body.zone ?? before.zone,
        startsAt: body.startsAt === undefined ? before.startsAt : Date.parse(body.startsAt),
        endsAt: body.endsAt === undefined ? before.endsAt : Date.parse(body.endsAt),
      }),
    );
  });

  mount(app, deps, ops.deleteShift, async ({ params }, { caller: { workspace } }) => {
    if (!(await deleteShift(pool, workspace, params.id))) throw noShift(params.id);
    await changed(deps, workspace);
    return answer(204, null);
  });

  mount(app, deps, ops.importShifts, async ({ body }, { caller: { workspace }, newId }) => {
    const addresses = await agentAddresses(pool, workspace);
    const shifts = read(body.csv, (name) => addresses.get(name.toLowerCase()) ?? null, body.zone ?? null);
    const rows = shifts.map((shift) => ({ ...shift, id: newId('shf') }));
    const removed = await transaction(pool, (db) => bring(db, workspace, rows, body.replace ?? false));
    await changed(deps, workspace);
    return answer(200, { added: rows.length, removed });
  });
}

/** What is told of closed queues may be another thing now: at once on this node, within a second on the others. */
async function changed({ directory, line }: HttpDeps, workspace: WorkspaceId): Promise<void> {
  await directory.changed(workspace);
  await line.fresh(workspace);
}

/** Writes a shift that does not overlap with another one of the same agent. */
async function planned(deps: HttpDeps, workspace: WorkspaceId, shift: ShiftRow): Promise<WireShift> {
  const fault = faultOfZone(shift.zone) ?? faultOfShift(shift);
  if (fault !== null) throw new HttpProblem('shift_invalid', fault);
  if ((await unknownAgents(deps.pool, workspace, [shift.agent])).length > 0)
    throw new HttpProblem('agent_unknown', `There is no agent ${shift.agent}.`);
  await transaction(deps.pool, async (db) => {
    await lockRoster(db, workspace, [shift.agent]);
    const overlap = await firstOverlap(db, workspace, [shift]);
    if (overlap)
      throw new HttpProblem(
        'shift_overlaps',
        overlaps(overlap.other, (await findAgent(db, workspace, shift.agent))?.name),
      );
    await saveShifts(db, workspace, [shift]);
  });
  await changed(deps, workspace);
  return presentShift(shift);
}

function read(
  csv: string,
  agentNamed: (name: string) => AgentId | null,
  zone: string | null,
): (Shift & { zone: string; line: number })[] {
  const fault = zone === null ? null : faultOfZone(zone);
  if (fault !== null) throw new HttpProblem('roster_invalid', fault, { errors: [{ path: 'zone', message: fault }] });
  const roster = parseRoster(csv, agentNamed, zone);
  if ('shifts' in roster) return roster.shifts;
  const [first] = roster.faults;
  throw new HttpProblem(
    'roster_invalid',
    `Nothing was taken of the file. Line ${first?.line}: ${first?.fault}${roster.faults.length > 1 ? ` (and ${roster.faults.length - 1} more)` : ''}`,
    { errors: roster.faults.map(({ line, fault }) => ({ path: `line ${line}`, message: fault })) },
  );
}

/** All of them or none. Gives how many were taken off the roster for them. */
async function bring(
  db: Db,
  workspace: WorkspaceId,
  rows: readonly (ShiftRow & { line: number })[],
  replace: boolean,
): Promise<number> {
  const agents = [...new Set(rows.map(({ agent }) => agent))];
  await lockRoster(db, workspace, agents);
  const from = Math.min(...rows.map(({ startsAt }) => startsAt));
  const to = Math.max(...rows.map(({ endsAt }) => endsAt));
  const removed = replace && rows.length > 0 ? await deleteShifts(db, workspace, agents, { from, to }) : 0;
  const overlap = await firstOverlap(db, workspace, rows);
  if (overlap) {
    const message = overlaps(overlap.other);
    const line = rows[overlap.place]?.line;
    throw new HttpProblem('roster_invalid', `Nothing was taken of the file. Line ${line}: ${message}`, {
      errors: [{ path: `line ${line}`, message }],
    });
  }
  await saveShifts(db, workspace, rows);
  return removed;
}

function overlaps({ startsAt, endsAt }: Shift, name = 'The agent'): string {
  return `${name} has a shift on the roster from ${presentTime(startsAt)} to ${presentTime(endsAt)} already. Move or remove that one first.`;
}

async function existing(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<ShiftRow> {
  const shift = await findShift(deps.pool, workspace, id);
  if (!shift) throw noShift(id);
  return shift;
}

function noShift(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no shift ${id}.`);
}

function presentShift({ id, agent, startsAt, endsAt, zone }: ShiftRow): WireShift {
  return { id, agent, startsAt: presentTime(startsAt), endsAt: presentTime(endsAt), zone };
}
