import { type ConversationId, concernsOwner, type Logged, type WorkspaceId } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { advance, finish, giveBack, type Lease, retryLater } from '#store/cursors.ts';
import { spanOfReplyWebhook } from '#store/webhooks.ts';
import type { WebhookEntry } from './directory.ts';
import { type Webhooks, type WebhooksDeps, webhookOf } from './webhooks.ts';

/**
 * Waits between tries of one event, in seconds: about a day in all. An endpoint that is down for a night gets everything in
 * the morning, in order.
 */
const WAITS = [2, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 3_600, 7_200, 7_200, 14_400, 14_400, 28_800];

/** How soon it is looked whether a secret can be read again. */
const UNREADABLE_MS = 60_000;

export interface WebhookSideDeps extends Pick<WebhooksDeps, 'pool' | 'directory'> {
  webhooks: Webhooks;
  workspaceOf(conversation: ConversationId): Promise<WorkspaceId | null>;
}

/** Is an endpoint told of this event? It names types, `handoff.*` for a family, `*` for all. */
export function wants(events: readonly string[], type: string): boolean {
  return events.some(
    (wanted) => wanted === type || wanted === '*' || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1))),
  );
}

/** Whom a cursor tells, and what of the log. */
interface Audience {
  webhook: WebhookEntry;
  hears(logged: Logged): boolean;
}

/**
 * Tells endpoints what happens: per conversation one cursor, so each hears of a conversation's events in their order, one
 * at a time, and of each at least once. `webhook:` are those of the workspace, `reply:` those of bots that own their channel.
 */
export function webhookSide(deps: WebhookSideDeps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const { pool } = deps;
    const workspace = await deps.workspaceOf(lease.conversation);
    if (!workspace) return finish(pool, lease, lease.seq);
    let { seq } = lease;
    for (;;) {
      const events = await eventsAfter(pool, lease.conversation, seq);
      // Asked after the events were read: the handoff that names another endpoint may be one of them. Nobody, where it was
      // switched off or removed: what it misses it can ask for (replay).
      const audience = await audienceOf(deps, workspace, lease);
      // What is not signed must not be sent, and is not passed over: it waits for the key.
      if (audience === 'unreadable') return giveBack(pool, [lease], UNREADABLE_MS);
      for (const logged of events) {
        if (audience?.hears(logged)) {
          if (!(await told(deps, workspace, lease, audience.webhook, logged))) return;
          // Put back meanwhile (a replay): from there again.
          if (!(await advance(pool, lease, logged.seq))) return giveBack(pool, [lease], 0);
          lease.attempts = 0;
        }
        seq = logged.seq;
      }
      if (events.length < PAGE) return finish(pool, lease, seq);
    }
  };
}

async function audienceOf(
  { pool, directory }: WebhookSideDeps,
  workspace: WorkspaceId,
  { side, conversation }: Lease,
): Promise<Audience | 'unreadable' | null> {
  const id = webhookOf(side);
  // As it is set now: one that another node has just made, or changed, would not hear of what is passed over here.
  const webhook = await directory.webhookNow(workspace, id);
  if (webhook === null || webhook === 'unreadable') return webhook;
  if (side.startsWith('webhook:')) return { webhook, hears: ({ event }) => wants(webhook.events, event.type) };
  const span = await spanOfReplyWebhook(pool, conversation, id);
  if (!span) return null;
  return {
    webhook,
    hears: ({ seq, event }) => seq >= span.from && seq < span.before && concernsOwner(event),
  };
}

/** True when the event is dealt with: told, or given up after a day. Else the cursor was given back. */
async function told(
  { pool, webhooks }: WebhookSideDeps,
  workspace: WorkspaceId,
  lease: Lease,
  webhook: WebhookEntry,
  logged: Logged,
): Promise<boolean> {
  const { conversation, side } = lease;
  // It asked for time, or is down and others try it: that is no try of this event.
  const pause = webhooks.waitMs(webhook);
  if (pause > 0) {
    await giveBack(pool, [lease], pause);
    return false;
  }
  try {
    await webhooks.tell({ workspace, conversation, side, webhook, logged });
    return true;
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error;
    // Whatever the answer was, it is tried again: an endpoint that answers 404 may be deployed in an hour. At least once
    // is what webhooks promise, so a time-out is no reason to wonder.
    const wait = WAITS[lease.attempts];
    if (wait === undefined) return true;
    await retryLater(pool, lease, Math.max(error.retryAfterMs ?? 0, wait * 1_000), error.message);
    return false;
  }
}
