import { type Law, remaining } from './law.ts';
import { normalQuantile } from './normal.ts';
import { type Patience, staysFor } from './patience.ts';
import { randoms, stratified } from './random.ts';

/** One who answers, as of now. Seconds throughout. */
export interface Server {
  /** Kinds of conversation that he takes, by index; null is all. */
  kinds: ReadonlySet<number> | null;
  /** Conversations at once. */
  capacity: number;
  /** What he has now: its kind, and for how long. */
  running: readonly { kind: number; age: number }[];
  /** For how long he has had room while somebody waited whom he could have taken: a pause that is still going on. */
  idle: number | null;
  /** Until he comes on; 0 is present. */
  onIn: number;
  /** Until he goes off, to whatever he still has then and nothing new; Infinity where nobody planned it. */
  offIn: number;
}

/** One who waits. */
export interface Waiter {
  kind: number;
  waited: number;
  /** Seconds that he is ahead by: among others, the larger goes first. With plain first come first served his wait so far. */
  rank: number;
}

/** Those of this kind who will come, and by how many seconds they go before whoever came at the same moment. */
export interface Overtaking {
  kind: number;
  perSecond: number;
  credit: number;
}

/** What was measured, by kind. */
export interface Laws {
  /** From accepting to the end. */
  handle: readonly Law[];
  /** From the end of one to being ready for the next, while somebody waits; null: at once. */
  pause: Law | null;
  /** From being asked to having accepted; null: at once. */
  answer: Law | null;
  patience: readonly Patience[];
}

export interface Situation {
  servers: readonly Server[];
  /** By rank, the first to be served first. */
  waiting: readonly Waiter[];
  overtaking?: readonly Overtaking[];
  /** Of somebody of these kinds who comes now it is told, too. */
  newcomers?: readonly number[];
  laws: Laws;
  /** Relative error of the mean handle time, which is itself only measured: each path has its own. */
  doubt?: number;
}

/** What would become of everybody, in each path. Ascending waits from now in seconds; Infinity where nobody ever comes. */
export interface Outcomes {
  /** Of those who wait, in their order. */
  waiting: Float64Array[];
  /** Of somebody who comes now, in the order of `newcomers`. */
  newcomer: Float64Array[];
}

export const PATHS = 200;

/**
 * Plays what may happen from now on, `paths` times: running conversations end as their ages say, agents pause, come and
 * go, people ahead leave as their patience says, whoever is free takes the first in the line whom he can serve. One play
 * serves the whole line. (Conditional simulation; ages after Whitt 1999, leaving after Ibrahim and Whitt 2009.)
 *
 * In routing order "the earliest free slot that serves him" is the same as "who becomes free takes the first whom he
 * serves", so a path needs no calendar of events. The same seed gives the same answer.
 */
export function simulate(situation: Situation, seed: number, paths: number = PATHS): Outcomes {
  const run = new Run(situation, seed, paths);
  for (let path = 0; path < paths; path++) run.play(path);
  return run.outcomes();
}

/** For a share from 0 to 1: the time that this share of such times has at most. */
type Quantile = (share: number) => number;

interface Slot {
  onIn: number;
  offIn: number;
  /** The slots of the same agent, by index: from this one ... */
  from: number;
  /** ... to before that one. */
  to: number;
  /** Of what runs in it; null: nothing does. */
  left: Quantile | null;
  shares: Float64Array;
  /** Of the pause that may follow. */
  pauses: Float64Array;
  /** Of the pause that its agent is taking, which all his slots share; null: he takes none. */
  paused: { left: Quantile; shares: Float64Array } | null;
}

interface Entry {
  waiter: Waiter;
  starts: Float64Array;
  /** Somebody who comes now takes nothing away from anybody: he is only asked when his turn would be. */
  real: boolean;
  /** Null: he stays. */
  patience: Patience | null;
  stays: Float64Array;
  takes: Float64Array;
  pauses: Float64Array;
  answers: Float64Array;
}

/** Agents answer faster or slower than lately, all together: standard deviation of the logarithm. */
const ANSWER_DOUBT = 0.25;

const NEVER = Number.POSITIVE_INFINITY;
const NOBODY = new Float64Array(0);

