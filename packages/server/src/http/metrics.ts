import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { behind, waiting } from '#store/measures.ts';
import type { HttpDeps } from './deps.ts';

/** What is counted in the database is counted at most so often, however many ask. */
const LOOK_MS = 5_000;

/**
 * The numbers of this node for Prometheus, and of the whole installation where they come from the database (`behind`,
 * `waiting`): those are the same on every node. Names and labels: docs/guide/operate.md.
 */
export function numbersOf(app: FastifyInstance, deps: HttpDeps): Registry {
  const registry = new Registry();
  // Among them the lag of the event loop, memory, and garbage collection.
  collectDefaultMetrics({ register: registry, prefix: 'baton_' });
  requests(app, registry);
  ledger(deps, registry);
  node(deps, registry);
  installation(deps, registry);
  return registry;
}

function requests(app: FastifyInstance, registry: Registry): void {
  const took = new Histogram({
    name: 'baton_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const problems = new Counter({
    name: 'baton_http_problems_total',
    help: 'Requests that were answered with a problem, by its code.',
    labelNames: ['code'],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    took.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
    if (request.problem !== null) problems.inc({ code: request.problem });
  });
}

function ledger({ ledger }: HttpDeps, registry: Registry): void {
  for (const [name, help] of [
    ['flushes', 'Statements that wrote to conversations.'],
    ['events', 'Events written.'],
    ['races', 'Writes that another node won, and that were decided again.'],
    ['failures', 'Flushes that the database did not take.'],
  ] as const) {
    new Counter({
      name: `baton_ledger_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(ledger.stats[name]);
      },
    });
  }
  // Counted here and told when asked: a counter with labels costs more than all else that a message is counted with.
  const said = { customer: 0, bot: 0, agent: 0, system: 0 };
  ledger.onCommitted(({ events }) => {
    for (const { event } of events) if (event.type === 'message') said[event.message.author.role]++;
  });
  new Counter({
    name: 'baton_messages_total',
    help: 'Messages written by this node, by who said them.',
    labelNames: ['author'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [author, count] of Object.entries(said)) this.inc({ author }, count);
    },
  });
  const size = new Histogram({
    name: 'baton_commit_batch_events',
    help: 'Events that one commit carried.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers: [registry],
  });
  const took = new Histogram({
    name: 'baton_commit_seconds',
    help: 'Time that a commit took, from the statement to the answer of the database.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  ledger.onFlushed(({ events, ms }) => {
    size.observe(events);
    took.observe(ms / 1_000);
  });
  new Counter({
    name: 'baton_refusals_total',
    help: 'Commands that the rules refused, by code.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of ledger.refusals) this.inc({ code }, count);
    },
  });
  new Gauge({
    name: 'baton_ledger_waiting',
    help: 'Commands that were taken and are not answered yet.',
    registers: [registry],
    collect() {
      this.set(ledger.waiting);
    },
  });
}

function node({ pool, nodes, connections }: HttpDeps, registry: Registry): void {
  new Gauge({
    name: 'baton_connections',
    help: 'Open connections of people and servers, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const { visitor, staff, streams } = connections?.() ?? { visitor: 0, staff: 0, streams: 0 };
      this.set({ kind: 'visitor_socket' }, visitor);
      this.set({ kind: 'staff_socket' }, staff);
      this.set({ kind: 'stream' }, streams);
    },
  });
  new Gauge({
    name: 'baton_database_connections',
    help: 'Connections of this node to the database, by state; `wanted` wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'wanted' }, pool.waitingCount);
    },
  });
  new Gauge({
    name: 'baton_peers',
    help: 'Other nodes on this database.',
    registers: [registry],
    collect() {
      this.set(nodes.stats.peers);
    },
  });
  new Gauge({
    name: 'baton_bus_up',
    help: '1 while this node hears the others; 0 also where it has no bus.',
    registers: [registry],
    collect() {
      this.set(nodes.stats.hears ? 1 : 0);
    },
  });
  new Counter({
    name: 'baton_catch_up_found_total',
    help: 'Conversations in which a notice of another node had been lost, found by looking.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(nodes.stats.found);
    },
  });
}

/** What the database knows. While it is away the numbers are left out, not told as they were. */
function installation({ pool, now }: HttpDeps, registry: Registry): void {
  const cursors = cached(now, () => behind(pool));
  const lines = cached(now, () => waiting(pool));
  const told = <T>(work: Promise<T>, tell: (found: T) => void) => work.then(tell, () => undefined);
  new Gauge({
    name: 'baton_cursors_behind',
    help: 'Conversations of which an outside side has not been told everything yet, by kind of side.',
    labelNames: ['side'],
    registers: [registry],
    async collect() {
      this.reset();
      await told(cursors(), (rows) => {
        for (const { side, count } of rows) this.set({ side }, count);
      });
    },
  });
  new Gauge({
    name: 'baton_cursors_overdue_seconds',
    help: 'By how much the most overdue of them is late.',
    labelNames: ['side'],
    registers: [registry],
    async collect() {
      this.reset();
      await told(cursors(), (rows) => {
        for (const { side, overdue } of rows) this.set({ side }, overdue);
      });
    },
  });
  new Gauge({
    name: 'baton_queue_waiting',
    help: 'Customers who wait for a person, by queue.',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      this.reset();
      await told(lines(), (rows) => {
        for (const { queue, count } of rows) this.set({ queue }, count);
      });
    },
  });
  new Gauge({
    name: 'baton_queue_oldest_seconds',
    help: 'How long the one who waits longest has waited, by queue.',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      this.reset();
      await told(lines(), (rows) => {
        for (const { queue, oldest } of rows) this.set({ queue }, oldest);
      });
    },
  });
}

function cached<T>(now: () => number, read: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let at = 0;
  return () => {
    if (!last || now() - at > LOOK_MS) {
      at = now();
      last = read();
      last.catch(() => {
        last = undefined;
      });
    }
    return last;
  };
}
