import type { HandoffId, QueueId } from '@baton/core';
import { type LineState, Waits } from '#server/hub/waits.ts';
import type { TeamRow } from '#server/store/line.ts';
import type { OutcomeRow } from '#server/store/outcomes.ts';
import { AGENTS, type Asked, CAPACITY, playRush, type Rush } from './rush.ts';

/** As often a server reads what became of handoffs (hub/line.ts), and so often it looks at the line at least; seconds. */
const READ_EVERY = 2;
const LOOK_EVERY = 2;
/** Learned: from so many on. */
const EARLY = 300;
const QUEUE: QueueId = 'que_rush';
/** Times of the server are no small numbers. */
const BEGIN = 1_700_000_000_000;

export interface RushReport {
  rush: string;
  what: string;
  runs: number;
  /** Ranges told after warm-up, to people who were served. */
  told: number;
  within: number;
  early: number;
  late: number;
  /** Share within of each run, of the first 300 of each, and of the others. */
  each: number[];
  withinFirst: number;
  withinLater: number;
  meanWaitSeconds: number;
  widthSeconds: number;
}

interface Promised {
  number: number;
  waited: number;
  low: number;
  high: number;
}

/** Plays runs, and says what the server's own code would have told everybody, learning as it goes. */
export function rushReport(rush: Rush, seed: number, runs: number): RushReport {
  const played = Array.from({ length: runs }, (_, run) => promises(playRush(rush, 1_000 * seed + run)));
  const all = played.flat();
  const mean = (value: (one: Promised) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length;
  return {
    rush: rush.name,
    what: rush.what,
    runs,
    told: all.length,
    within: withinShare(all),
    early: mean(({ waited, low }) => Number(waited < low)),
    late: mean(({ waited, high }) => Number(waited > high)),
    each: played.map(withinShare),
    withinFirst: withinShare(all.filter(({ number }) => number < EARLY)),
    withinLater: withinShare(all.filter(({ number }) => number >= EARLY)),
    meanWaitSeconds: mean(({ waited }) => waited),
    widthSeconds: mean(({ low, high }) => high - low),
  };
}

function withinShare(some: readonly Promised[]): number {
  return some.filter(({ waited, low, high }) => waited >= low && waited <= high).length / some.length;
}

function promises(all: readonly Asked[]): Promised[] {
  const waits = new Waits();
  const facts = all.flatMap(factsOf).sort((a, b) => a.at - b.at);
  let taken = 0;
  let readAt = 0;
  let lookedAt = 0;
  const look = (at: number, id?: string) => {
    if (at - readAt >= READ_EVERY) {
      const from = taken;
      while ((facts[taken]?.at ?? Number.POSITIVE_INFINITY) <= at) taken++;
      // Once each, as the last of it left them.
      const rows = new Map(facts.slice(from, taken).map(({ row }) => [row.handoff, row]));
      waits.take([...rows.values()], teamAt([], at));
      readAt = at;
    }
    lookedAt = at;
    const line = lineAt(all, at);
    const handoff = id ?? line.waiting[0]?.handoff;
    return handoff ? waits.of(line, handoff as HandoffId) : null;
  };
  const told: Promised[] = [];
  for (const [number, { id, toldAt, acceptedAt }] of all.entries()) {
    while (lookedAt + LOOK_EVERY < toldAt) look(lookedAt + LOOK_EVERY);
    const estimate = look(toldAt, id);
    if (!estimate || estimate.basis === 'prior' || acceptedAt === null) continue;
    told.push({ number, waited: acceptedAt - toldAt, low: estimate.lowSeconds, high: estimate.highSeconds });
  }
  return told;
}

function factsOf(asked: Asked): { at: number; row: OutcomeRow }[] {
  const { id, agent, requestedAt, offers, acceptedAt, endedAt } = asked;
  const row: OutcomeRow = {
    handoff: id as HandoffId,
    queue: QUEUE,
    skills: [],
    agent,
    waitingSince: millis(requestedAt),
    offeredAt: offers[0] ? millis(offers[0].at) : null,
    acceptedAt: acceptedAt === null ? null : millis(acceptedAt),
    endedAt: endedAt === null ? null : millis(endedAt),
    outcome: endedAt === null ? null : acceptedAt === null ? 'cancelled_by_customer' : 'resolved',
  };
  return [
    ...(acceptedAt === null ? [] : [{ at: acceptedAt, row: { ...row, endedAt: null, outcome: null } }]),
    ...(endedAt === null ? [] : [{ at: endedAt, row }]),
  ];
}

function lineAt(all: readonly Asked[], at: number): LineState {
  const waiting = all.filter((one) => one.requestedAt <= at && at < (one.acceptedAt ?? one.endedAt ?? at));
  return { asOf: millis(at), shifts: [], waiting: waiting.map((one) => waitingRow(one, at)), team: teamAt(all, at) };
}

function waitingRow({ id, requestedAt, offers }: Asked, at: number): LineState['waiting'][number] {
  const offer = offers.findLast((one) => one.at <= at);
  const since = millis(requestedAt);
  return {
    handoff: id as HandoffId,
    conversation: 'cnv_rush',
    phase: offer ? 'offered' : 'queued',
    queue: QUEUE,
    priority: 0,
    front: false,
    waitingSince: since,
    requestedAt: since,
    queuedAt: since,
    skills: [],
    preferredSkills: [],
    language: null,
    lastAgent: null,
    channel: '',
    passedOver: [],
    offeredTo: offer?.agent ?? null,
    offeredAt: offer ? millis(offer.at) : null,
    told: null,
    passOverSeconds: 0,
  };
}

function teamAt(all: readonly Asked[], at: number): TeamRow[] {
  return Array.from({ length: AGENTS }, (_, index): TeamRow => {
    const id = `agt_${index}`;
    const own = all.filter((one) => one.agent === id && (one.acceptedAt ?? at) <= at && at < (one.endedAt ?? at));
    const running = own.map(({ acceptedAt }) => ({ queue: QUEUE, skills: [], since: millis(acceptedAt ?? at) }));
    return {
      agent: { id, name: id },
      presence: 'online',
      queues: null,
      skills: null,
      capacity: CAPACITY,
      load: running.length,
      ringing: false,
      idleSince: 0,
      active: running.length,
      wrapping: 0,
      running,
    };
  });
}

function millis(at: number): number {
  return BEGIN + Math.round(1_000 * at);
}
