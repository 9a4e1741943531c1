import { type Conversation, type HandoffId, type Logged, type Message, type Millis, textOf } from '@baton/core';
import type { OutMessage } from '#ports/desk.ts';
import { deliveryOf, noteDelivery } from '#store/deliveries.ts';
import { ticketOf } from '#store/tickets.ts';
import { type At, failureOf, nextTry, type Step } from './desk-step.ts';

interface Said {
  seq: number;
  at: Millis;
  message: Message;
}

/** Messages that are joined at most: more are hard to read. */
const MOST_JOINED = 20;
const MOST_CHARACTERS = 10_000;

/**
 * Brings one message to the ticket, once: what may have arrived is looked for by the adapter first. `next`: what came after it,
 * where the desk takes what waits together as one.
 */
export async function sendMessage(at: At, handoff: HandoffId, said: Said, next: readonly Logged[] = []): Promise<Step> {
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
  const together = [said, ...(await joinable(at, said, next, before !== null))];
  const note = async (
    as: 'pending' | 'sent' | 'failed' | 'unknown',
    externalId: string | null,
    detail: string | null,
  ) => {
    for (const one of together)
      await noteDelivery(pool, { conversation: state.id, side, seq: one.seq, state: as, externalId, detail });
  };
  try {
    if (before === null) await note('pending', null, null);
    const out = outMessage(state, together);
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

/**
 * What the customer said right after, and nobody between: it goes with it. At another try those that went with it at the first one,
 * no more and no fewer, so that the desk has them once; they are noted as tried.
 */
async function joinable(
  { deps: { pool }, state, id }: At,
  { message: { author, parts } }: Said,
  next: readonly Logged[],
  again: boolean,
): Promise<Said[]> {
  const found: Said[] = [];
  let characters = textOf(parts).length;
  if (author.role !== 'customer') return found;
  for (const { seq, at, event } of next) {
    if (event.type !== 'message' || event.message.author.role !== 'customer' || event.message.imported) break;
    const { message } = event;
    characters += textOf(message.parts).length;
    if (found.length + 1 === MOST_JOINED || characters > MOST_CHARACTERS) break;
    const tried = await deliveryOf(pool, state.id, `desk:${id}`, seq);
    if (tried?.state === 'sent' || (tried !== null) !== again) break;
    found.push({ seq, at, message });
  }
  return found;
}

/** One message, or several of the customer's as one. */
function outMessage(state: Conversation, [first, ...others]: readonly Said[]): OutMessage {
  if (!first) throw new Error('There is no message.');
  const { seq, at, message } = first;
  const { author } = message;
  const all = [message, ...others.map((one) => one.message)].map(({ parts }) => parts);
  const words = all.map((parts) => textOf(parts.filter(({ type }) => type !== 'file')));
  const keyOf = (one: number) => `${state.id}:${one}`;
  return {
    key: keyOf(seq),
    seq,
    author: { role: author.role, name: author.name ?? (author.role === 'customer' ? 'Customer' : 'Bot') },
    text: words.filter((text) => text !== '').join('\n'),
    files: all.flatMap((parts) => parts.flatMap((part) => (part.type === 'file' ? [part.file] : []))),
    at,
    ...(others.length === 0 ? {} : { joined: others.map((one) => keyOf(one.seq)) }),
  };
}
