import { parseArgs } from 'node:util';
import { Complaint } from './complaint.ts';

export interface Options {
  /** Files, or folders of `*.jsonl`. */
  dialogues: string[];
  agents: number;
  /** Conversations that an agent answers at once. */
  capacity: number;
  /** Think and typing times are divided by it. */
  speed: number;
  /** Customers at once. */
  concurrency: number;
  /** Dialogues to play; more in the files are left out. */
  limit: number | null;
  seed: string;
  /** Share of customers whose socket is cut on the way; of agents' conversations it is 0.3 of that. */
  cuts: number;
  /** Share of customers who ask for a person of their own accord. */
  asks: number;
  /** What is not over by then is reported as unfinished. */
  maxSeconds: number;
  /** A server that is running; null: one of our own. */
  server: { url: string; site: string; ownerEmail: string; ownerPassword: string } | null;
  json: boolean;
}

export const USAGE = `npm run simulate -- --queue FILE [--json]

Plays a queue in simulated time, before anybody waits in it: see bench/simulate/README.md for the file.

npm run simulate -- --dialogues FILE|DIR [--dialogues ...]

Plays dialogues (JSON lines {"id", "turns": [{"role": "customer"|"agent"|"bot", "text"}]}) as many customers at once,
with scripted agents, and reports whether anything was lost, doubled or out of order. Exit code 1 if so.

  --agents N          scripted agents (3)
  --capacity N        conversations that each of them answers at once (8)
  --speed X           divides think and typing times (60: a minute takes a second)
  --concurrency N     customers at once (100)
  --limit N           play no more than N dialogues
  --seed TEXT         what chance depends on (1)
  --cuts SHARE        share of customers whose socket is cut on the way, and 0.3 of it of agents' conversations (0.1)
  --asks SHARE        share of customers who ask for a person of their own accord (0.2)
  --max-seconds N     what is not over by then is unfinished (900)
  --json              one JSON object on stdout instead of a table

Without --server it starts one of its own on a temporary data folder. On a server that is running, the scripted agents
are added as agents and disabled at the end; they decline what is not a simulated customer's:

  --server URL --site KEY --owner-email EMAIL --owner-password PASSWORD`;

const text = { type: 'string' } as const;
const SPEC = {
  dialogues: { type: 'string', multiple: true },
  agents: text,
  capacity: text,
  speed: text,
  concurrency: text,
  limit: text,
  seed: text,
  cuts: text,
  asks: text,
  'max-seconds': text,
  server: text,
  site: text,
  'owner-email': text,
  'owner-password': text,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; null when only help is wanted. Throws a `Complaint` that names the option at fault. */
export function readOptions(argv: readonly string[]): Options | null {
  const given = parse(argv);
  if (given.help) return null;
  const dialogues = given.dialogues ?? [];
  if (dialogues.length === 0) throw new Complaint('--dialogues: name a file or a folder of *.jsonl.');
  const number = (name: NumberName, otherwise: number, low: number, high = Number.POSITIVE_INFINITY) =>
    numberOf(name, given[name], otherwise, low, high);
  return {
    dialogues,
    agents: whole('agents', number('agents', 3, 1, 100)),
    capacity: whole('capacity', number('capacity', 8, 1, 100)),
    speed: number('speed', 60, 0.01),
    concurrency: whole('concurrency', number('concurrency', 100, 1, 5_000)),
    limit: given.limit === undefined ? null : whole('limit', number('limit', 1, 1)),
    seed: given.seed ?? '1',
    cuts: number('cuts', 0.1, 0, 1),
    asks: number('asks', 0.2, 0, 1),
    maxSeconds: number('max-seconds', 900, 1),
    server: serverOf(given),
    json: given.json ?? false,
  };
}

type Given = ReturnType<typeof parse>;
type NumberName = 'agents' | 'capacity' | 'speed' | 'concurrency' | 'limit' | 'cuts' | 'asks' | 'max-seconds';

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: SPEC, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Complaint((error as Error).message);
  }
}

function numberOf(name: NumberName, given: string | undefined, otherwise: number, low: number, high: number): number {
  if (given === undefined) return otherwise;
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (value >= low && value <= high) return value;
  const range = high === Number.POSITIVE_INFINITY ? `at least ${low}` : `from ${low} to ${high}`;
  throw new Complaint(`--${name}: a number, ${range}; not "${given}".`);
}

function whole(name: NumberName, value: number): number {
  if (!Number.isInteger(value)) throw new Complaint(`--${name}: a whole number; not ${value}.`);
  return value;
}

function serverOf(given: Given): Options['server'] {
  const { server, site, 'owner-email': ownerEmail, 'owner-password': ownerPassword } = given;
  if (server === undefined) {
    if (site ?? ownerEmail ?? ownerPassword)
      throw new Complaint('--server: is missing; the other options speak of it.');
    return null;
  }
  const url = URL.canParse(server) ? new URL(server) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new Complaint('--server: an address like http://localhost:3000.');
  if (!site || !ownerEmail || !ownerPassword) {
    throw new Complaint('--server: also needs --site, --owner-email and --owner-password.');
  }
  return { url: url.origin, site, ownerEmail, ownerPassword };
}
