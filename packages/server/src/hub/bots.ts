import type { IntegrationId, WorkspaceId } from '@baton/core';
import type { Bot } from '#ports/bot.ts';
import type { Directory, Integration } from './directory.ts';

/** Makes the ready adapter of an integration; null where its kind is not a bot that we call. */
export type MakeBot = (workspace: WorkspaceId, integration: Integration) => Bot | null;

/** Ready bots, made once per configuration. */
export class Bots {
  readonly #directory: Directory;
  readonly #make: MakeBot;
  readonly #made = new Map<string, { config: string; bot: Bot | null }>();

  constructor(deps: { directory: Directory; make: MakeBot }) {
    this.#directory = deps.directory;
    this.#make = deps.make;
  }

  /** The bot of an integration as configured now; null when it is gone, switched off, or not called by us. */
  async get(workspace: WorkspaceId, id: IntegrationId): Promise<Bot | null> {
    await this.#directory.load([workspace]);
    const integration = this.#directory.integration(workspace, id);
    if (!integration?.enabled || integration.side !== 'bot') return null;
    const config = JSON.stringify([integration.kind, integration.name, integration.config]);
    const known = this.#made.get(id);
    if (known?.config === config) return known.bot;
    const bot = this.#make(workspace, integration);
    this.#made.set(id, { config, bot });
    return bot;
  }
}