class Run {
  readonly #situation: Situation;
  readonly #slots: Slot[] = [];
  readonly #waiting: Entry[];
  readonly #newcomer: Entry[];
  /** Both, the first to be served first. */
  readonly #entries: Entry[];
  /** When each slot is free, in the path that is being played. */
  readonly #free: Float64Array;
  /** The slots that serve a kind, by index. */
  readonly #serving: Int32Array[];
  readonly #fresh: Quantile[];
  readonly #pause: Quantile | null;
  readonly #answer: Quantile | null;
  readonly #scale: Float64Array;
  readonly #answerScale: Float64Array;
  readonly #random: () => number;
  #overtakers: { at: number; rank: number; kind: number }[] = [];

  constructor(situation: Situation, seed: number, paths: number) {
    const { laws, servers, waiting } = situation;
    const streams = streamsOf(seed, paths);
    const shares = () => streams.next();
    this.#situation = situation;
    this.#random = randoms(~seed);
    this.#fresh = laws.handle.map((law) => remaining(law, 0));
    this.#pause = laws.pause && remaining(laws.pause, 0);
    this.#answer = laws.answer && remaining(laws.answer, 0);
    const doubt = situation.doubt ?? 0;
    this.#scale = scales(doubt, shares());
    this.#answerScale = scales(this.#answer ? ANSWER_DOUBT : 0, shares());
    for (const server of servers) this.#addSlots(server, shares);
    this.#free = new Float64Array(this.#slots.length);
    const kindsOfSlots = servers.flatMap(({ kinds, capacity }) => Array.from({ length: capacity }, () => kinds));
    this.#serving = laws.handle.map((_, kind) =>
      Int32Array.from(kindsOfSlots.flatMap((kinds, slot) => (kinds === null || kinds.has(kind) ? [slot] : []))),
    );
    const drawn = this.#pause ? shares : () => NOBODY;
    const answered = this.#answer ? shares : () => NOBODY;
    this.#waiting = waiting.map((waiter) => {
      const patience = laws.patience[waiter.kind] ?? null;
      const leaves = patience?.rates.some((rate) => rate > 0) ? patience : null;
      const starts = new Float64Array(paths);
      const own = { stays: shares(), takes: shares(), pauses: drawn(), answers: answered() };
      return { waiter, starts, real: true, patience: leaves, ...own };
    });
    this.#newcomer = (situation.newcomers ?? []).map((kind) => {
      const waiter = { kind, waited: 0, rank: creditOf(situation, kind) };
      const starts = new Float64Array(paths);
      const own = { stays: NOBODY, takes: NOBODY, pauses: NOBODY, answers: answered() };
      return { waiter, starts, real: false, patience: null, ...own };
    });
    this.#entries = [...this.#waiting, ...this.#newcomer].sort((a, b) => b.waiter.rank - a.waiter.rank);
  }

  outcomes(): Outcomes {
    const sorted = ({ starts }: Entry) => starts.sort();
    return { waiting: this.#waiting.map(sorted), newcomer: this.#newcomer.map(sorted) };
  }

  #addSlots(server: Server, shares: () => Float64Array): void {
    const { laws } = this.#situation;
    const { onIn, offIn, idle, capacity } = server;
    const paused = idle !== null && laws.pause ? { left: remaining(laws.pause, idle), shares: shares() } : null;
    const from = this.#slots.length;
    // Whoever has more than he may take keeps it; it frees nothing until he is below his capacity again.
    for (let slot = 0; slot < capacity; slot++) {
      const running = server.running[slot];
      const law = running && laws.handle[running.kind];
      const left = running && law ? remaining(law, running.age) : null;
      const drawn = left ? shares() : NOBODY;
      const pauses = left && this.#pause ? shares() : NOBODY;
      this.#slots.push({ onIn, offIn, from, to: from + capacity, left, shares: drawn, pauses, paused });
    }
  }

  play(path: number): void {
    for (let slot = 0; slot < this.#slots.length; slot++) this.#free[slot] = this.#firstFree(slot, path);
    if (this.#situation.overtaking) this.#drawOvertakers(this.#situation.overtaking);
    let next = 0;
    for (const { waiter, starts, real, patience, stays, takes, pauses, answers } of this.#entries) {
      const { kind, rank, waited } = waiter;
      const answer = (this.#answer?.(answers[path] ?? 0) ?? 0) * (this.#answerScale[path] ?? 1);
      let slot = this.#earliest(kind);
      for (let other = this.#overtakers[next]; other && other.rank > rank; other = this.#overtakers[++next]) {
        // Who comes too late for what becomes free first overtakes nobody there.
        if (other.at > (this.#free[slot] ?? NEVER)) break;
        this.#take(this.#earliest(other.kind), other.kind, this.#random(), this.#random(), answer, path);
        slot = this.#earliest(kind);
      }
      const asked = this.#free[slot] ?? NEVER;
      starts[path] = asked + answer;
      if (!real || asked === NEVER) continue;
      if (patience && staysFor(patience, waited, stays[path] ?? 0) < asked) continue;
      this.#take(slot, kind, takes[path] ?? 0, pauses[path] ?? 0, answer, path);
    }
  }

  #firstFree(index: number, path: number): number {
    const slot = this.#slots[index];
    if (!slot) return NEVER;
    const { left, shares, pauses, paused, onIn, offIn } = slot;
    let free = onIn;
    if (left) free = left(shares[path] ?? 0) * (this.#scale[path] ?? 1) + (this.#pause?.(pauses[path] ?? 0) ?? 0);
    if (paused) free = Math.max(free, paused.left(paused.shares[path] ?? 0));
    return free >= offIn ? NEVER : free;
  }

  /** The slot that is free first for this kind, by index; -1 where none will be. */
  #earliest(kind: number): number {
    const serving = this.#serving[kind];
    const free = this.#free;
    let best = -1;
    let soonest = NEVER;
    if (!serving) return best;
    if (serving.length === free.length) {
      for (let slot = 0; slot < free.length; slot++) {
        const at = free[slot] ?? NEVER;
        if (at < soonest) {
          soonest = at;
          best = slot;
        }
      }
      return best;
    }
    for (let index = 0; index < serving.length; index++) {
      const slot = serving[index] ?? 0;
      const at = free[slot] ?? NEVER;
      if (at < soonest) {
        soonest = at;
        best = slot;
      }
    }
    return best;
  }

  #take(index: number, kind: number, share: number, pauseShare: number, answer: number, path: number): void {
    const slot = this.#slots[index];
    if (!slot) return;
    const { from, to, offIn } = slot;
    const accepted = (this.#free[index] ?? NEVER) + answer;
    const handle = (this.#fresh[kind]?.(share) ?? 0) * (this.#scale[path] ?? 1);
    const free = accepted + handle + (this.#pause?.(pauseShare) ?? 0);
    this.#free[index] = free >= offIn ? NEVER : free;
    if (answer === 0) return;
    // A person answers one ring at a time: his other slots are good for nobody before.
    for (let other = from; other < to; other++) {
      if (other !== index && (this.#free[other] ?? NEVER) < accepted)
        this.#free[other] = accepted >= offIn ? NEVER : accepted;
    }
  }

  /** Those who will come and go before somebody who waits already, in the order in which they are served. */
  #drawOvertakers(overtaking: readonly Overtaking[]): void {
    this.#overtakers = [];
    for (const { kind, perSecond, credit } of overtaking) {
      if (perSecond <= 0 || credit <= 0) continue;
      const gap = () => -Math.log(1 - this.#random()) / perSecond;
      for (let at = gap(); at < credit; at += gap()) this.#overtakers.push({ at, rank: credit - at, kind });
    }
    this.#overtakers.sort((a, b) => b.rank - a.rank);
  }
}

function scales(doubt: number, shares: Float64Array): Float64Array {
  return shares.map((share) => (doubt === 0 ? 1 : Math.exp(doubt * normalQuantile(share))));
}

/** What somebody of this kind who comes now is ahead by. */
function creditOf({ overtaking }: Situation, kind: number): number {
  return overtaking?.find((one) => one.kind === kind)?.credit ?? 0;
}

/** Shares for one path after the other, as many lists as a run asks for: made once for each seed that is in use. */
class Streams {
  readonly seed: number;
  readonly paths: number;
  readonly #random: () => number;
  readonly #made: Float64Array[] = [];
  #given = 0;

  constructor(seed: number, paths: number) {
    this.seed = seed;
    this.paths = paths;
    this.#random = randoms(seed);
  }

  again(): this {
    this.#given = 0;
    return this;
  }

  next(): Float64Array {
    const index = this.#given++;
    const made = this.#made[index] ?? stratified(this.paths, this.#random);
    this.#made[index] = made;
    return made;
  }
}

/** The shares depend on seed and number alone, so looks that follow each other share them; that is half of their cost. */
let lastStreams = new Streams(0, 0);

function streamsOf(seed: number, paths: number): Streams {
  if (lastStreams.seed !== seed || lastStreams.paths !== paths) lastStreams = new Streams(seed, paths);
  return lastStreams.again();
}
