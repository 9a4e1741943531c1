import { drawLognormal } from '@baton/core';

/** A law of times, in seconds. `variation`: standard deviation by mean; 1 with `exponential`. */
export interface Times {
  law: 'exponential' | 'lognormal';
  mean: number;
  variation: number;
}

export function draw({ law, mean, variation }: Times, roll: () => number): number {
  return law === 'exponential' ? -mean * Math.log(1 - roll()) : drawLognormal({ mean, variation }, roll);
}

/** Agents who are alike. */
export interface Crew {
  /** How many, from which second of the day on; the last one holds to its end. */
  plan: readonly { from: number; agents: number }[];
  capacity: number;
  /** Kinds of visitor that they take; null is all. */
  kinds: readonly number[] | null;
}

export interface Scenario {
  name: string;
  /** What the estimate has to cope with. */
  what: string;
  /** Do the laws that an oracle knows tell all? Not where agents slow down and go away unannounced. */
  wellSpecified: boolean;
  /** Length of a day, in seconds; days follow each other, people wait over their ends. */
  day: number;
  /** Visitors a second, by kind, at a second of the day. */
  arrivals: readonly ((second: number) => number)[];
  crews: readonly Crew[];
  handle: Times;
  /** Null: everybody stays. */
  patience: Times | null;
  /** Of k conversations at once each goes on at 1 / (1 + slowdown (k - 1)) of the speed of one. */
  slowdown: number;
  /** After a conversation an agent goes away with this probability, for so long on average; nobody announces it. */
  breaks: { probability: number; seconds: number } | null;
}

const MINUTE = 60;
const HOUR = 3_600;
const steady = (rate: number) => () => rate;
const always = (agents: number) => [{ from: 0, agents }];
const exponential = (minutes: number): Times => ({ law: 'exponential', mean: minutes * MINUTE, variation: 1 });
const lognormal = (minutes: number, variation: number): Times => ({
  law: 'lognormal',
  mean: minutes * MINUTE,
  variation,
});
/** So many visitors a second make this load of so many slots. */
const rate = (load: number, slots: number, minutes: number) => (load * slots) / (minutes * MINUTE);

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'mms',
    what: '10 agents at 95% load, nobody leaves',
    wellSpecified: true,
    day: 24 * HOUR,
    arrivals: [steady(rate(0.95, 10, 7))],
    crews: [{ plan: always(10), capacity: 1, kinds: null }],
    handle: exponential(7),
    patience: null,
    slowdown: 0,
    breaks: null,
  },
  {
    name: 'overload',
    what: '12 agents at 130% load, lognormal handle times and patience',
    wellSpecified: true,
    day: 24 * HOUR,
    arrivals: [steady(rate(1.3, 12, 8))],
    crews: [{ plan: always(12), capacity: 1, kinds: null }],
    handle: lognormal(8, 1.2),
    patience: lognormal(12, 1.2),
    slowdown: 0,
    breaks: null,
  },
  {
    name: 'smallteam',
    what: '3 agents for 3 chats each, load that rises and falls',
    wellSpecified: true,
    day: 8 * HOUR,
    arrivals: [(second) => rate(0.95 + 0.45 * Math.sin((2 * Math.PI * second) / (8 * HOUR)), 9, 12)],
    crews: [{ plan: always(3), capacity: 3, kinds: null }],
    handle: lognormal(12, 0.9),
    patience: exponential(15),
    slowdown: 0,
    breaks: null,
  },
  {
    name: 'shift',
    what: '12, then 6, 9 and 14 agents, as planned',
    wellSpecified: true,
    day: 9 * HOUR,
    arrivals: [steady(rate(1, 10.5, 8))],
    crews: [
      {
        plan: [
          { from: 0, agents: 12 },
          { from: 3 * HOUR, agents: 6 },
          { from: 5 * HOUR, agents: 9 },
          { from: 7 * HOUR, agents: 14 },
        ],
        capacity: 1,
        kinds: null,
      },
    ],
    handle: lognormal(8, 1),
    patience: exponential(15),
    slowdown: 0,
    breaks: null,
  },
  {
    name: 'multiskill',
    what: 'two kinds of visitor; agents for one, for the other, and for both',
    wellSpecified: true,
    day: 24 * HOUR,
    arrivals: [steady(rate(0.6, 10, 8)), steady(rate(0.5, 10, 8))],
    crews: [
      { plan: always(4), capacity: 1, kinds: [0] },
      { plan: always(3), capacity: 1, kinds: [1] },
      { plan: always(3), capacity: 1, kinds: null },
    ],
    handle: lognormal(8, 1),
    patience: exponential(15),
    slowdown: 0,
    breaks: null,
  },
  {
    name: 'messy',
    what: '5 agents for 3 chats each who slow down with each chat and go on breaks unannounced',
    wellSpecified: false,
    day: 8 * HOUR,
    arrivals: [(second) => rate(1.3 + 0.35 * Math.sin((2 * Math.PI * second) / (8 * HOUR)), 15, 9 * 1.6)],
    crews: [{ plan: always(5), capacity: 3, kinds: null }],
    handle: lognormal(9, 1),
    patience: exponential(11),
    slowdown: 0.3,
    breaks: { probability: 0.02, seconds: 10 * MINUTE },
  },
];
