import type { HandoffId, IntegrationId, Ticket } from '@baton/core';
import type { Pool } from 'pg';
import type { Desk } from '#ports/desk.ts';
import type { World } from '#ports/world.ts';
import { pollCursor, savePollCursor } from '#store/polls.ts';
import type { Circuits } from './circuits.ts';
import type { DeskIngest } from './desk-ingest.ts';

/**
 * Asks a desk what has happened in a ticket since it was asked last, and keeps it. Gives the keys that were new; none where
 * the desk cannot be asked. `what` is for the health page.
 */
export async function askDesk(
  {
    pool,
    world,
    circuits,
    ingest,
  }: { pool: Pool; world: Pick<World, 'now'>; circuits: Circuits; ingest: Pick<DeskIngest, 'keep'> },
  { id, desk, ticket, handoff }: { id: IntegrationId; desk: Desk; ticket: Ticket; handoff: HandoffId },
  what: string,
): Promise<ReadonlySet<string>> {
  const { poll } = desk;
  if (!poll) return NONE;
  const read = await pollCursor(pool, handoff);
  const askedAt = world.now();
  const { events, cursor } = await circuits.call(id, what, () => poll.call(desk, ticket, read));
  const fresh = await ingest.keep(id, { events }, askedAt);
  await savePollCursor(pool, handoff, read, cursor);
  return fresh;
}

const NONE: ReadonlySet<string> = new Set();
