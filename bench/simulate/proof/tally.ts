import type { EventItem } from '@baton/protocol';
import { percentile } from './percentile.ts';
import type { Fault, FaultKind } from './verdict.ts';
import type { Cause, HandoffStory, Kept } from './waits.ts';

/** Faults, and unfinished conversations, that are told in words; the rest is counted. */
const MOST_TOLD = 20;

type Counts = Record<string, number>;

/** What `--json` prints. Times are real seconds and milliseconds of the run, not divided by anything. */
export interface Report {
  seed: string;
  speed: number;
  agents: number;
  capacity: number;
  seconds: number;
  /** Why the run ended: everything was played, the time was over, or somebody stopped it. */
  ended: 'done' | 'time' | 'stopped';
  conversations: { played: number; finished: number; unfinished: number };
  /** Lines of customers that were said. */
  turns: number;
  escalated: {
    conversations: number;
    handoffs: number;
    causes: Record<Cause, number>;
    reasons: Counts;
    outcomes: Counts;
  };
  /** Of the handoffs: what was told first, and whether it came true. */
  waits: {
    promised: number;
    unknown: number;
    untold: number;
    kept: Record<Kept, number>;
    /** The same after warm-up: once something was measured, and estimates do not rest on what is usual elsewhere. */
    warm: { kept: Record<Kept, number>; withinShare: number | null };
    p50Seconds: number | null;
    p90Seconds: number | null;
  };
  messages: {
    sent: { customers: number; agents: number; bots: number; baton: number };
    received: { customers: number; agents: number };
    perSecond: number;
  };
  /** From handing a message to the socket to its acknowledgement, and to its receipt by the other human. */
  latency: {
    ackP50Ms: number | null;
    ackP99Ms: number | null;
    deliveryP50Ms: number | null;
    deliveryP99Ms: number | null;
  };
  lost: number;
  doubled: number;
  outOfOrder: number;
  botOverHuman: number;
  /** Turns after which nobody said anything for too long: the bot for 40 s, an agent for 10 minutes at human speed. */
  silences: { bot: number; agent: number };
  cuts: { customers: number; agents: number };
  refusals: Counts;
  faults: Fault[];
  /** Where the conversations stood that were not finished. */
  stuck: string[];
}

/** Adds up a run. */
export class Tally {
  readonly faults: Record<FaultKind, number> = { lost: 0, doubled: 0, outOfOrder: 0, botOverHuman: 0 };
  played = 0;
  finished = 0;
  turns = 0;
  readonly #told: Fault[] = [];
  readonly #stuck: string[] = [];
  readonly #stories: HandoffStory[] = [];
  readonly #sent = { customers: 0, agents: 0, bots: 0, baton: 0 };
  readonly #received = { customers: 0, agents: 0 };
  readonly #refusals: Counts = {};
  readonly #acks: number[] = [];
  readonly #deliveries: number[] = [];
  #agentTurns = 0;
  #escalated = 0;
  readonly #silences = { bot: 0, agent: 0 };
  readonly #cuts = { customers: 0, agents: 0 };

  turn(): void {
    this.turns++;
  }

  agentTurn(): void {
    this.#agentTurns++;
  }

  received(by: 'customers' | 'agents'): void {
    this.#received[by]++;
  }

  refused(code: string): void {
    this.#refusals[code] = (this.#refusals[code] ?? 0) + 1;
  }

  acknowledged(ms: number): void {
    this.#acks.push(ms);
  }

  delivered(ms: number): void {
    this.#deliveries.push(ms);
  }

  /** A conversation that did not come to its end. */
  unfinished(whereabouts: string): void {
    if (this.#stuck.length < MOST_TOLD) this.#stuck.push(whereabouts);
  }

  /** Messages so far, for the line that shows progress. */
  get messagesSoFar(): number {
    return this.turns + this.#agentTurns;
  }

  /** One conversation is over and proven. */
  add(one: {
    log: readonly EventItem[];
    stories: readonly HandoffStory[];
    faults: readonly Fault[];
    silences: { bot: number; agent: number };
    customerCuts: number;
    agentCuts: number;
  }): void {
    for (const { event } of one.log) if (event.type === 'message') this.#sent[SIDES[event.message.author.role]]++;
    this.#stories.push(...one.stories);
    if (one.stories.length > 0) this.#escalated++;
    for (const fault of one.faults) {
      this.faults[fault.kind]++;
      if (this.#told.length < MOST_TOLD) this.#told.push(fault);
    }
    this.#silences.bot += one.silences.bot;
    this.#silences.agent += one.silences.agent;
    this.#cuts.customers += one.customerCuts;
    this.#cuts.agents += one.agentCuts;
  }

  report(run: Pick<Report, 'seed' | 'speed' | 'agents' | 'capacity' | 'seconds' | 'ended'>): Report {
    const sent = this.#sent;
    const total = sent.customers + sent.agents + sent.bots + sent.baton;
    return {
      ...run,
      conversations: { played: this.played, finished: this.finished, unfinished: this.played - this.finished },
      turns: this.turns,
      escalated: this.#escalations(),
      waits: this.#waits(),
      messages: { sent, received: this.#received, perSecond: run.seconds > 0 ? total / run.seconds : 0 },
      latency: {
        ackP50Ms: percentile(this.#acks, 0.5),
        ackP99Ms: percentile(this.#acks, 0.99),
        deliveryP50Ms: percentile(this.#deliveries, 0.5),
        deliveryP99Ms: percentile(this.#deliveries, 0.99),
      },
      ...this.faults,
      silences: this.#silences,
      cuts: this.#cuts,
      refusals: this.#refusals,
      faults: this.#told,
      stuck: this.#stuck,
    };
  }

  #escalations(): Report['escalated'] {
    const causes: Record<Cause, number> = { words: 0, yes: 0, script: 0, other: 0 };
    const reasons: Counts = {};
    const outcomes: Counts = {};
    for (const { cause, reason, outcome } of this.#stories) {
      causes[cause]++;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return { conversations: this.#escalated, handoffs: this.#stories.length, causes, reasons, outcomes };
  }

  #waits(): Report['waits'] {
    let unknown = 0;
    let untold = 0;
    const waited: number[] = [];
    for (const story of this.#stories) {
      if (story.promised === null) unknown++;
      else if (story.promised === undefined) untold++;
      if (story.waitedSeconds !== null) waited.push(story.waitedSeconds);
    }
    const promised = this.#stories.length - unknown - untold;
    const warm = keptOf(this.#stories.filter((story) => story.promised && story.promised.basis !== 'prior'));
    const known = warm.within + warm.early + warm.late;
    return {
      promised,
      unknown,
      untold,
      kept: keptOf(this.#stories),
      warm: { kept: warm, withinShare: known === 0 ? null : warm.within / known },
      p50Seconds: percentile(waited, 0.5),
      p90Seconds: percentile(waited, 0.9),
    };
  }
}

function keptOf(stories: readonly HandoffStory[]): Record<Kept, number> {
  const kept: Record<Kept, number> = { within: 0, early: 0, late: 0, unserved: 0 };
  for (const story of stories) if (story.kept) kept[story.kept]++;
  return kept;
}

const SIDES = { customer: 'customers', agent: 'agents', bot: 'bots', system: 'baton' } as const;
