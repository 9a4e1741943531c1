// Outside desks of every kind: what they send us, and what they answer when we ask. Both begin as what the vendor's twin says.
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { deskDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { DESKS } from '#adapters/registry.ts';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RunningBaton } from '#test/baton.ts';
import { type Stand, stand } from '#test/desk-twins.ts';
import { garbage, jsonOf, onceIn, spoiler } from './arbitrary.ts';
import { type Edge, each, type Faults, HANG_MS } from './faults.ts';
import { answerTo } from './http-edge.ts';

const OPENED_MS = 10_000;

/** A desk that is connected and has a ticket, and all that its vendor has said of it. */
interface Worked extends Stand {
  kind: string;
  path: string;
  bodies: string[];
}

/** Webhooks of each vendor about a ticket that stands: as they were, nearly, or garbage; signed as the vendor signs, or not. */
export async function deskWebhookEdge(run: RunningBaton, faults: Faults): Promise<Edge> {
  const desks = await Promise.all(DESKS.map(({ kind }) => worked(run, kind)));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const posts = fc.record({
    desk: fc.constantFrom(...desks),
    nth: fc.nat(),
    wrong: fc.oneof(
      { weight: 1, arbitrary: fc.constant((value: unknown) => value) },
      { weight: 6, arbitrary: spoiler },
    ),
    instead: onceIn(12, garbage),
    signed: fc.constantFrom(true, true, true, true, false),
    way: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'PUT', 'GET'),
  });
  return {
    name: 'desk webhooks',
    weight: 20,
    async run(inputs, seed, count) {
      await each(fc.sample(posts, { numRuns: inputs, seed }), 8, async ({ desk, nth, wrong, instead, signed, way }) => {
        const text = instead?.toString('utf8') ?? spoilt(desk.bodies[nth % desk.bodies.length] ?? '', wrong);
        const { headers, body } = signed ? desk.signed(text) : { headers: {}, body: text };
        const offered = { method: way, path: desk.path, headers, body: Buffer.from(body) };
        count(`${desk.kind} ${await answerTo(run.url, offered, agent, faults, 'desk webhooks')}`);
      });
    },
    async close() {
      agent.destroy();
      await Promise.all(desks.map(({ twin }) => twin.close()));
    },
  };
}

/** Connected at a running server, with a handoff there that the twin's agents have done everything with. */
async function worked(run: RunningBaton, kind: string): Promise<Worked> {
  const standing = await stand(kind);
  const { twin, config } = standing;
  const made = async (path: string, body: object) => (await run.ask('POST', path, body)).body;
  const { id, inboundUrl } = await made('/v1/integrations', { side: 'desk', kind, name: kind, config });
  const queue = await made('/v1/queues', { name: `To ${id}`, desks: [id] });
  await made('/v1/handoffs', { customer: { name: 'Ada' }, reason: 'api', queue: queue.id });
  const deadline = performance.now() + OPENED_MS;
  while (twin.tickets().length === 0 && performance.now() < deadline) await sleep(20);
  // What went before may have taken away the rules by which it would have been opened.
  if (twin.tickets().length > 0) await busy(standing);
  const bodies = [...twin.webhooks.sent, ...twin.odd()].map(({ body }) => body);
  return { ...standing, kind, path: new URL(inboundUrl).pathname, bodies };
}

/** Everything that an agent can do with a ticket. */
async function busy({ twin }: Stand): Promise<void> {
  const { id } = twin.tickets()[0] as { id: string };
  const [dana, kim] = twin.agents;
  await twin.agent.take(id, dana);
  await twin.agent.reply(id, dana, 'Hello', [{ name: 'a.txt', mime: 'text/plain', bytes: Buffer.from('a') }]);
  await twin.agent.note(id, kim, 'Look at this');
  await twin.agent.typing(id, dana, true);
  await twin.agent.read(id, dana);
  await twin.agent.release(id, dana);
  await twin.agent.take(id, kim);
  await twin.agent.handBack(id, kim, 'for you');
  await twin.agent.close(id, kim);
  await twin.agent.reopen(id, kim);
}

/** JSON as such, all else (forms) by its first field. */
function spoilt(body: string, wrong: (value: unknown) => unknown): string {
  const field = /^(\w+=)(.*)$/.exec(body);
  try {
    if (!field) return jsonOf(wrong(JSON.parse(body))).toString('utf8');
    return (
      field[1] +
      encodeURIComponent(
        jsonOf(wrong(JSON.parse(decodeURIComponent((field[2] ?? '').replaceAll('+', ' '))))).toString('utf8'),
      )
    );
  } catch {
    return body.slice(1);
  }
}

