import type { ConversationId, Logged, WebhookId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { advance, finish, type Lease, retryLater } from '#store/cursors.ts';
import { noteDelivery } from '#store/deliveries.ts';
import type { Circuits } from './circuits.ts';
import type { Directory, WebhookEntry } from './directory.ts';

/**
 * Waits between tries of one event, in seconds: about a day in all. An endpoint that is down for a night gets everything in
 * the morning, in order.
 */
const WAITS = [2, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 3_600, 7_200, 7_200, 14_400, 14_400, 28_800];

export interface WebhookSideDeps {
  pool: Pool;
  world: World;
  directory: Directory;
  circuits: Circuits;
  workspaceOf(conversation: ConversationId): Promise<WorkspaceId | null>;
  /** One event as it crosses the wire. */
  present(logged: Logged): unknown;
  /** Signs (Standard Webhooks) and posts; throws `AdapterFailure`. */
  post(webhook: WebhookEntry, id: string, body: string): Promise<void>;
}

/** Is an endpoint told of this event? It names types, `handoff.*` for a family, `*` for all. */
export function wants(events: readonly string[], type: string): boolean {
  return events.some(
    (wanted) => wanted === type || wanted === '*' || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1))),
  );
}

/**
 * Tells endpoints what happens: per conversation one cursor, so each hears of a conversation's events in their order, one
 * at a time, and of each at least once. The id of an event is the same at every try: the receiver dedupes by it.
 */
export function webhookSide(deps: WebhookSideDeps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const { pool, directory } = deps;
    const workspace = await deps.workspaceOf(lease.conversation);
    if (!workspace) return finish(pool, lease, lease.seq);
    await directory.load([workspace]);
    const webhook = directory.webhook(workspace, lease.side.slice('webhook:'.length) as WebhookId);
    let { seq } = lease;
    for (;;) {
      const events = await eventsAfter(pool, lease.conversation, seq);
      for (const logged of events) {
        // Switched off or removed: what it misses it can ask for (replay).
        if (webhook && wants(webhook.events, logged.event.type)) {
          const wait = await tell(deps, lease, webhook, logged);
          if (wait !== null) return retryLater(pool, lease, wait.ms, wait.why);
          await advance(pool, lease, logged.seq);
          lease.attempts = 0;
        }
        seq = logged.seq;
      }
      if (events.length < PAGE) return finish(pool, lease, seq);
    }
  };
}

/** Null when the event is dealt with: told, or given up after a day. */
async function tell(
  deps: WebhookSideDeps,
  lease: Lease,
  webhook: WebhookEntry,
  logged: Logged,
): Promise<{ ms: number; why: string } | null> {
  const { pool, circuits } = deps;
  const id = `evt_${lease.conversation.slice('cnv_'.length)}_${logged.seq}`;
  const body = JSON.stringify({
    id,
    type: logged.event.type,
    conversation: lease.conversation,
    ...(deps.present(logged) as object),
  });
  const note = (state: 'sent' | 'failed', detail: string | null) =>
    noteDelivery(pool, {
      conversation: lease.conversation,
      side: lease.side,
      seq: logged.seq,
      state,
      externalId: id,
      detail,
    });
  try {
    await circuits.call(webhook.id, 'event', () => deps.post(webhook, id, body));
    await note('sent', null);
    return null;
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error;
    await note('failed', error.message);
    // Whatever the answer was, it is tried again: an endpoint that answers 404 may be deployed in an hour. At least once
    // is what webhooks promise, so a time-out is no reason to wonder.
    const wait = WAITS[lease.attempts];
    if (wait === undefined) return null;
    return { ms: Math.max(error.retryAfterMs ?? 0, wait * 1_000), why: error.message };
  }
}
