/**
 * How long people are ready to wait: the rate at which they leave, by how long they have waited. Constant within each
 * of these spans of seconds; the last one has no end.
 */
const SPANS = [0, 10, 30, 60, 120, 240, 480, 900, 1_800, 3_600] as const;

export interface Patience {
  /** Where each span begins, in seconds waited; ascending, the first at 0. */
  readonly spans: readonly number[];
  /** Leaving per second and customer, in each span. */
  readonly rates: readonly number[];
}

/** Waits that tell little are drawn to the rate of all: as if this many had left at it. */
const PSEUDO_LEFT = 4;

/** A wait that is over: who was served is a lower bound for his patience, no more (he is censored). */
export interface Waited {
  seconds: number;
  left: boolean;
}

/** Nobody known to leave leaves. */
export const ENDLESS: Patience = { spans: [0], rates: [0] };

export function patienceOf(waits: Iterable<Waited>): Patience {
  const time = SPANS.map(() => 0);
  const left = SPANS.map(() => 0);
  for (const wait of waits) {
    for (const [span, from] of SPANS.entries()) {
      if (wait.seconds < from) break;
      const to = SPANS[span + 1] ?? Number.POSITIVE_INFINITY;
      time[span] = (time[span] ?? 0) + Math.min(wait.seconds, to) - from;
      if (wait.left && wait.seconds < to) left[span] = (left[span] ?? 0) + 1;
    }
  }
  const allLeft = sum(left);
  const allTime = sum(time);
  if (allLeft === 0 || allTime <= 0) return ENDLESS;
  const pooled = allLeft / allTime;
  return {
    spans: SPANS,
    rates: SPANS.map((_, span) => ((left[span] ?? 0) + PSEUDO_LEFT) / ((time[span] ?? 0) + PSEUDO_LEFT / pooled)),
  };
}

/**
 * How much longer somebody stays who has waited `waited` seconds.
 * @param share from 0 to 1: of people like him, this share leaves sooner
 */
export function staysFor({ spans, rates }: Patience, waited: number, share: number): number {
  let hazard = -Math.log(1 - Math.min(1 - 1e-12, share));
  for (let span = 0; span < spans.length; span++) {
    const to = spans[span + 1] ?? Number.POSITIVE_INFINITY;
    if (waited >= to) continue;
    const rate = rates[span] ?? 0;
    const begin = Math.max(spans[span] ?? 0, waited);
    if (rate > 0 && hazard <= rate * (to - begin)) return begin + hazard / rate - waited;
    hazard -= rate * (to - begin);
  }
  return Number.POSITIVE_INFINITY;
}

/** The share of people who are ready to wait longer than this. */
export function staysBeyond({ spans, rates }: Patience, seconds: number): number {
  let hazard = 0;
  for (const [span, from] of spans.entries()) {
    if (seconds <= from) break;
    hazard += (rates[span] ?? 0) * (Math.min(seconds, spans[span + 1] ?? seconds) - from);
  }
  return Math.exp(-hazard);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
