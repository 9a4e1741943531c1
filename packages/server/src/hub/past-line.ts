import type { Millis, Waiting } from '@baton/core';
import type { TeamRow, WaitingRow } from '#store/line.ts';
import type { OutcomeRow } from '#store/outcomes.ts';
import type { LineState } from './waits.ts';

/** An agent who had something to do within so long counts as having been there: presence is not kept. */
const THERE_MS = 30 * 60_000;

/** The line as it must have been at a moment, by what is stored of its handoffs. */
export function pastLine(rows: readonly OutcomeRow[], team: readonly TeamRow[], at: Millis): LineState {
  const waiting = rows.filter((row) => row.waitingSince <= at && at < (row.acceptedAt ?? row.endedAt ?? at));
  waiting.sort((a, b) => a.waitingSince - b.waitingSince);
  return { asOf: at, waiting: waiting.map(asWaiting), team: team.map((agent) => asThen(agent, rows, at)), shifts: [] };
}

function asThen(agent: TeamRow, rows: readonly OutcomeRow[], at: Millis): TeamRow {
  const own = rows.filter((row) => row.agent === agent.agent.id && row.acceptedAt !== null && row.acceptedAt <= at);
  const running = own.filter(({ endedAt }) => endedAt === null || endedAt > at);
  const there = own.some(
    ({ acceptedAt, endedAt }) => Math.max(acceptedAt ?? 0, Math.min(at, endedAt ?? at)) > at - THERE_MS,
  );
  return {
    ...agent,
    presence: there ? 'online' : 'offline',
    backAt: null,
    active: running.length,
    wrapping: 0,
    load: running.length,
    ringing: false,
    running: running.map(({ queue, skills, acceptedAt }) => ({ queue, skills, since: acceptedAt ?? at })),
  };
}

function asWaiting({ handoff, queue, skills, waitingSince }: OutcomeRow): WaitingRow & Waiting {
  return {
    handoff,
    conversation: 'cnv_past',
    phase: 'queued',
    queue,
    priority: 0,
    front: false,
    waitingSince,
    requestedAt: waitingSince,
    queuedAt: waitingSince,
    skills,
    preferredSkills: [],
    language: null,
    lastAgent: null,
    channel: '',
    passedOver: [],
    offeredTo: null,
    offeredAt: null,
    told: null,
    passOverSeconds: 0,
  };
}
