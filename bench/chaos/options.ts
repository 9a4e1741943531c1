import { parseArgs } from 'node:util';
import { Complaint } from '#bench/simulate/complaint.ts';
import { type DeskOptions, deskOptions } from './desks/options.ts';

/** How often each thing is done to the servers. */
export interface Plan {
  /** Between two of them, so that the servers get to work in between. */
  pauseMs: { low: number; high: number };
  /** kill -9 of a server, at a random moment. */
  killServer: number;
  /** kill -9 of PostgreSQL's first process, and of one of its backends (which makes it end all others). */
  killDatabase: number;
  killBackend: number;
  /** Connections end at once, without goodbye: a random share of them. */
  cutSockets: number;
  /** SIGSTOP, for so many seconds. */
  pause: number;
  pauseSeconds: { low: number; high: number };
  /** The disk of the database has no byte left, for so many seconds. */
  fillDisk: number;
  fillSeconds: number;
  /** With several nodes: one neither hears the others nor is heard, for so many seconds. */
  cutBus: number;
  /** ... and Redis itself ends, where it is the bus. */
  killBus: number;
  cutBusSeconds: number;
}

export interface Options {
  nodes: number;
  bus: 'postgres' | 'redis';
  seed: string;
  /** At least so many messages of customers and agents are acknowledged before the run ends. */
  messages: number;
  visitors: number;
  agents: number;
  /** Nothing new is begun after this; what is under way is ended and proved. */
  maxSeconds: number;
  plan: Plan;
  json: boolean;
}

/** Pauses are longer than every heartbeat: sockets count as dead after 30 s, presence after 45 s, an agent's grace is 60 s. */
const LONG: Plan = {
  pauseMs: { low: 1_500, high: 6_000 },
  killServer: 20,
  killDatabase: 6,
  killBackend: 4,
  cutSockets: 15,
  pause: 2,
  pauseSeconds: { low: 50, high: 80 },
  fillDisk: 2,
  fillSeconds: 6,
  cutBus: 4,
  killBus: 2,
  cutBusSeconds: 10,
};
const SHORT: Plan = {
  pauseMs: { low: 300, high: 1_500 },
  killServer: 2,
  killDatabase: 1,
  killBackend: 1,
  cutSockets: 1,
  pause: 1,
  pauseSeconds: { low: 2, high: 2 },
  fillDisk: 1,
  fillSeconds: 1,
  cutBus: 1,
  killBus: 1,
  cutBusSeconds: 2,
};

export const USAGE = `npm run chaos

Kills servers and PostgreSQL, cuts sockets, stops processes and fills the disk under load, then proves from the log that
nothing that was acknowledged is lost, doubled or out of order. Exit code 1 if something is, 3 if nothing is but the run
did less than it was to do (too few messages, or a fault that cannot be done here): that proves nothing.

  --nodes N        servers on one database (1)
  --bus WHICH      how several of them tell each other: postgres, or redis (postgres)
  --messages N     acknowledged messages at least (100000; short: 500)
  --visitors N     customers at once (60; short: 12)
  --agents N       scripted agents (6; short: 3)
  --seed TEXT      what chance depends on (1)
  --max-seconds N  nothing new is begun after this (1500; short: 25)
  --desks          outside desks instead: every vendor's twin with bad weather, and kill -9 of Baton in between
  --desk KIND      this desk only
  --conversations N   of each desk (200; short: 2)
  --short          a little of everything, in some 30 seconds
  --json           one JSON object on stdout instead of a table`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Is it `--desks`? Then what else is said about them. Throws a `Complaint`. */
export function readDeskOptions(argv: readonly string[]): DeskOptions | null {
  const given = parse(argv);
  if (!given.desks || given.help) return null;
  const short = given.short ?? false;
  const { seed, desk, json = false } = given;
  const conversations = wholeOf(given, 'conversations', short ? 2 : 200, 100_000);
  const maxSeconds = wholeOf(given, 'max-seconds', short ? 150 : 3_000, 100_000);
  return deskOptions({ seed, desk, conversations, maxSeconds, short, json });
}

function wholeOf(given: Readonly<Record<string, unknown>>, name: string, otherwise: number, most: number): number {
  const value = Number(given[name] ?? otherwise);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Complaint(`--${name}: a whole number from 1 to ${most}; not "${given[name]}".`);
}

/** Reads the command line; null when only help is wanted. Throws a `Complaint`. */
export function readOptions(argv: readonly string[]): Options | null {
  const given = parse(argv);
  if (given.help) return null;
  const short = given.short ?? false;
  const whole = (name: string, otherwise: number, most: number) => wholeOf(given, name, otherwise, most);
  const bus = given.bus ?? 'postgres';
  if (bus !== 'postgres' && bus !== 'redis') throw new Complaint(`--bus: postgres or redis; not "${bus}".`);
  const nodes = whole('nodes', 1, 8);
  const among = nodes > 1;
  const plan = short ? SHORT : LONG;
  return {
    nodes,
    bus,
    seed: given.seed ?? '1',
    messages: whole('messages', short ? 500 : 100_000, 10_000_000),
    visitors: whole('visitors', short ? 12 : 60, 2_000),
    agents: whole('agents', short ? 3 : 6, 100),
    maxSeconds: whole('max-seconds', short ? 25 : 1_500, 100_000),
    plan: { ...plan, cutBus: among ? plan.cutBus : 0, killBus: among && bus === 'redis' ? plan.killBus : 0 },
    json: given.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  const options = {
    nodes: text,
    bus: text,
    messages: text,
    visitors: text,
    agents: text,
    seed: text,
    'max-seconds': text,
    desk: text,
    conversations: text,
    desks: flag,
    short: flag,
    json: flag,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Complaint((error as Error).message);
  }
}
