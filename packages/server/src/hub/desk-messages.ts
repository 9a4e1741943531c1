import { type Conversation, type HandoffId, type Message, type Millis, textOf } from '@baton/core';
import type { OutMessage } from '#ports/desk.ts';
import { deliveryOf, noteDelivery } from '#store/deliveries.ts';
import { ticketOf } from '#store/tickets.ts';
import { type At, failureOf, nextTry, type Step } from './desk-step.ts';

interface Said {
  seq: number;
  at: Millis;
  message: Message;
}

/** Brings one message to the ticket, once: what may have arrived is looked for by the adapter first. */
export async function sendMessage(at: At, handoff: HandoffId, said: Said): Promise<Step> {
  const { deps, state, desk, id } = at;
  const { pool, circuits, ledger } = deps;
  const { author } = said.message;
  // What this desk's own agents said it knows.
  if (author.role === 'agent' && author.desk === id) return 'done';
  const ticket = await ticketOf(pool, handoff);
  if (!ticket) return 'done';
  const { seq } = said;
  const side = `desk:${id}` as const;
  const before = await deliveryOf(pool, state.id, side, seq);
  if (before?.state === 'sent') return 'done';
  const note = (as: 'pending' | 'sent' | 'failed' | 'unknown', externalId: string | null, detail: string | null) =>
    noteDelivery(pool, { conversation: state.id, side, seq, state: as, externalId, detail });
  try {
    if (before === null) await note('pending', null, null);
    const out = outMessage(state, said);
    const { externalId } = await circuits.call(id, 'send message', () => desk.send(ticket, out, before !== null));
    await note('sent', externalId, null);
    return 'done';
  } catch (error) {
    const failure = failureOf(error);
    await note(failure.kind === 'uncertain' ? 'unknown' : 'failed', null, failure.message);
    const again = nextTry(at, failure);
    if (again) return again;
    const { kind, message: detail } = failure;
    await ledger.commit(state.id, { type: 'delivery-failed', side, seq, kind, detail });
    return 'done';
  }
}

function outMessage(state: Conversation, { seq, at, message: { author, parts } }: Said): OutMessage {
  const files = parts.flatMap((part) => (part.type === 'file' ? [part.file] : []));
  return {
    key: `${state.id}:${seq}`,
    seq,
    author: { role: author.role, name: author.name ?? (author.role === 'customer' ? 'Customer' : 'Bot') },
    text: textOf(parts.filter((part) => part.type !== 'file')),
    files,
    at,
  };
}
