import type { ConversationId } from '@baton/core';
import type { Db } from './db.ts';

export interface ReadMark {
  conversation: ConversationId;
  side: 'customer' | 'agent';
  seq: number;
}

/** Moves marks forward; one that would go back changes nothing, and one of an unknown conversation is left out. */
export async function moveReadMarks(db: Db, marks: readonly ReadMark[]): Promise<void> {
  await db.query({
    name: 'move-read-marks',
    text: `insert into read_marks (conversation_id, side, seq)
           select x.c, x.side, least(x.seq, c.seq) from unnest($1::text[], $2::text[], $3::int[]) as x(c, side, seq)
           join conversations c on c.id = x.c
           on conflict (conversation_id, side) do update set seq = excluded.seq, at = now() where read_marks.seq < excluded.seq`,
    values: [marks.map((mark) => mark.conversation), marks.map((mark) => mark.side), marks.map((mark) => mark.seq)],
  });
}

export async function readMarksOf(db: Db, conversation: ConversationId): Promise<Omit<ReadMark, 'conversation'>[]> {
  const { rows } = await db.query<Omit<ReadMark, 'conversation'>>({
    name: 'read-marks-of',
    text: 'select side, seq from read_marks where conversation_id = $1',
    values: [conversation],
  });
  return rows;
}
