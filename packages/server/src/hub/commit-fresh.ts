import type { Command, ConversationId } from '@baton/core';
import type { Ledger, Outcome } from './ledger.ts';

/**
 * `commit` for a command that rests on what the database said and not on what this node remembers. A refusal may come
 * from a memory that another node has overtaken, so it is asked once more from the stored state.
 */
export async function commitFresh(
  ledger: Pick<Ledger, 'commit' | 'forget'>,
  id: ConversationId,
  command: Command,
): Promise<Outcome> {
  const outcome = await ledger.commit(id, command);
  if (outcome.ok) return outcome;
  ledger.forget(id);
  return ledger.commit(id, command);
}
