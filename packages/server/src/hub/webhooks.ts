import type { ConversationId, Logged, WebhookId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { saveAudit } from '#store/audit.ts';
import { eventsAfter } from '#store/conversations.ts';
import { noteDelivery } from '#store/deliveries.ts';
import { noteSuccess, noteTrouble } from '#store/webhooks.ts';
import type { Circuits } from './circuits.ts';
import type { Directory, WebhookEntry } from './directory.ts';

/** An endpoint that has taken nothing for so long is switched off; what it missed can be replayed. */
const OFF_AFTER_DAYS = 5;
/** How long others wait while one event tries whether an endpoint is back. */
const WHILE_PROBING_MS = 1_000;

export interface WebhooksDeps {
  pool: Pool;
  world: World;
  directory: Directory;
  circuits: Circuits;
  /** One event as it crosses the wire. */
  present(logged: Logged): unknown;
  /** Signs (Standard Webhooks) and posts; throws `AdapterFailure`. */
  post(webhook: WebhookEntry, id: string, body: string): Promise<void>;
}

/** One event for one endpoint. */
export interface Errand {
  workspace: WorkspaceId;
  conversation: ConversationId;
  /** As its cursor names it: `webhook:whk_...` or `reply:whk_...`. */
  side: string;
  webhook: WebhookEntry;
  logged: Logged;
}

/** What came of a call that somebody asked for. */
export interface Tried {
  ok: boolean;
  message: string;
  ms: number;
}

const UNREADABLE: Tried = {
  ok: false,
  message:
    'Its secret was sealed under another SECRET_KEY: name that one in SECRET_KEY_PREVIOUS, or make a new webhook.',
  ms: 0,
};

/** The id of an event is the same at every try and for every endpoint: the receiver dedupes by it. */
function eventId(conversation: ConversationId, seq: number): string {
  return `evt_${conversation.slice('cnv_'.length)}_${seq}`;
}

/** Whose event it is; null for what cannot be an id. */
export function readEventId(id: string): { conversation: ConversationId; seq: number } | null {
  const [, suffix, seq] = /^evt_([0-9a-z]+)_(\d{1,9})$/.exec(id) ?? [];
  return suffix === undefined || seq === undefined ? null : { conversation: `cnv_${suffix}`, seq: Number(seq) };
}

/** Tells endpoints, and keeps what came of it: per event, and of the endpoint as a whole. */
export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Milliseconds until the endpoint may be called: it asked for time, or is down and somebody else is trying it. */
  waitMs({ id }: WebhookEntry): number {
    const { circuits } = this.#deps;
    return Math.max(circuits.waitMs(id), circuits.health(id).state === 'probing' ? WHILE_PROBING_MS : 0);
  }

  /** One try. Throws `AdapterFailure`, after it was noted. */
  async tell({ workspace, conversation, side, webhook, logged }: Errand): Promise<void> {
    const { pool, circuits } = this.#deps;
    const externalId = eventId(conversation, logged.seq);
    const note = (state: 'sent' | 'failed', detail: string | null) =>
      noteDelivery(pool, { conversation, side, seq: logged.seq, state, externalId, detail, again: true });
    const body = {
      id: externalId,
      type: logged.event.type,
      conversation,
      ...(this.#deps.present(logged) as object),
    };
    try {
      await circuits.call(webhook.id, 'event', () => this.#deps.post(webhook, externalId, JSON.stringify(body)));
    } catch (error) {
      if (error instanceof AdapterFailure) {
        await note('failed', error.message);
        await this.#failed(workspace, webhook, error);
      }
      throw error;
    }
    await note('sent', null);
    await noteSuccess(pool, workspace, webhook.id);
  }

  /** Sends one event again, now, whatever the endpoint has asked for. Null: there is no such event, or endpoint. */
  async resend(workspace: WorkspaceId, side: string, event: string): Promise<Tried | null> {
    const which = readEventId(event);
    const webhook = await this.#deps.directory.webhookNow(workspace, side.slice(side.indexOf(':') + 1));
    if (!which || !webhook) return null;
    if (webhook === 'unreadable') return UNREADABLE;
    const [logged] = await eventsAfter(this.#deps.pool, which.conversation, which.seq - 1, 1);
    if (logged?.seq !== which.seq) return null;
    return this.#try(() => this.tell({ workspace, conversation: which.conversation, side, webhook, logged }));
  }

  /** Posts a `webhook.test` now. Null: there is no such endpoint, or it is switched off. */
  async test(workspace: WorkspaceId, id: string): Promise<Tried | null> {
    const { directory, world } = this.#deps;
    const webhook = await directory.webhookNow(workspace, id);
    if (!webhook) return null;
    if (webhook === 'unreadable') return UNREADABLE;
    const event = { id: world.newId('evt'), type: 'webhook.test', at: new Date(world.now()).toISOString() };
    return this.#try(() => this.#deps.post(webhook, event.id, JSON.stringify(event)));
  }

  async #try(work: () => Promise<void>): Promise<Tried> {
    const { now } = this.#deps.world;
    const began = now();
    try {
      await work();
      return { ok: true, message: 'The endpoint took it.', ms: now() - began };
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      return { ok: false, message: error.message, ms: now() - began };
    }
  }

  async #failed(workspace: WorkspaceId, webhook: WebhookEntry, { message }: AdapterFailure): Promise<void> {
    const { pool, world, directory } = this.#deps;
    if (!(await noteTrouble(pool, workspace, webhook.id, message, OFF_AFTER_DAYS))) return;
    world.log.warn({ webhook: webhook.id }, `a webhook has failed for ${OFF_AFTER_DAYS} days and is switched off`);
    await saveAudit(pool, world.newId, {
      workspace,
      actor: { kind: 'nobody', id: null, name: 'Baton' },
      action: 'webhook.disabled',
      target: webhook.id,
      address: null,
      detail: { days: OFF_AFTER_DAYS },
    });
    await directory.changed(workspace);
  }
}

/** The webhook that a side means. */
export function webhookOf(side: string): WebhookId {
  return side.slice(side.indexOf(':') + 1) as WebhookId;
}
