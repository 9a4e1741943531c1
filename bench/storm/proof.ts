import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Returning } from './returning.ts';

export interface Faults {
  /** Acknowledged and not in the log, or in the log and not heard. */
  lost: number;
  /** Twice in the log, or heard twice. */
  doubled: number;
  outOfOrder: number;
}

export const NO_FAULTS: Faults = { lost: 0, doubled: 0, outOfOrder: 0 };

const REST_MS = 30_000;
const LOOK_MS = 50;

/** Resolves when the bot has answered everybody, or has had the time for it. */
export async function rest(look: Client): Promise<void> {
  const deadline = performance.now() + REST_MS;
  while (performance.now() < deadline) {
    const { rows } = await look.query('select 1 from cursors where due_at is not null limit 1');
    if (rows.length === 0) return;
    await sleep(LOOK_MS);
  }
}

/** Holds what everybody was told and has heard against the log. */
export async function prove(look: Client, people: readonly Returning[], said: readonly string[]): Promise<Faults> {
  const { rows } = await look.query<{ id: string; seqs: number[]; keys: string[] }>(
    `select conversation_id as id, array_agg(seq order by seq) as seqs,
       coalesce(array_agg(key order by seq) filter (where key like 'customer:%'), '{}') as keys
     from events where type = 'message' group by 1`,
  );
  const logs = new Map(rows.map((row) => [row.id, row]));
  const faults = { ...NO_FAULTS };
  const deadline = performance.now() + REST_MS;
  for (const one of people) {
    const { seqs, keys } = logs.get(one.conversation) ?? { seqs: [], keys: [] };
    while (one.heard.length < seqs.length && performance.now() < deadline) await sleep(LOOK_MS);
    const found = keys.map((key) => key.slice('customer:'.length));
    const heard = new Set(one.heard);
    faults.lost += [...one.acknowledged].filter((id) => !found.includes(id)).length;
    faults.lost += seqs.filter((seq) => !heard.has(seq)).length;
    faults.doubled += found.length - new Set(found).size + one.heard.length - heard.size;
    const order = said.filter((id) => found.includes(id));
    if (order.join() !== found.join() || one.heard.some((seq, index) => seq < (one.heard[index - 1] ?? 0)))
      faults.outOfOrder++;
  }
  return faults;
}
