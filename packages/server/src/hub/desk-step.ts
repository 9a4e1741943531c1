import type { Conversation, IntegrationId, Millis } from '@baton/core';
import type { Pool } from 'pg';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { giveBack, type Lease, retryLater } from '#store/cursors.ts';
import { type Circuits, Paused } from './circuits.ts';
import type { Desks } from './desks.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import type { Links } from './links.ts';

/** Between two tries, doubled each time. */
const RETRY_MS = 1_000;
const RETRY_MOST_MS = 60_000;
/** Credentials are mended by people. */
const AUTH_RETRY_MS = 30_000;
/** Tries of one message before it counts as failed and the agent is told. */
const MOST_TRIES = 20;

export interface DeskSideDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  line: Line;
  directory: Directory;
  desks: Desks;
  circuits: Circuits;
  links: Links;
}

/** What came of one event: done, or to be tried again after so many milliseconds. `untried`: nobody was called, which is no try. */
export type Step = 'done' | { again: Millis; why: string; untried?: true };

/** A conversation on its way to a desk. */
export interface At {
  deps: DeskSideDeps;
  /** Tries of this event so far. */
  attempts: number;
  state: Conversation;
  desk: Desk;
  id: IntegrationId;
}

/** When to try again; null: it is not worth it. */
export function nextTry({ attempts }: At, failure: AdapterFailure): Exclude<Step, 'done'> | null {
  const { kind, message, retryAfterMs } = failure;
  if (failure instanceof Paused) return { again: retryAfterMs ?? RETRY_MS, why: message, untried: true };
  if (attempts + 1 >= MOST_TRIES) return null;
  if (kind === 'auth') return { again: AUTH_RETRY_MS, why: message };
  if (kind !== 'retry' && kind !== 'uncertain') return null;
  return { again: retryAfterMs ?? Math.min(RETRY_MS * 2 ** attempts, RETRY_MOST_MS), why: message };
}

/** Gives a cursor back until its step can be tried again. `anew`: something else was done before. */
export function waitFor(
  pool: Pool,
  lease: Lease,
  { again, why, untried }: Exclude<Step, 'done'>,
  anew = false,
): Promise<void> {
  return untried ? giveBack(pool, [lease], again) : retryLater(pool, lease, again, why, anew);
}

/** What the outside said. A bug of the adapter, or a database that is away, is thrown on: the lease runs out. */
export function failureOf(error: unknown): AdapterFailure {
  if (error instanceof AdapterFailure) return error;
  throw error;
}
