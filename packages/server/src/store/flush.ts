import type { ConversationId, Page, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { IN_TIME } from './db.ts';
import { PARTS, type Place } from './flush-parts.ts';

/** One conversation's share of a flush. JSON is text already: it is made once and goes to the log and to the sockets. */
export interface Write {
  id: ConversationId;
  workspace: WorkspaceId;
  /** The seq that the head must have; 0 for a conversation that is born here. */
  expected: number;
  next: number;
  /** Epoch milliseconds of the last event. */
  at: number;
  events: { seq: number; at: number; type: string; json: string; key: string | undefined }[];
  /** The core's state as JSON text, or null to leave the stored one. */
  state: string | null;
  /** What lists show; null when nothing of it changed, as when only messages came. */
  head: Head | null;
  /** Rows of `handoffs`, as columns. */
  handoffs: object[];
  /** Sides to wake. */
  wakes: string[];
  /** What became known of the customer. */
  people: { customer: string; changes: Record<string, unknown> }[];
  /** An earlier deadline than the stored one, or null. */
  deadline: number | null;
}

/** Columns of `conversations`. */
export interface Head {
  channel: string;
  customer: string;
  status: string;
  holder: string;
  agent: string | null;
  queue: string | null;
  phase: string | null;
  page: Page | null;
  rating: number | null;
  ratingComment: string | null;
  closedAt: number | null;
}

/**
 * Writes many conversations in one statement, and so in one transaction and one fsync. Each head moves from the
 * expected seq to the next; events, handoffs, wake-ups and deadlines are written for exactly those whose head moved.
 * Answers with the ids of those that lost a race: they must be loaded and decided again.
 *
 * Why one statement: a transaction a message costs 6 to 14 times the CPU, and the fence costs about 7 microseconds
 * a message (measured; see docs/decisions/0002-group-commit.md). Only the parts that have something to write are in it:
 * most flushes carry plain messages, and an empty part costs time too.
 */
export async function flush(pool: Pool, writes: readonly Write[]): Promise<ReadonlySet<ConversationId>> {
  const { rows } = await pool.query<{ id: ConversationId }>(statementFor(writes));
  return rows.length === 0 ? NOBODY : new Set(rows.map((row) => row.id));
}

const NOBODY: ReadonlySet<ConversationId> = new Set();

function statementFor(writes: readonly Write[]) {
  const values: (Buffer | string)[] = [];
  const $: Place = (value) => `$${values.push(value)}`;
  const parts = PARTS.flatMap((make) => make(writes, $));
  return {
    ...IN_TIME,
    // Prepared once for each set of parts.
    name: `flush ${parts.map((part) => part.name).join(' ')}`,
    text: `with ${parts.map(({ name, sql }) => `${name} as (${sql})`).join(', ')}
      select i.id from unnest($1::text[]) as i(id) where i.id not in (select id from heads)`,
    values,
  };
}
