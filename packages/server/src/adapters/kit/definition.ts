import type { z } from 'zod';
import { type BotDeps, ConfigProblem, type DeskDeps } from '#ports/adapter.ts';
import type { Bot, BotCapabilities } from '#ports/bot.ts';
import type { Desk, DeskCapabilities, DeskEvent } from '#ports/desk.ts';
import type { RawRequest } from '#ports/inbound.ts';
import type { SetupStep } from '#ports/setup.ts';

/** One vendor's bots: what the registry lists. */
export interface BotDefinition {
  readonly side: 'bot';
  /** Stored with each integration; never renamed. */
  readonly kind: string;
  readonly title: string;
  readonly config: z.ZodObject;
  /** Fields of the config that are shown to admins only. */
  readonly secrets: readonly string[];
  /** Secret fields that Baton makes when they are not given. */
  readonly made: Readonly<Record<string, () => string>>;
  /** What a bot of this kind can do at most; each bot's own `can` is what it does. */
  readonly can: BotCapabilities;
  /** Throws `ConfigProblem`. Does no I/O. */
  create(config: unknown, deps: BotDeps): Bot;
}

interface BotOf<S extends z.ZodObject> extends Omit<BotDefinition, 'side' | 'config' | 'create' | 'made'> {
  config: S;
  made?: BotDefinition['made'];
  create(config: z.output<S>, deps: BotDeps): Bot;
}

/** One vendor's desk: what the registry lists. */
export interface DeskDefinition {
  readonly side: 'desk';
  /** Stored with each integration; never renamed. */
  readonly kind: string;
  readonly title: string;
  readonly config: z.ZodObject;
  readonly secrets: readonly string[];
  readonly made: Readonly<Record<string, () => string>>;
  /** What it can do, for the tables of README and console. */
  readonly can: DeskCapabilities;
  /** What to click there, step by step: the console makes its screens of it. One of them shows the webhook's address. */
  readonly setup: readonly SetupStep[];
  /** The file of the vendor's own description of its API (OpenAPI), for `npm run check:vendors`; null where there is none. */
  readonly spec: string | null;
  /**
   * For `npm run inspect`: what a webhook says, and whether it is genuine (null: no secret was given). What it says is read in
   * any case. Does no I/O; throws nothing.
   */
  inspect(request: RawRequest, secret: string | null): Inspected;
  /** Throws `ConfigProblem`. Does no I/O. */
  create(config: unknown, deps: DeskDeps): Desk;
}

/** `why` says what was wrong with a webhook that is not genuine. */
export interface Inspected {
  genuine: boolean | null;
  why?: string;
  events: DeskEvent[];
}

interface DeskOf<S extends z.ZodObject> extends Omit<DeskDefinition, 'side' | 'config' | 'create' | 'made'> {
  config: S;
  made?: DeskDefinition['made'];
  create(config: z.output<S>, deps: DeskDeps): Desk;
}

/** The same for a desk. */
export function defineDesk<S extends z.ZodObject>(definition: DeskOf<S>): DeskDefinition {
  const { kind, config: schema } = definition;
  return {
    ...definition,
    side: 'desk',
    made: definition.made ?? {},
    create: (config, deps) =>
      definition.create(readConfig(schema, config, `the ${kind} desk "${deps.name}" (${deps.id})`), deps),
  };
}

/** Ties the shape of a config to what is made of it: `create` of the result takes anything and checks it first. */
export function defineBot<S extends z.ZodObject>(definition: BotOf<S>): BotDefinition {
  const { kind, config: schema } = definition;
  return {
    ...definition,
    side: 'bot',
    made: definition.made ?? {},
    create: (config, deps) =>
      definition.create(readConfig(schema, config, `the ${kind} bot "${deps.name}" (${deps.id})`), deps),
  };
}

/** A side of our own that reads and writes Baton's log itself: nothing to configure, nothing to send. */
export interface DirectDefinition<Side extends 'desk' | 'channel', Can extends { direct: boolean }> {
  readonly side: Side;
  readonly kind: string;
  readonly title: string;
  readonly can: Can & { direct: true };
}

export function defineDirect<Side extends 'desk' | 'channel', Can extends { direct: boolean }>(
  definition: DirectDefinition<Side, Can>,
): DirectDefinition<Side, Can> {
  return definition;
}

/** The config, or `ConfigProblem` naming each field that is wrong. */
export function readConfig<S extends z.ZodObject>(schema: S, config: unknown, what: string): z.output<S> {
  const read = schema.safeParse(config);
  if (read.success) return read.data;
  throw new ConfigProblem(
    what,
    read.error.issues.map((issue) => ({
      field: issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.') || 'config',
      message: issue.code === 'unrecognized_keys' ? 'There is no such setting.' : sentence(issue.message),
    })),
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
