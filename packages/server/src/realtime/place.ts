import { type Conversation, type ConversationId, type Outlook, words } from '@baton/core';
import type { ServerFrameOf } from '@baton/protocol';
import { presentEstimate, presentTime } from '#present/event.ts';
import type { Realtime } from './realtime.ts';

/** Where a waiting customer stands, for the banner of his window. */
export function queueFrame(
  realtime: Pick<Realtime, 'world'>,
  conversation: ConversationId,
  outlook: Outlook,
  locale: string | null = null,
): ServerFrameOf<'queue'> {
  const { position, estimate, availability, longer, opens } = outlook;
  return {
    type: 'queue',
    conversation,
    position,
    estimate: presentEstimate(estimate),
    availability,
    ...(longer ? { longer } : {}),
    ...(opens ? { opensAt: presentTime(opens.at) } : {}),
    asOf: presentTime(realtime.world.now()),
    text: words(locale).place(outlook),
  };
}

/** The same for one conversation as it stands now; null when its customer does not wait. */
export async function placeFrame(realtime: Realtime, state: Conversation): Promise<ServerFrameOf<'queue'> | null> {
  const { handoff } = state;
  if (!handoff || (handoff.phase !== 'queued' && handoff.phase !== 'offered')) return null;
  const view = await realtime.line.view(state.workspace);
  return queueFrame(realtime, state.id, view.outlook(handoff.queue, handoff.id), state.locale);
}
