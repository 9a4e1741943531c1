import { type BotDeps, ConfigProblem, type DeskDeps } from '#ports/adapter.ts';
import type { Bot } from '#ports/bot.ts';
import type { Desk } from '#ports/desk.ts';
import { house } from './bots/house/index.ts';
import { webhook } from './bots/webhook/index.ts';
import { widgetChannel } from './channels/widget/index.ts';
import { chatwoot } from './desks/chatwoot/index.ts';
import { consoleDesk } from './desks/console/index.ts';
import { freshchat } from './desks/freshchat/index.ts';
import { freshdesk } from './desks/freshdesk/index.ts';
import { intercom } from './desks/intercom/index.ts';
import { livechat } from './desks/livechat/index.ts';
import { slack } from './desks/slack/index.ts';
import { webhook as webhookDesk } from './desks/webhook/index.ts';
import { zendeskMessaging } from './desks/zendesk-messaging/index.ts';
import { zendeskSupport } from './desks/zendesk-support/index.ts';
import type { BotDefinition, DeskDefinition } from './kit/definition.ts';

/** Every bot that Baton can call. A new vendor is one line here. */
export const BOTS: readonly BotDefinition[] = [house, webhook];

/** The bot of a stored integration. Throws `ConfigProblem`, which says what to mend. */
export function createBot(integration: { kind: string; config: unknown }, deps: BotDeps): Bot {
  const definition = BOTS.find(({ kind }) => kind === integration.kind);
  if (definition) return definition.create(integration.config, deps);
  throw new ConfigProblem(`the bot "${deps.name}" (${deps.id})`, [
    {
      field: 'kind',
      message: `There is no bot of the kind "${integration.kind}". Use one of: ${BOTS.map(({ kind }) => kind).join(', ')}.`,
    },
  ]);
}

/** Every outside desk that Baton can hand over to. A new vendor is one line here. */
export const DESKS: readonly DeskDefinition[] = [
  webhookDesk,
  chatwoot,
  freshchat,
  freshdesk,
  intercom,
  zendeskMessaging,
  zendeskSupport,
  livechat,
  slack,
];

/** The sides that are ours: nobody configures them, and tables of what each side can do list them first. */
export const OWN_SIDES = { desks: [consoleDesk], channels: [widgetChannel] } as const;

/** The desk of a stored integration. Throws `ConfigProblem`, which says what to mend. */
export function createDesk(integration: { kind: string; config: unknown }, deps: DeskDeps): Desk {
  const definition = DESKS.find(({ kind }) => kind === integration.kind);
  if (definition) return definition.create(integration.config, deps);
  throw new ConfigProblem(`the desk "${deps.name}" (${deps.id})`, [
    {
      field: 'kind',
      message: `There is no desk of the kind "${integration.kind}". Use one of: ${DESKS.map(({ kind }) => kind).join(', ')}.`,
    },
  ]);
}