/** What a vendor's answer becomes on its way to us. */
const answers = fc.record({
  wrong: onceIn(3, spoiler),
  instead: onceIn(15, garbage),
  status: onceIn(15, fc.constantFrom(200, 204, 301, 400, 401, 404, 409, 422, 429, 500, 503)),
});
type Answer = ReturnType<typeof answersOf>[number];
const answersOf = (numRuns: number, seed: number) => fc.sample(answers, { numRuns, seed });

/** Calls to each vendor, whose answers come as they were, nearly, or as garbage: a result, or an `AdapterFailure`. */
export function deskAnswerEdge(faults: Faults): Edge {
  return {
    name: 'desk answers',
    weight: 8,
    async run(inputs, seed, count) {
      const deps = await deskDeps(Date.now());
      const pool = answersOf(inputs * 4, seed);
      let next = 0;
      const fetch: typeof deps.world.fetch = async (...asked) =>
        changed(await deps.world.fetch(...asked), pool[next++ % pool.length] as Answer);
      let done = 0;
      const stands = await Promise.all(
        DESKS.map(async (definition) => ({ definition, ...(await stand(definition.kind)) })),
      );
      for (let round = 0; done < inputs; round++) {
        const { definition, twin, config } = stands[round % stands.length] as (typeof stands)[number];
        const made = Object.entries(definition.made).map(([name, make]) => [name, make()]);
        const desk = definition.create(
          { ...Object.fromEntries(made), ...config },
          { ...deps, world: { ...deps.world, now: Date.now, fetch } },
        );
        for (const [name, call] of Object.entries(callsOf(desk, round))) {
          count(await outcomeOf(call, (what) => faults.add('desk answers', `${definition.kind} ${name}: ${what}`, '')));
          done++;
        }
        twin.calm();
      }
      await Promise.all(stands.map(({ twin }) => twin.close()));
      await deps.close();
    },
  };
}

function callsOf(desk: Desk, round: number): Record<string, () => Promise<unknown>> {
  const again = round % 2 === 1;
  const ticket = ticketOf({}, `hnd_${round}`);
  let opened = { id: String(round + 1) };
  let cursor: string | null = null;
  return {
    test: () => desk.test(),
    availability: () => desk.availability(null, null),
    async open() {
      opened = await desk.open(ticket, again);
    },
    availabilityOfTicket: () => desk.availability(null, opened),
    send: () => desk.send(opened, messageOf('Still there?', { seq: round }), again),
    typing: async () => desk.typing?.(opened, true),
    read: async () => desk.read?.(opened),
    async poll() {
      cursor = (await desk.poll?.(opened, null))?.cursor ?? null;
    },
    pollAgain: async () => desk.poll?.(opened, cursor),
    refresh: async () => desk.refresh?.(opened, { type: 'changed', ticket: opened.id, key: 'k' }),
    findTicket: () => desk.findTicket(ticket.handoff, ticket.context.customer),
    close: () => desk.close(opened, 'Ended'),
  };
}

/** In a word; `broken` is told what must not happen. */
async function outcomeOf(call: () => Promise<unknown>, broken: (what: string) => void): Promise<string> {
  const late = new AbortController();
  const hang = sleep(HANG_MS, 'hung' as const, { signal: late.signal, ref: false }).catch(() => 'hung' as const);
  const called = call().then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AdapterFailure) return error.kind;
      broken((error as Error)?.stack ?? String(error));
      return 'fault';
    },
  );
  const outcome = await Promise.race([called, hang]);
  late.abort();
  if (outcome === 'hung') broken(`no answer within ${HANG_MS / 1_000} s`);
  return outcome;
}

async function changed(response: Response, { wrong, instead, status }: Answer): Promise<Response> {
  if (wrong === null && instead === null && status === null) return response;
  const body = Buffer.from(await response.arrayBuffer());
  const other = instead ?? (wrong === null ? body : Buffer.from(spoilt(body.toString('utf8'), wrong)));
  const code = status ?? response.status;
  const bytes = code === 204 ? null : new Uint8Array(other);
  return new Response(bytes, { status: code, headers: withoutLength(response.headers) });
}

function withoutLength(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete('content-length');
  copy.delete('content-encoding');
  return copy;
}
