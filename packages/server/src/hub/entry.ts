import type { Command, Conversation, ConversationId, Logged, Refusal } from '@baton/core';

/** What became of a command. `events` is empty when there was nothing to do; `repeated` when it was answered before. */
export type Outcome =
  | { ok: true; seq: number; events: readonly Logged[]; repeated: boolean; state: Conversation }
  | { ok: false; refusal: Refusal };

/** The database did not take it. Nothing is known to be written; the same command with its key may be sent again. */
export class Unavailable extends Error {
  readonly retryAfterMs = 2_000;
  constructor(cause?: unknown) {
    super('The database does not answer. Nothing was lost: try again.', { cause });
    this.name = 'Unavailable';
  }
}

/** One command on its way. */
export interface Pending {
  command: Command;
  done: (outcome: Outcome | Unavailable) => void;
  /** Set by the decision; null while it waits for the state to be loaded. */
  outcome: Outcome | null;
  /** Its events as they are stored. */
  json: readonly string[];
  before: Conversation | null;
  /** Decided on a state that was loaded for it, so that a refusal rests on what is in the database. */
  fresh: boolean;
}

/**
 * A conversation in memory.
 *
 *   state undefined ──load──▶ loaded ──decide──▶ decided ──flush──▶ committed
 *          ▲                                        │
 *          └──── another node was faster, or the database failed
 */
export interface Entry {
  id: ConversationId;
  /** The state with everything decided so far, written or not; undefined: not loaded. */
  state: Conversation | null | undefined;
  /** The state as written; null: no such conversation, or not loaded. */
  committed: Conversation | null;
  /** seq of what is written. */
  written: number;
  /** So far other nodes have written, as this one heard while something was on its way here. */
  heard: number;
  /** The stored deadline as far as known. */
  deadline: number | null;
  /** Decided, not yet taken by a flush. */
  decided: Pending[];
  /** Waiting for the state to be loaded. */
  loading: Pending[];
  /** A flush is carrying some of it right now. */
  inFlight: boolean;
  /** How often in a row another node was faster. */
  races: number;
}

export function newEntry(id: ConversationId): Entry {
  return {
    id,
    state: undefined,
    committed: null,
    written: 0,
    heard: 0,
    deadline: null,
    decided: [],
    loading: [],
    inFlight: false,
    races: 0,
  };
}

/** Nothing of it is on its way: it may be forgotten. */
export function atRest(entry: Entry): boolean {
  return entry.decided.length === 0 && entry.loading.length === 0 && !entry.inFlight;
}

export function workspaceOf(state: Conversation | null, command: Command) {
  return state?.workspace ?? (command.type === 'open' ? command.workspace : null);
}
