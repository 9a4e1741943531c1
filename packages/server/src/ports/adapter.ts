import type { IntegrationId } from '@baton/core';
import type { Articles } from './articles.ts';
import { AdapterFailure } from './failure.ts';
import type { Files } from './files.ts';
import type { World } from './world.ts';

/** What the hub hands to a bot's adapter when it makes one. */
export interface BotDeps {
  id: IntegrationId;
  /** The name under which the bot speaks. */
  name: string;
  world: World;
  /** What its workspace knows. */
  articles: Articles;
}

/** What the hub hands to a desk's adapter when it makes one. */
export interface DeskDeps {
  id: IntegrationId;
  /** The name of the integration, for people. */
  name: string;
  world: World;
  /** The bytes of the files that go there. */
  files: Files;
}

/** The configuration of an integration is wrong, and a person must mend it; `problems` says for each field what to do. */
export class ConfigProblem extends AdapterFailure {
  readonly problems: readonly { field: string; message: string }[];

  constructor(what: string, problems: readonly { field: string; message: string }[]) {
    super(
      'auth',
      `The configuration of ${what} is wrong. ${problems.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
    );
    this.name = 'ConfigProblem';
    this.problems = problems;
  }
}
