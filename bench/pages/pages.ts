import { visit } from '#bench/baton/cast.ts';
import { type BatonServer, KEY, OWNER, startBatonServer } from '#bench/baton/server.ts';
import { Wire } from '#bench/baton/wire.ts';
import { percentile } from '#bench/measure/figures.ts';
import type { Postgres } from '#bench/measure/postgres.ts';
import { Requests } from '#bench/measure/request.ts';
import { Client } from '#bench/server/client.ts';
import { seed } from './seed.ts';

/** Messages of a short and of a long conversation, and in the small database. */
const SHORT = 10;
const LONG = 10_000;
const SMALL = 1_000;
/** Long conversations are this share of the large database at most. */
const LONG_SHARE = 0.2;
/** Read once in turn, then so often again. */
const ROUNDS = 25;

/** Milliseconds. `first`: nobody had read the conversation since the server started. */
interface Times {
  first: number | null;
  p50: number | null;
  p99: number | null;
}

export interface PagesReport {
  messages: { small: number; large: number; short: number; long: number };
  cases: readonly {
    database: 'small' | 'large';
    conversation: 'short' | 'long';
    /** GET the first ten events. */
    http: Times;
    /** The console opens it: the last 200 events over its socket. */
    socket: Times;
  }[];
  /** Of the p50 by HTTP: how many times longer in the large database, and in a long conversation. */
  times: { largeToSmall: number | null; longToShort: number | null };
}

interface Case {
  database: 'small' | 'large';
  conversation: 'short' | 'long';
  ids: readonly string[];
  desk: Desk;
  http: number[];
  socket: number[];
}

/** One server, as its staff reach it. */
interface Desk {
  requests: Requests;
  wire: Wire;
}

/** The first page of conversations, in a small and a large database side by side, each case in turn. */
export async function pages(
  { messages }: { messages: number },
  postgres: Postgres,
  tell: (what: string) => void,
): Promise<PagesReport> {
  const large = Math.max(messages, SMALL);
  const longs = Math.max(1, Math.min(20, Math.floor((large * LONG_SHARE) / LONG)));
  const shorts = Math.max(1, Math.floor((large - longs * LONG) / SHORT));
  const databases = { small: await postgres.database('small'), large: await postgres.database('large') };
  const servers: BatonServer[] = [];
  const desks: Desk[] = [];
  const open = async (
    database: 'small' | 'large',
    seeds: { count: number; length: number; kind: 'short' | 'long' }[],
  ) => {
    const server = await startBatonServer(databases[database], { environment: { RATE_LIMITS: 'off' } });
    servers.push(server);
    const template = await say(server);
    tell(`pages: filling the ${database} database`);
    const kinds = [];
    for (const { count, length, kind } of seeds)
      kinds.push({
        kind,
        ids: await seed(databases[database], template, { conversations: count, messages: length, mark: kind }),
      });
    const desk = await sitDown(server);
    desks.push(desk);
    return kinds.map(({ kind, ids }): Case => ({ database, conversation: kind, ids, desk, http: [], socket: [] }));
  };
  try {
    const cases = [
      ...(await open('small', [{ kind: 'short', count: SMALL / SHORT, length: SHORT }])),
      ...(await open('large', [
        { kind: 'short', count: shorts, length: SHORT },
        { kind: 'long', count: longs, length: LONG },
      ])),
    ];
    for (let round = 0; round <= ROUNDS; round++)
      for (let i = 0; i < 20; i++) for (const one of cases) await read(one, i);
    return reportOf(cases, { small: SMALL, large: shorts * SHORT + longs * LONG, short: SHORT, long: LONG }, tell);
  } finally {
    for (const { requests, wire } of desks) {
      requests.close();
      wire.cut();
    }
    for (const server of servers) await server.stop();
  }
}

/** A conversation to make copies of. */
async function say({ url }: BatonServer): Promise<string> {
  const { wire } = await visit(new Client(url));
  const parts = [{ type: 'text', text: 'I ordered the grey lamp on Monday, and it is still being packed.' } as const];
  const { conversation } = await wire.request({ type: 'say', clientId: 'template', parts });
  wire.cut();
  return conversation as string;
}

async function sitDown({ url }: BatonServer): Promise<Desk> {
  const client = new Client(url);
  const { cookie } = await client.login(OWNER.email, OWNER.password);
  const wire = await Wire.open(client.socket('/v1/realtime'), { cookie });
  await wire.hello({});
  return { wire, requests: new Requests(url, { authorization: `Bearer ${KEY}` }) };
}

async function read({ ids, desk, http, socket }: Case, index: number): Promise<void> {
  const conversation = ids[index % ids.length] as `cnv_${string}`;
  http.push(await desk.requests.get(`/v1/conversations/${conversation}/events?after=0&limit=10`));
  const began = performance.now();
  await desk.wire.request({ type: 'follow', conversation });
  socket.push(performance.now() - began);
  await desk.wire.request({ type: 'unfollow', conversation });
}

function reportOf(
  cases: readonly Case[],
  messages: PagesReport['messages'],
  tell: (what: string) => void,
): PagesReport {
  const told = cases.map(({ database, conversation, ids, http, socket }) => ({
    database,
    conversation,
    http: timesOf(http, ids.length),
    socket: timesOf(socket, ids.length),
  }));
  const [small, large, long] = told.map(({ http }) => http.p50);
  const over = (one: number | null | undefined, other: number | null | undefined) =>
    one && other ? one / other : null;
  const times = { largeToSmall: over(large, small), longToShort: over(long, large) };
  tell(`pages: large to small ${times.largeToSmall?.toFixed(2)}, long to short ${times.longToShort?.toFixed(2)}`);
  return { messages, cases: told, times };
}

/** The first so many were the first reads of each. */
function timesOf(all: readonly number[], firsts: number): Times {
  const later = all.slice(20);
  return {
    first: percentile(all.slice(0, Math.min(firsts, 20)), 0.5),
    p50: percentile(later, 0.5),
    p99: percentile(later, 0.99),
  };
}
