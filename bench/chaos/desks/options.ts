import { KINDS } from '@baton/server/test/desk-twins.ts';
import { Complaint } from '#bench/simulate/complaint.ts';
import type { Storm } from './storm.ts';

export interface DeskOptions {
  seed: string;
  /** Of each desk. */
  conversations: number;
  /** Of each desk. */
  atOnce: number;
  /** This one only; null is all of them. */
  desk: string | null;
  storm: Storm;
  /** How Baton is killed. */
  kill: Kill;
  /** How long a handoff waits for a desk. */
  limits: { deskTrySeconds: number; deskTotalSeconds: number };
  /** Polls do not wait for their own time. */
  askOften: boolean;
  maxSeconds: number;
  json: boolean;
}

export interface Kill {
  /** Between two kills: so long, */
  low: number;
  high: number;
  /** and until the desks have had so many calls each: a machine on which a start takes longer than that would get nowhere. */
  calls: number;
  /** No more than this. */
  most: number;
}

const STORM: Storm = {
  calls: { low: 2, high: 9 },
  limitMs: 40_000,
  lost: 0.1,
  doubled: 0.3,
  held: 0.3,
  heldMs: 400,
};

/** A vendor may be away for longer than people wait; some handoffs fail all the same, while a ticket is on its way. */
const LIMITS: DeskOptions['limits'] = { deskTrySeconds: 15, deskTotalSeconds: 40 };
/** For short runs: what became of a ticket that is late is known only after a minute. */
const PATIENT: DeskOptions['limits'] = { deskTrySeconds: 120, deskTotalSeconds: 300 };

/** What the command line says of `--desks`. Throws a `Complaint`. */
export function deskOptions(given: {
  seed?: string | undefined;
  desk?: string | undefined;
  conversations: number;
  maxSeconds: number;
  short: boolean;
  json: boolean;
}): DeskOptions {
  const kinds = KINDS.flatMap(({ kind, hasTwin }) => (hasTwin ? [kind] : []));
  if (given.desk !== undefined && !kinds.includes(given.desk))
    throw new Complaint(`--desk: one of ${kinds.join(', ')}; not "${given.desk}".`);
  const { short, conversations, maxSeconds, json } = given;
  return {
    seed: given.seed ?? '1',
    conversations,
    maxSeconds,
    json,
    desk: given.desk ?? null,
    atOnce: short ? 4 : 10,
    askOften: short,
    limits: short ? PATIENT : LIMITS,
    storm: STORM,
    kill: short
      ? { low: 5_000, high: 9_000, calls: 5, most: 4 }
      : { low: 10_000, high: 25_000, calls: 60, most: Number.POSITIVE_INFINITY },
  };
}
