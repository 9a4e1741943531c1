import type { Forecast } from './forecast.ts';
import type { Recent } from './recent.ts';
import type { Server, Waiter } from './situation.ts';

/** A line as of a moment. Seconds of the estimator's clock, servers and people as the simulation takes them. */
export interface LineNow {
  now: number;
  servers: readonly Server[];
  /** By rank, the first to be served first. */
  waiting: readonly Waiter[];
}

export interface Scene {
  line: LineNow;
  /** His place in the waiting, from 0; their number for somebody who comes now. */
  place: number;
  kind: number;
  /** By how much he is ahead of the one who came with him. */
  credit: number;
  simulated: Forecast;
  recent: Recent;
  /** Mean time from accepting to the end: all times are told in it, so that what is learned has no unit. */
  handle: number;
  leavingPerSecond: number;
}

/** Kinds that have a sign of their own. */
const KINDS = 8;
const HOURS = 24;
const DAY = 86_400;
/** Nothing is said to be further out than this many handle times: one strange hour must not bend what is learned. */
const FAR = 12;

/** What a line looks like to the corrector: a list of numbers around 0 to 3, always the same ones, the first 1. */
export function signsOf(scene: Scene): Float64Array {
  const { line, handle, simulated, recent, kind, place } = scene;
  const { now } = line;
  const list: number[] = [1];
  const time = (seconds: number) => Math.min(FAR, seconds / handle);
  const bent = (value: number, ...knots: number[]) => {
    list.push(value);
    for (const knot of knots) list.push(Math.max(0, value - knot));
  };
  const { slots, busy, ages, idles } = serving(line.servers, kind);
  const load = Math.max(1, slots);
  const mean = time(simulated.mean);
  const last = time(recent.lastWaits ?? simulated.mean);
  const running = time(recent.runningMean ?? simulated.mean);
  const head = line.waiting[0];
  const error = Math.max(-FAR, Math.min(FAR, recent.meanError(5) / handle));

  bent(mean, 0.1, 0.25, 0.5, 1, 2);
  bent(time(simulated.points[12] ?? 0), 0.25, 0.5, 1);
  list.push(time(simulated.points[4] ?? 0), time(simulated.points[21] ?? 0), Math.sqrt(mean));
  bent(Math.min(60, place), 1, 3, 6, 12);
  bent(Math.min(FAR, place / load), 0.2, 0.5, 1, 2);
  bent(Math.min(60, slots), 2, 4, 6, 8, 12);
  bent(Math.min(60, busy), 2, 4, 6, 8, 12);
  list.push(Math.min(60, slots - busy), time(mean0(idles)), time(Math.max(0, ...idles)));
  list.push(time(mean0(ages)), time(ages.length === 0 ? 0 : Math.min(...ages)));
  bent(time(head ? head.waited : 0), 0.2, 0.5, 1);
  list.push(time(line.waiting.reduce((sum, { waited }) => sum + waited, 0)) / load, Math.min(60, line.waiting.length));
  list.push(time(recent.lastWait ?? simulated.mean));
  bent(last, 0.25, 0.5, 1);
  bent(running, 0.25, 0.5, 1);
  bent(error, -0.3, 0, 0.3);
  list.push(error * mean, bounded(recent.meanError(1) / handle), bounded(recent.meanError(20) / handle));
  list.push(time(marched(place, load, scene)), time((place + 1) / load));
  bent(time(recent.since('served', now, 10 * handle)), 0.1, 0.3, 1);
  list.push(time(recent.since('ended', now, 10 * handle)));
  for (const spans of [0.7, 2, 6]) {
    list.push(Math.min(FAR, recent.count('served', spans * handle, now) / (spans * load)));
    list.push(Math.min(FAR, recent.count('arrived', spans * handle, now) / (spans * load)));
  }
  list.push(Math.min(FAR, recent.count('ended', 2 * handle, now) / load));
  list.push(Math.min(FAR, recent.count('left', 2 * handle, now) / load));
  list.push(scene.credit > 0 ? 1 : 0, scene.credit > 0 ? mean : 0);
  for (let one = 0; one < KINDS; one++) list.push(one === kind ? 1 : 0);
  const hour = ((now % DAY) / DAY) * HOURS;
  for (let one = 0; one < HOURS; one++) {
    const apart = Math.abs(hour - one);
    list.push(Math.max(0, 1 - Math.min(apart, HOURS - apart)));
  }
  return Float64Array.from(list);
}

function serving(servers: readonly Server[], kind: number) {
  let slots = 0;
  let busy = 0;
  const ages: number[] = [];
  const idles: number[] = [];
  for (const { kinds, capacity, running, idle, onIn } of servers) {
    if (onIn > 0 || (kinds && !kinds.has(kind))) continue;
    slots += capacity;
    busy += running.length;
    for (const { age } of running) ages.push(age);
    if (idle !== null && running.length < capacity) idles.push(idle);
  }
  return { slots, busy, ages, idles };
}

/** QLa: until so many have got a slot or left (Whitt 1999). */
function marched(ahead: number, slots: number, { handle, leavingPerSecond }: Scene): number {
  let sum = 0;
  for (let left = 0; left <= ahead; left++) sum += 1 / (slots / handle + left * leavingPerSecond);
  return sum;
}

function bounded(value: number): number {
  return Math.max(-FAR, Math.min(FAR, value));
}

function mean0(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
