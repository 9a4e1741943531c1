import { DeskEstimator, type Range, rangeOfWaits, type Waited } from '@baton/core';
import type { Scenario, Times } from './scenarios.ts';
import { type Judged, scores } from './score.ts';
import { type Chat, type Onlooker, type Visitor, World } from './world.ts';

/** Visitors whose waits are learned from and not scored. */
const WARM_UP = 300;
/** What was told before: as long as the last ones waited. */
const LAST = 100;
const OURS = 0;
const HOUR = 3_600;

const lognormal = (minutes: number, variation: number): Times => ({ law: 'lognormal', mean: minutes * 60, variation });

/**
 * Outside desks: agents who have others' customers, too (kind 1), whom nobody sees, work by shifts that nobody tells, and
 * are away for a moment after half of their conversations.
 */
const desk = (name: string, what: string, load: number, others: number, agents: number): Scenario => {
  const rate = (share: number) => (second: number) =>
    (share * load * (1 + 0.5 * Math.sin((2 * Math.PI * second) / (8 * HOUR))) * agents * 2) / (10 * 60);
  const plan = [
    { from: 0, agents: Math.ceil(0.7 * agents) },
    { from: 2 * HOUR, agents },
    { from: 6 * HOUR, agents: Math.ceil(0.7 * agents) },
  ];
  return {
    name,
    what,
    wellSpecified: false,
    day: 8 * HOUR,
    arrivals: [rate(1 - others), rate(others)],
    crews: [{ plan, capacity: 2, kinds: null }],
    handle: lognormal(10, 1),
    patience: { law: 'exponential', mean: 20 * 60, variation: 1 },
    slowdown: 0,
    breaks: { probability: 0.5, seconds: 90 },
  };
};

export const DESKS: readonly Scenario[] = [
  desk('own-desk', 'a desk that serves our customers alone', 0.9, 0, 6),
  desk('shared-desk', 'half of its customers are not ours', 0.9, 0.5, 6),
  desk('small-desk', 'three agents; a fifth of their customers is not ours', 0.9, 0.2, 3),
];

export interface DeskReport {
  desk: string;
  what: string;
  waits: number;
  meanWaitSeconds: number;
  /** Before: as long as the last hundred waited. */
  rules: Record<'baton' | 'last 100', { rrmse: number; coverage: number; widthSeconds: number }>;
}

export function deskReport(scenario: Scenario, seed: number, visitors: number): DeskReport {
  const play = new Play();
  new World(scenario, seed, play).run(WARM_UP + visitors);
  const waits = play.ours;
  const meanWaitSeconds = waits.reduce((sum, { waited }) => sum + waited, 0) / waits.length;
  const of = (judged: readonly Judged[]) => {
    const { rmse, coverage, width } = scores(judged).served;
    return { rrmse: rmse / meanWaitSeconds, coverage: coverage ?? 0, widthSeconds: width ?? 0 };
  };
  const rules = { baton: of(play.ours), 'last 100': of(play.last) };
  return { desk: scenario.name, what: scenario.what, waits: waits.length, meanWaitSeconds, rules };
}

class Play implements Onlooker {
  readonly ours: Judged[] = [];
  readonly last: Judged[] = [];
  readonly #estimator = new DeskEstimator();
  readonly #waits: Waited[] = [];
  readonly #said = new Map<string, { ours: Range; last: Range }>();

  joined({ id, kind, at }: Visitor): void {
    if (kind !== OURS) return;
    this.#estimator.joined(id, at, OURS);
    const ours = this.#estimator.look(at).waiting.get(id);
    const last = rangeOfWaits(this.#waits.slice(-LAST));
    if (Number(id.slice(1)) > WARM_UP && ours && last) this.#said.set(id, { ours, last });
  }

  served(visitor: Visitor, waited: number | null, _pause: number | null, world: World): void {
    const { id, kind } = visitor;
    if (kind !== OURS) return;
    const agent = world.agents.findIndex(({ chats }) => chats.some((chat) => chat.visitor === visitor));
    if (waited === null) this.#estimator.joined(id, world.now, OURS);
    this.#estimator.served(id, world.now, `agent ${agent}`);
    this.#waits.push({ seconds: waited ?? 0, left: false });
    if (waited !== null) this.#judge(id, waited);
  }

  left({ id, kind }: Visitor, waited: number, { now }: World): void {
    if (kind !== OURS) return;
    this.#estimator.left(id, now);
    this.#waits.push({ seconds: waited, left: true });
  }

  wouldHaveBeenServed({ id }: Visitor, waited: number): void {
    this.#judge(id, waited);
  }

  ended({ visitor }: Chat, { now }: World): void {
    if (visitor.kind === OURS) this.#estimator.ended(visitor.id, now);
  }

  #judge(id: string, waited: number): void {
    const said = this.#said.get(id);
    if (!said) return;
    this.#said.delete(id);
    this.ours.push(judged(said.ours, waited));
    this.last.push(judged(said.last, waited));
  }
}

function judged({ low, middle, high }: Range, waited: number): Judged {
  return { waited, left: false, mean: middle, middle, low, high };
}
