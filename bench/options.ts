import { parseArgs } from 'node:util';
import { Complaint } from '#bench/simulate/complaint.ts';

export const PARTS = ['relay', 'idle', 'pages', 'availability', 'handout', 'storm'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  only: readonly Part[];
  /** Rounds of the relay: each contender once. */
  repeats: number;
  /** One measurement. */
  seconds: number;
  warmSeconds: number;
  conversations: number;
  /** Messages that each customer of the relay has on his way when it goes as fast as it can. */
  window: number;
  /** The lower fixed rate of the relay, messages a second. */
  rate: number;
  /** Sockets that do nothing. */
  sockets: number;
  /** Messages in the larger of the two databases whose pages are read. */
  messages: number;
  /** Sockets that come back at once. */
  returning: number;
  /** A folder for the CPU profiles of the relay's servers. */
  profiles: string | null;
  /** The tables also go into docs/performance.md. */
  document: boolean;
  json: boolean;
}

type Number_ = 'repeats' | 'seconds' | 'conversations' | 'window' | 'rate' | 'sockets' | 'messages' | 'returning';

/** What is taken where nothing is said: some 9 minutes in all. */
const WHOLE: Readonly<Record<Number_ | 'warm', number>> = {
  repeats: 3,
  seconds: 6,
  warm: 4,
  conversations: 200,
  window: 4,
  rate: 1_000,
  sockets: 10_000,
  messages: 1_000_000,
  returning: 2_000,
};
/** Some two minutes. */
const QUICK: typeof WHOLE = {
  ...WHOLE,
  repeats: 1,
  seconds: 4,
  warm: 3,
  sockets: 5_000,
  messages: 100_000,
  returning: 500,
};

const MOST: Readonly<Record<Number_, number>> = {
  repeats: 20,
  seconds: 60,
  conversations: 2_000,
  window: 64,
  rate: 100_000,
  sockets: 25_000,
  messages: 20_000_000,
  returning: 10_000,
};

export const USAGE = `npm run bench

Measures Baton, in one run and on one PostgreSQL. The ratios are what counts: a machine is never the same twice.

  relay         a customer's message until his agent has it, 200 conversations, stored before anybody hears of it: Baton
                against the limit (ws, one group-committed INSERT, nothing else) and against what teams usually write
                (Socket.IO, a transaction a message), in turn: as fast as it goes, at 1,000 a second, and at half of the
                limit's rate
  idle          memory of a visitor's socket that does nothing
  pages         the first page of a short and of a long conversation, in a small and in a large database
  availability  can somebody be reached now? (GET /v1/availability)
  handout       who has just accepted a customer, and has room: how soon he is asked for the next one
  storm         the server is killed, and everybody comes back at once

  --only PARTS         only these, with commas between them
  --quick              a short form: less of everything, once
  --repeats N          rounds of the relay (${WHOLE.repeats}; quick: ${QUICK.repeats})
  --seconds N          each measurement of the relay (${WHOLE.seconds}; quick: ${QUICK.seconds})
  --conversations N    of the relay (${WHOLE.conversations})
  --window N           messages that a customer has on his way when it goes as fast as it can (${WHOLE.window})
  --rate N             the lower fixed rate, messages a second (${WHOLE.rate})
  --sockets N          idle sockets (${WHOLE.sockets}; quick: ${QUICK.sockets})
  --messages N         in the large database (${WHOLE.messages}; quick: ${QUICK.messages})
  --returning N        sockets of the storm (${WHOLE.returning}; quick: ${QUICK.returning})
  --profiles FOLDER    CPU profiles of the relay's servers (they cost something themselves)
  --document           put the tables into docs/performance.md, too
  --json               one JSON object on stdout instead of tables

Exit code 1: something was lost, doubled or out of order, and so there is no figure. docs/performance.md says more.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Reads the command line; null when only help is wanted. Throws a `Complaint`. */
export function readOptions(argv: readonly string[]): Options | null {
  const given = parse(argv);
  if (given.help) return null;
  const usual = given.quick ? QUICK : WHOLE;
  const whole = (name: Number_) => {
    const value = Number(given[name] ?? usual[name]);
    if (Number.isInteger(value) && value >= 1 && value <= MOST[name]) return value;
    throw new Complaint(`--${name}: a whole number from 1 to ${MOST[name]}; not "${given[name]}".`);
  };
  return {
    only: partsOf(given.only),
    repeats: whole('repeats'),
    seconds: whole('seconds'),
    warmSeconds: usual.warm,
    conversations: whole('conversations'),
    window: whole('window'),
    rate: whole('rate'),
    sockets: whole('sockets'),
    messages: whole('messages'),
    returning: whole('returning'),
    profiles: given.profiles ?? null,
    document: given.document ?? false,
    json: given.json ?? false,
  };
}

function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS;
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined)
    throw new Complaint(`--only: ${PARTS.join(', ')}, with commas between them; not "${unknown}".`);
  return PARTS.filter((part) => wanted.includes(part));
}

function parse(argv: readonly string[]) {
  const options = {
    only: text,
    quick: flag,
    repeats: text,
    seconds: text,
    conversations: text,
    window: text,
    rate: text,
    sockets: text,
    messages: text,
    returning: text,
    profiles: text,
    document: flag,
    json: flag,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Complaint((error as Error).message);
  }
}
