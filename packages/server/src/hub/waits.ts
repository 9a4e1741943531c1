import {
  type Estimate,
  Estimator,
  estimateOf,
  type HandoffId,
  Kinds,
  type Millis,
  Overtakers,
  onShift,
  type QueueId,
  type Range,
  Rings,
  rankSeconds,
  type Server,
  type Shift,
  type Waiter,
  type Waiting,
} from '@baton/core';
import type { TeamRow, WaitingRow } from '#store/line.ts';
import type { OutcomeRow } from '#store/outcomes.ts';
import { pastLine } from './past-line.ts';
import { turnsOf } from './waits-time.ts';

/** Outcomes older than this say little about today. */
export const OUTCOMES_MS = 30 * 86_400_000;
/** What happened on another node may be stored so much later than it happened. */
export const LATE_MS: Millis = 60_000;
/** Outcomes of each queue that are read at first; and then, at once. */
export const MOST_OUTCOMES = 2_000;
/** People who are simulated; who stands further behind is told in proportion. Thousands must not stop the server. */
const MOST_SIMULATED = 100;
/** Waits that a new node goes through again, the last ones; and how many in one go. */
const MOST_LEARNED = 1_000;
const LEARNED_AT_ONCE = 10;
/** A look is good for so long while nothing moves. */
const LOOK_MS = 5_000;
/** Shifts further ahead bring nobody who matters for a wait that can be told. */
const COMING_MS = 8 * 3_600_000;

/** The line of a workspace as of one moment. */
export interface LineState {
  asOf: Millis;
  /** In routing order. */
  waiting: readonly (WaitingRow & Waiting)[];
  team: readonly TeamRow[];
  shifts: readonly Shift[];
}

/** Something that happened to a handoff. */
interface Fact {
  key: string;
  at: Millis;
  happen: () => void;
}

interface Seen {
  signature: string;
  asOf: Millis;
  waiting: Map<HandoffId, Range | null>;
  newcomers: Map<QueueId, Range | null>;
}

/**
 * What is known of the waits of one workspace, in memory: tells the estimator of core what happened, and asks it. All of
 * it comes from the handoffs that are stored, so a node that has just started knows what the others do.
 */
export class Waits {
  readonly #estimator = new Estimator({ rings: true });
  readonly #rings = new Rings();
  readonly #kinds = new Kinds();
  readonly #overtakers = new Overtakers();
  /** Queues of which somebody wanted to know what a newcomer would wait. */
  readonly #asked = new Set<QueueId>();
  /** Who waited when it was looked at last, the offered ones apart. */
  #waiting = new Set<HandoffId>();
  /** What happened to which handoff when, as far as it was taken. */
  #took = new Set<string>();
  #seen: Seen | null = null;

  /**
   * What became of handoffs, in any order; what was taken before is not taken again.
   * @param team for what each agent takes at once
   */
  take(rows: readonly OutcomeRow[], team: readonly Pick<TeamRow, 'agent' | 'capacity'>[]): void {
    for (const { agent, capacity } of team) this.#rings.capacity(agent.id, capacity);
    const facts = this.#newFacts(rows);
    for (const { happen } of facts) happen();
    if (facts.length > 0) this.#seen = null;
  }

  /**
   * Learns from stored outcomes as if it had been there: what it would have expected of each wait when it began, and what
   * came of it. For a node that has just started; nothing may have been taken before.
   * @param breathe lets others work
   */
  async learn(rows: readonly OutcomeRow[], team: readonly TeamRow[], breathe: () => Promise<void>): Promise<void> {
    for (const { agent, capacity } of team) this.#rings.capacity(agent.id, capacity);
    const facts = this.#newFacts(rows);
    const began = rows.toSorted((a, b) => a.waitingSince - b.waitingSince).slice(-MOST_LEARNED);
    let next = 0;
    for (const [index, { handoff, waitingSince }] of began.entries()) {
      for (; (facts[next]?.at ?? Number.POSITIVE_INFINITY) <= waitingSince; next++) facts[next]?.happen();
      this.of(pastLine(rows, team, waitingSince), handoff);
      if (index % LEARNED_AT_ONCE === 0) await breathe();
    }
    for (const { happen } of facts.slice(next)) happen();
    this.#waiting = new Set();
    this.#seen = null;
  }

