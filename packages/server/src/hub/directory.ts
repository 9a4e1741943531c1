import {
  defaultRules,
  type Hours,
  type IntegrationId,
  type QueueId,
  type QueueRules,
  type Routing,
  type Rules,
  type WebhookId,
  type WorkspaceId,
} from '@baton/core';
import type { Pool } from 'pg';
import { Seal, Unreadable } from '#store/sealed.ts';
import { openConfig, type SealedConfig, webhookPlace } from '#store/sealed-config.ts';
import { newToken } from '#store/secrets.ts';
import { listShifts, type ShiftRow } from '#store/shifts.ts';
import { deskFromColumn, type RulesPatch, rulesOf } from '#store/workspaces.ts';

/** A configured adapter as stored. */
export interface Integration {
  id: IntegrationId;
  side: 'channel' | 'bot' | 'desk';
  kind: string;
  name: string;
  config: Record<string, unknown>;
  /** A channel's bot. */
  bot: IntegrationId | null;
  enabled: boolean;
}

export interface QueueEntry {
  id: QueueId;
  name: string;
  /** Ids of the agents who serve it; null is everybody. */
  agents: string[] | null;
}

/** An endpoint that is told of events. `secret` signs. */
export interface WebhookEntry {
  id: WebhookId;
  url: string;
  events: string[];
  secret: string;
}

interface Workspace {
  rules: Rules;
  queues: QueueEntry[];
  /** Shifts that are not over, as far ahead as anybody is told. */
  shifts: ShiftRow[];
  integrations: Map<IntegrationId, Integration>;
  /** Those that are switched on. */
  webhooks: WebhookEntry[];
  loadedAt: number;
}

/** How old what is known of a workspace may be. Changes made on this node are seen at once (`changed`). */
const FRESH_MS = 5_000;
/** Nobody is told of somebody who comes later than this. */
const SHIFTS_AHEAD_MS = 14 * 86_400_000;
const MOST_SHIFTS = 5_000;
/** A workspace that does not exist is decided with these rules; nothing of it can be found anyway. */
const NOWHERE = defaultRules('que_none');

/** Opens nothing that is sealed. */
const NO_KEY = new Seal(newToken());

/** What is configured, in memory: rules, queues, integrations of each workspace. */
export class Directory {
  readonly #pool: Pool;
  readonly #seal: Seal | null;
  readonly #now: () => number;
  readonly #known = new Map<WorkspaceId, Workspace>();
  readonly #loading = new Map<WorkspaceId, Promise<void>>();
  readonly #changed = new Set<(workspace: WorkspaceId) => void>();
  readonly #reads = new Set<(workspace: WorkspaceId) => void>();

  /** Without `seal` what is sealed is as not there. */
  constructor(deps: { pool: Pool; now: () => number; seal?: Seal }) {
    this.#pool = deps.pool;
    this.#seal = deps.seal ?? null;
    this.#now = deps.now;
  }

  /** The rules, or undefined when they have to be loaded first (`load`). What is a little old is renewed behind. */
  rules(workspace: WorkspaceId | null): Rules | undefined {
    if (workspace === null) return NOWHERE;
    return this.#fresh(workspace)?.rules;
  }

  queues(workspace: WorkspaceId): QueueEntry[] {
    return this.#fresh(workspace)?.queues ?? [];
  }

  shifts(workspace: WorkspaceId): readonly ShiftRow[] {
    return this.#fresh(workspace)?.shifts ?? [];
  }

  integration(workspace: WorkspaceId, id: IntegrationId): Integration | undefined {
    return this.#fresh(workspace)?.integrations.get(id);
  }

  webhooks(workspace: WorkspaceId): readonly WebhookEntry[] {
    return this.#fresh(workspace)?.webhooks ?? [];
  }

  webhook(workspace: WorkspaceId, id: WebhookId): WebhookEntry | undefined {
    return this.webhooks(workspace).find((webhook) => webhook.id === id);
  }

