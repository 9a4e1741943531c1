import type { HandoffId, Ticket } from '@baton/core';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import type { At } from './desk-step.ts';
import { outlookOf } from './desk-tickets.ts';

/** Who waits at a desk that knows his place hears where he stands now, if that is another place than he was told last: true. */
export async function tellPlace(at: At, there: { handoff: HandoffId; ticket: Ticket }): Promise<boolean> {
  const { deps, desk } = at;
  if (!desk.can.position) return false;
  // What the desk has just told may have moved it on.
  const state = await deps.ledger.read(at.state.id);
  const { handoff } = state ?? {};
  if (!state || handoff?.id !== there.handoff || handoff.desk !== at.id || handoff.phase !== 'queued') return false;
  const outlook = await outlookOf({ ...at, state }, there.ticket);
  if (!outlook?.position) return false;
  const told = await lastTold(at, there.handoff);
  if (told?.position === outlook.position) return false;
  const key = `place:${there.handoff}:${told?.seq ?? 0}:${outlook.position}`;
  const { ok } = await deps.ledger.commit(state.id, { type: 'tell', handoff: there.handoff, outlook, key });
  return ok;
}

/** The place that he was told last, and where that stands in the log. */
async function lastTold(
  { deps, state }: At,
  handoff: HandoffId,
): Promise<{ position: number | null; seq: number } | null> {
  let last: { position: number | null; seq: number } | null = null;
  for (let after = 0; ; ) {
    const events = await eventsAfter(deps.pool, state.id, after);
    for (const { event, seq } of events)
      if (event.type === 'estimate.told' && event.handoff === handoff) last = { position: event.position, seq };
    const end = events.at(-1);
    if (!end || events.length < PAGE) return last;
    after = end.seq;
  }
}