  /** What to expect of this handoff; null: nobody can tell. */
  of(line: LineState, handoff: HandoffId): Estimate | null {
    const seen = this.#look(line);
    const range = seen.waiting.get(handoff);
    return range ? estimateOf(range, seen.asOf) : null;
  }

  /** What to expect of somebody who comes to this queue now and needs nothing special. */
  newcomer(line: LineState, queue: QueueId): Estimate | null {
    if (!this.#asked.has(queue)) {
      this.#asked.add(queue);
      this.#seen = null;
    }
    const seen = this.#look(line);
    const range = seen.newcomers.get(queue);
    return range ? estimateOf(range, seen.asOf) : null;
  }

  /** What was not taken before, in the order in which it happened. */
  #newFacts(rows: readonly OutcomeRow[]): Fact[] {
    const facts = rows.flatMap((row) => this.#factsOf(row)).filter(({ key }) => !this.#took.has(key));
    this.#took = new Set([...this.#took, ...facts.map(({ key }) => key)].slice(-4 * MOST_OUTCOMES));
    return facts.sort((a, b) => a.at - b.at);
  }

  #factsOf(row: OutcomeRow): Fact[] {
    const { handoff, queue, skills, agent, waitingSince, offeredAt, acceptedAt, endedAt, outcome } = row;
    const kind = this.#kinds.of({ queue, skills });
    const facts: Fact[] = [];
    if (acceptedAt !== null) {
      const happen = () => {
        this.#estimator.served(handoff, acceptedAt / 1_000, kind, seconds(waitingSince, acceptedAt));
        if (agent !== null && offeredAt !== null)
          this.#estimator.answered(this.#rings.accepted(agent, { waitingSince, offeredAt, acceptedAt }));
      };
      facts.push({ key: `${handoff} ${acceptedAt}`, at: acceptedAt, happen });
    }
    if (endedAt !== null) {
      const happen = () => {
        if (acceptedAt !== null) {
          this.#estimator.ended(endedAt / 1_000, kind, seconds(acceptedAt, endedAt));
          if (agent !== null) this.#rings.ended(agent, endedAt);
        } else if (outcome === 'abandoned' || outcome === 'cancelled_by_customer')
          this.#estimator.left(handoff, endedAt / 1_000, kind, seconds(waitingSince, endedAt));
        else this.#estimator.forget(handoff);
      };
      facts.push({ key: `${handoff} ${endedAt}`, at: endedAt, happen });
    }
    return facts;
  }

  #look(line: LineState): Seen {
    const signature = signatureOf(line);
    const last = this.#seen;
    if (last && last.signature === signature && Math.abs(line.asOf - last.asOf) < LOOK_MS) return last;
    const asked = line.waiting.filter(({ phase }) => phase === 'offered');
    const rows = line.waiting.filter(({ phase, notBefore }) => phase !== 'offered' && (notBefore ?? 0) <= line.asOf);
    const simulated = rows.slice(0, MOST_SIMULATED);
    const kinds = simulated.map((row) => this.#kinds.of(row));
    const queues = [...this.#asked];
    const newcomers = queues.map((queue) => this.#kinds.of({ queue, skills: [] }));
    const waiting = simulated.map((row, index): Waiter => {
      const waited = Math.max(0, seconds(row.waitingSince, line.asOf));
      return { kind: kinds[index] ?? 0, waited, rank: rankSeconds(row, line.asOf) };
    });
    const now = line.asOf / 1_000;
    const fresh = this.#arrive(rows);
    const looked = this.#estimator.look(
      { now, servers: this.#serversOf(line, asked), waiting, newcomers, overtaking: this.#overtakers.expected(now) },
      this.#kinds.count,
    );
    // What is expected of those who have just come is compared with how long they wait.
    for (const [index, { handoff }] of simulated.entries()) {
      const expected = looked.waiting[index];
      if (expected && fresh.has(handoff)) this.#estimator.expect(handoff, now, kinds[index] ?? 0, expected);
    }
    const seen: Seen = { signature, asOf: line.asOf, waiting: new Map(), newcomers: new Map() };
    for (const [index, row] of rows.entries()) {
      const last = looked.waiting[Math.min(index, MOST_SIMULATED - 1)] ?? null;
      seen.waiting.set(row.handoff, last && times(last, Math.max(1, (index + 1) / MOST_SIMULATED)));
    }
    for (const { handoff, offeredAt } of asked)
      seen.waiting.set(handoff, this.#estimator.asked(Math.max(0, seconds(offeredAt ?? line.asOf, line.asOf))));
    for (const [index, queue] of queues.entries()) seen.newcomers.set(queue, looked.newcomer[index] ?? null);
    this.#seen = seen;
    return seen;
  }

  /** @returns those who were not there before */
  #arrive(rows: readonly (WaitingRow & Waiting)[]): ReadonlySet<HandoffId> {
    const fresh = rows.filter(({ handoff }) => !this.#waiting.has(handoff));
    for (const row of fresh) {
      const at = row.waitingSince / 1_000;
      this.#estimator.arrived(at);
      // Who is at the front had an agent before: he did not come with a head start.
      if (!row.front) this.#overtakers.came(at, this.#kinds.of(row), rankSeconds(row, row.waitingSince));
    }
    this.#waiting = new Set(rows.map(({ handoff }) => handoff));
    return new Set(fresh.map(({ handoff }) => handoff));
  }

  #serversOf({ team, shifts, asOf }: LineState, asked: readonly WaitingRow[]): Server[] {
    const working = onShift(shifts, asOf);
    return team.flatMap((agent): Server[] => {
      const { capacity, load, running, wrapping, presence } = agent;
      const { onIn, offIn } = turnsOf(agent, shifts, working, asOf);
      if (capacity <= 0 || onIn > COMING_MS / 1_000) return [];
      const ringing = asked.filter(({ offeredTo }) => offeredTo === agent.agent.id);
      const busy = [
        ...running.map((row) => ({ kind: this.#kinds.of(row), age: Math.max(0, seconds(row.since, asOf)) })),
        ...ringing.map((row) => ({ kind: this.#kinds.of(row), age: 0 })),
      ];
      const there = presence === 'online';
      // What is wrapped up is over in a moment, so it counts as free; what a heavy conversation takes is no slot.
      const free = there ? Math.max(0, Math.floor(capacity - load + 1e-9)) + wrapping : Math.floor(capacity);
      const slots = there ? Math.min(Math.max(1, Math.floor(capacity)), busy.length + free) : free;
      return [
        {
          kinds: this.#kinds.takenBy(agent),
          capacity: slots,
          running: there ? busy : [],
          idle: null,
          onIn,
          offIn,
        },
      ];
    });
  }
}

function seconds(from: Millis, to: Millis): number {
  return Math.max(0, to - from) / 1_000;
}

function times({ low, middle, high, basis }: Range, factor: number): Range {
  return { low: low * factor, middle: middle * factor, high: high * factor, basis };
}

/** What a look depends on, apart from the time. */
function signatureOf({ waiting, team, shifts }: LineState): string {
  const rows = waiting.map(({ handoff, phase }) => `${handoff}${phase[0]}`);
  const agents = team.map(
    ({ agent, presence, backAt, capacity, load, active }) =>
      `${agent.id}${presence}${backAt}${capacity} ${load} ${active}`,
  );
  return `${rows} ${agents} ${shifts.length}`;
}