  /**
   * Any endpoint that is switched on, of the workspace or of one conversation; from the database, there may be many.
   * `unreadable`: its secret was sealed under a SECRET_KEY that is not here.
   */
  async webhookNow(workspace: WorkspaceId, id: string): Promise<WebhookEntry | 'unreadable' | null> {
    const { rows } = await this.#pool.query<WebhookEntry>({
      name: 'webhook-now',
      text: 'select id, url, events, secret from webhooks where workspace_id = $1 and id = $2 and enabled',
      values: [workspace, id],
    });
    return rows[0] ? (this.#openedWebhook(workspace, rows[0]) ?? 'unreadable') : null;
  }

  /** Makes sure that these workspaces are known. */
  async load(workspaces: readonly WorkspaceId[]): Promise<void> {
    await Promise.all(workspaces.filter((one) => !this.#known.has(one)).map((one) => this.#read(one)));
  }

  /** Something was configured here: what is known is forgotten and read again, and the other nodes are told. */
  async changed(workspace: WorkspaceId): Promise<void> {
    for (const listener of this.#changed) listener(workspace);
    await this.#readAgain(workspace);
  }

  /** Something was configured by way of another node. */
  look(workspace: WorkspaceId): void {
    // A database that is away: what is old is renewed behind at the next question.
    if (this.#known.has(workspace)) this.#readAgain(workspace).catch(() => undefined);
  }

  onChanged(listener: (workspace: WorkspaceId) => void): void {
    this.#changed.add(listener);
  }

  /** Called when a workspace was read (again): it may have changed. Must be quick and must not throw. */
  onRead(listener: (workspace: WorkspaceId) => void): void {
    this.#reads.add(listener);
  }

  async #readAgain(workspace: WorkspaceId): Promise<void> {
    await this.#loading.get(workspace)?.catch(() => undefined);
    await this.#read(workspace);
  }

  #fresh(workspace: WorkspaceId): Workspace | undefined {
    const known = this.#known.get(workspace);
    // A database that is away must not stop what can be decided with what is known.
    if (known && this.#now() - known.loadedAt > FRESH_MS) this.#read(workspace).catch(() => undefined);
    return known;
  }

  #read(workspace: WorkspaceId): Promise<void> {
    let reading = this.#loading.get(workspace);
    if (!reading) {
      reading = this.#readNow(workspace).finally(() => this.#loading.delete(workspace));
      this.#loading.set(workspace, reading);
    }
    return reading;
  }

  /** A secret that cannot be read is as not there: its adapter says what is missing. */
  #opened(workspace: WorkspaceId, one: Omit<Integration, 'config'> & { config: SealedConfig }): Integration {
    const { config } = openConfig(this.#seal ?? NO_KEY, { workspace, id: one.id }, one.config);
    return { ...one, config };
  }

  /** Null where the secret cannot be read: what is not signed must not be sent. Its events wait. */
  #openedWebhook(workspace: WorkspaceId, one: WebhookEntry): WebhookEntry | null {
    try {
      const secret = (this.#seal ?? NO_KEY).open(one.secret, webhookPlace({ workspace, id: one.id }));
      return { ...one, secret };
    } catch (error) {
      if (error instanceof Unreadable) return null;
      throw error;
    }
  }

  async #readNow(workspace: WorkspaceId): Promise<void> {
    const from = this.#now();
    const ahead = { from, to: from + SHIFTS_AHEAD_MS };
    const [settings, queues, integrations, webhooks, shifts] = await Promise.all([
      this.#pool.query<{ rules: RulesPatch; default_queue: QueueId | null }>(
        'select rules, default_queue from workspaces where id = $1',
        [workspace],
      ),
      this.#pool.query<{
        id: QueueId;
        name: string;
        desks: string[];
        limits: QueueRules['limits'];
        hours: Hours | null;
        routing: Partial<Routing>;
        agents: string[] | null;
      }>(
        'select id, name, desks, limits, hours, routing, agents from queues where workspace_id = $1 order by created_at, id',
        [workspace],
      ),
      this.#pool.query<Omit<Integration, 'config'> & { config: SealedConfig }>(
        'select id, side, kind, name, config, bot_id as bot, enabled from integrations where workspace_id = $1',
        [workspace],
      ),
      this.#pool.query<WebhookEntry>(
        'select id, url, events, secret from webhooks where workspace_id = $1 and enabled and conversation_id is null',
        [workspace],
      ),
      listShifts(this.#pool, workspace, ahead, { limit: MOST_SHIFTS, after: null }),
    ]);
    const row = settings.rows[0];
    this.#known.set(workspace, {
      rules: rulesWith(row?.default_queue ?? queues.rows[0]?.id ?? NOWHERE.defaultQueue, row?.rules ?? {}, queues.rows),
      queues: queues.rows.map(({ id, name, agents }) => ({ id, name, agents })),
      integrations: new Map(integrations.rows.map((one) => [one.id, this.#opened(workspace, one)])),
      webhooks: webhooks.rows.flatMap((one) => this.#openedWebhook(workspace, one) ?? []),
      shifts,
      loadedAt: this.#now(),
    });
    for (const listener of this.#reads) listener(workspace);
  }
}

type QueueColumns = {
  id: QueueId;
  desks: string[];
  limits: QueueRules['limits'];
  hours: Hours | null;
  routing: Partial<Routing>;
};

/** The workspace's rules with those of its queues. */
function rulesWith(defaultQueue: QueueId, patch: RulesPatch, queues: readonly QueueColumns[]): Rules {
  const own = queues.map(({ id, desks, ...rules }): [QueueId, QueueRules] => {
    const { limits, hours, routing } = rules;
    return [id, { desks: desks.map(deskFromColumn), limits, hours, routing }];
  });
  return { ...rulesOf({ defaultQueue, patch }), queues: Object.fromEntries(own) };
}
