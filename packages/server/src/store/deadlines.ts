import type { ConversationId } from '@baton/core';
import type { Pool } from 'pg';

/** A node that takes a deadline and dies leaves it to the others after this. */
const TAKEN_SECONDS = 30;

/** Takes conversations whose deadline has passed: theirs is pushed on, so that no other node takes them too. */
export async function takeDue(pool: Pool, limit: number): Promise<ConversationId[]> {
  const { rows } = await pool.query<{ id: ConversationId }>({
    name: 'take-due',
    text: `
      update deadlines set due_at = now() + make_interval(secs => $1)
      where conversation_id in (
        select conversation_id from deadlines where due_at <= now() order by due_at limit $2 for update skip locked)
      returning conversation_id as id`,
    values: [TAKEN_SECONDS, limit],
  });
  return rows.map((row) => row.id);
}

/**
 * Sets the true next deadline after a tick (epoch milliseconds; null: nothing to wait for). Only if the head is still
 * at `seq`: whoever wrote since then has set his own. The head is locked first, as a flush does: one that is under way is
 * waited for and seen, and not written over.
 */
export async function rearm(pool: Pool, conversation: ConversationId, seq: number, next: number | null): Promise<void> {
  const head = 'with head as (select id from conversations where id = $1 and seq = $2 for no key update)';
  if (next === null)
    await pool.query(`${head} delete from deadlines d using head where d.conversation_id = head.id`, [
      conversation,
      seq,
    ]);
  else
    await pool.query(
      `${head} update deadlines d set due_at = to_timestamp($3::float8 / 1000) from head where d.conversation_id = head.id`,
      [conversation, seq, next],
    );
}
