import { type Figure, figureOf } from '#bench/measure/figures.ts';
import { NAMES, type Name } from './contender.ts';
import { isSound, type Measured } from './load.ts';
import { PACES, type PaceName, type RelayPlan, type Run } from './plan.ts';

/** What is told of each contender at each pace. Times in milliseconds, CPU in microseconds a message. */
export const MEASURES = [
  'messagesPerSecond',
  'ackP50',
  'ackP99',
  'relayP50',
  'relayP99',
  'serverMicros',
  'databaseMicros',
  'cpuMicros',
  'serverMegabytes',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Null where nothing was measured, as at a pace that nobody can take. */
export type Figures = Readonly<Record<Measure, Figure | null>>;

/** Baton's figure as so many times another's, round by round. */
export interface Ratios {
  pace: PaceName;
  to: Exclude<Name, 'baton'>;
  times: Figures;
}

export interface Aim {
  what: string;
  most: number;
  got: number | null;
  holds: boolean;
}

export interface RelayReport {
  plan: RelayPlan;
  /** Messages a second of the pace `half`. */
  half: number | null;
  figures: readonly { contender: Name; pace: PaceName; figures: Figures }[];
  ratios: readonly Ratios[];
  aims: readonly Aim[];
  /** Runs in which something was lost, doubled or out of order: they are in no figure. */
  spoilt: readonly Run[];
  runs: readonly Run[];
}

export function reportOf(plan: RelayPlan, runs: readonly Run[]): RelayReport {
  const spoilt = runs.filter(({ measured }) => measured !== null && !isSound(measured));
  const good = runs.filter((run) => !spoilt.includes(run));
  const figures = PACES.flatMap((pace) =>
    NAMES.map((contender) => {
      const own = good.filter((run) => run.pace === pace && run.contender === contender);
      return { contender, pace, figures: each((measure) => figureOf(own.map((run) => figureIn(run, measure)))) };
    }),
  );
  const ratios = PACES.flatMap((pace) => (['limit', 'usual'] as const).map((to) => ratiosOf(good, pace, to)));
  return {
    plan,
    half: runs.find(({ pace }) => pace === 'half')?.rate ?? null,
    figures,
    ratios,
    aims: aimsOf(ratios),
    spoilt,
    runs,
  };
}

function ratiosOf(runs: readonly Run[], pace: PaceName, to: Ratios['to']): Ratios {
  const find = (contender: Name, round: number) =>
    runs.find((run) => run.contender === contender && run.pace === pace && run.round === round);
  const rounds = [...new Set(runs.map(({ round }) => round))];
  const times = each((measure) =>
    figureOf(
      rounds.map((round) => {
        const [ours, theirs] = [find('baton', round), find(to, round)].map((run) => run && figureIn(run, measure));
        return ours == null || !theirs ? null : ours / theirs;
      }),
    ),
  );
  return { pace, to, times };
}

/** What Baton promises itself, as ratios to the others in the same round. */
function aimsOf(ratios: readonly Ratios[]): Aim[] {
  const aim = (what: string, pace: PaceName, to: Ratios['to'], measure: Measure, most: number): Aim => {
    const got = ratios.find((one) => one.pace === pace && one.to === to)?.times[measure]?.median ?? null;
    return { what, most, got, holds: got !== null && got <= most };
  };
  return [
    aim('CPU a message, saturated, to the limit', 'saturated', 'limit', 'cpuMicros', 1.5),
    aim('CPU a message, saturated, to the usual', 'saturated', 'usual', 'cpuMicros', 1 / 6),
    aim("p99 of the relay at half of the limit's rate, to the limit", 'half', 'limit', 'relayP99', 1.5),
  ];
}

function figureIn({ measured, serverBytes }: Run, measure: Measure): number | null {
  if (!measured) return null;
  if (measure === 'cpuMicros') return measured.serverMicros + measured.databaseMicros;
  if (measure === 'serverMegabytes') return serverBytes / 2 ** 20;
  return measured[measure satisfies keyof Measured];
}

function each(make: (measure: Measure) => Figure | null): Figures {
  return Object.fromEntries(MEASURES.map((measure) => [measure, make(measure)])) as Figures;
}
