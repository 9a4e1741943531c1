import { Agent } from 'node:http';
import type { ConversationId, IntegrationId, WorkspaceId } from '@baton/core';
import { BotAction, WebhookDeskEvent } from '@baton/protocol/schemas';
import fc from 'fast-check';
import { z } from 'zod';
import { signWebhook } from '#kit/standard-webhooks.ts';
import { KEY, type RunningBaton, SITE } from '#test/baton.ts';
import { anyText, bodiesOf, garbage, type Ids } from './arbitrary.ts';
import { deskAnswerEdge, deskWebhookEdge } from './desk-edges.ts';
import { type Edge, each, type Fault, Faults } from './faults.ts';
import { frameEdge } from './frame-edge.ts';
import { answerTo, httpEdge, inAddress, rawEdge } from './http-edge.ts';
import { botEdge, configEdge } from './inner-edges.ts';

export interface FuzzReport {
  inputs: number;
  seconds: number;
  seed: number;
  /** Longest time in which the event loop answered nothing. */
  longestStallMs: number;
  edges: { name: string; inputs: number; answers: Record<string, number> }[];
  faults: (Fault & { count: number })[];
}

/** Inputs of one round over all edges. */
const ROUND = 4_000;

/** Sends so many inputs to every edge of a running server. The same seed makes the same inputs. */
export async function fuzz(
  run: RunningBaton,
  { inputs, seed, progress = () => undefined }: { inputs: number; seed: number; progress?: (sent: number) => void },
): Promise<FuzzReport> {
  const started = performance.now();
  const faults = new Faults();
  const crash = (error: unknown) =>
    faults.add('process', `not caught: ${(error as Error)?.stack ?? String(error)}`, '');
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const stall = watchStalls();
  const counts = new Map<string, { name: string; inputs: number; answers: Record<string, number> }>();
  let sent = 0;
  for (let round = 0; sent < inputs; round++) {
    // A fresh one of everything each round: what went before may have closed, erased or disabled the last.
    const edges = await edgesOf(run, faults);
    const weights = edges.reduce((sum, { weight }) => sum + weight, 0);
    const now = Math.min(ROUND, inputs - sent);
    for (const [index, edge] of edges.entries()) {
      const some = Math.max(1, Math.ceil((now * edge.weight) / weights));
      const count = counts.get(edge.name) ?? { name: edge.name, inputs: 0, answers: {} };
      counts.set(edge.name, count);
      await edge.run(some, seed + round * 100 + index, (answer) => {
        count.answers[answer] = (count.answers[answer] ?? 0) + 1;
      });
      count.inputs += some;
      sent += some;
      await edge.close?.();
    }
    progress(sent);
  }
  for (const path of ['/healthz', '/readyz']) {
    const { status } = await run.ask('GET', path, undefined, null);
    if (status !== 200) faults.add('afterwards', `${path} answers ${status}`, '');
  }
  process.off('uncaughtException', crash);
  process.off('unhandledRejection', crash);
  return {
    inputs: sent,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    seed,
    longestStallMs: Math.round(stall.stop()),
    edges: [...counts.values()],
    faults: faults.all(),
  };
}

function watchStalls(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 50);
    last = performance.now();
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(longest, performance.now() - last - 50);
    },
  };
}

/** A workspace with one of everything, so that inputs get further than "not found". */
async function edgesOf(run: RunningBaton, faults: Faults): Promise<Edge[]> {
  const made = async (method: string, path: string, body?: unknown) => (await run.ask(method, path, body)).body;
  const visitor = await run.visitor();
  // Two whom the inputs may change, and two who must stay logged in.
  const people = [await run.agent('admin'), await run.agent('agent')];
  const staff = [await run.agent('admin'), await run.agent('agent')];
  const talker = await run.visitor();
  const first = await run.socket({ visitor: talker.token });
  first.say('first', 'Hello');
  const { conversation } = await first.next('ack');
  const handoff = await made('POST', '/v1/handoffs', { customer: { name: 'Ada' }, reason: 'api' });
  const bot = await made('POST', '/v1/integrations', {
    side: 'bot',
    kind: 'webhook',
    name: 'Hook',
    config: { url: 'http://127.0.0.1:9/bot' },
  });
  const desk = await made('POST', '/v1/integrations', {
    side: 'desk',
    kind: 'webhook',
    name: 'Desk',
    config: { url: 'http://127.0.0.1:9/desk' },
  });
  const hook = await made('POST', '/v1/webhooks', { url: 'https://example.com/hook', events: ['*'], enabled: false });
  const shift = await made('POST', '/v1/shifts', {
    agent: people[0]?.id,
    startsAt: '2026-11-23T08:00:00Z',
    endsAt: '2026-11-23T16:00:00Z',
    zone: 'Europe/Berlin',
  });
  const spare = await made('POST', '/v1/keys', { name: 'Spare', scopes: ['conversations:read'] });
  const list = async (path: string) => ((await made('GET', path)).items as { id: string }[]).map(({ id }) => id);
  const ids: Ids = {
    cnv: [conversation ?? '', handoff.conversation.id],
    hnd: [handoff.handoff.id],
    cus: [handoff.conversation.customer.id],
    agt: people.map(({ id }) => id),
    que: await list('/v1/queues'),
    int: await list('/v1/integrations'),
    whk: [hook.id],
    // Not the one that we come with: it would be revoked.
    key: [spare.id],
    shf: [shift.id],
    wsp: [(await made('GET', '/v1/workspace')).id],
  };
  const owner = await run.login();
  const cookies = [owner, ...people.map(({ cookie }) => cookie)];
  const senders = [
    { name: 'visitor', path: '/widget/v1/realtime', headers: {}, token: talker.token },
    { name: 'agent', path: '/v1/realtime', headers: { cookie: staff[1]?.cookie ?? '' }, token: null },
    { name: 'admin', path: '/v1/realtime', headers: { cookie: staff[0]?.cookie ?? '' }, token: null },
    { name: 'key', path: '/v1/realtime', headers: {}, token: KEY },
  ];
  return [
    // First: the others may switch desks off.
    await deskWebhookEdge(run, faults),
    deskAnswerEdge(faults),
    httpEdge(
      { url: run.url, ids, authorizations: [`Bearer ${KEY}`, `Bearer ${KEY}`, `Bearer ${visitor.token}`], cookies },
      faults,
    ),
    frameEdge(run.url, senders, { ...ids, site: [SITE] }, faults),
    inboundEdge(run, desk, ids, faults),
    replyEdge(
      run,
      { workspace: ids['wsp']?.[0] as WorkspaceId, bot: bot.id, conversation: conversation as ConversationId },
      ids,
      faults,
    ),
    rawEdge(run.url, faults),
    botEdge(ids, faults),
    configEdge(faults),
  ];
}

/** Posts of a desk, rightly signed or not. */
function inboundEdge(
  run: RunningBaton,
  desk: { id: string; config: { secret: string } },
  ids: Ids,
  faults: Faults,
): Edge {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const posts = fc.record({
    body: fc.oneof(bodiesOf(z.toJSONSchema(WebhookDeskEvent, { io: 'input' }), ids), garbage),
    signed: fc.constantFrom('right', 'right', 'right', 'late', 'no', 'odd'),
    odd: anyText,
    to: fc.oneof({ weight: 8, arbitrary: fc.constant(desk.id) }, { weight: 1, arbitrary: anyText }),
  });
  return {
    name: 'inbound',
    weight: 10,
    async run(inputs, seed, count) {
      await each(fc.sample(posts, { numRuns: inputs, seed }), 8, async ({ body, signed, odd, to }) => {
        const at = Date.now() - (signed === 'late' ? 3_600_000 : 0);
        const headers = signed === 'no' ? {} : signWebhook(desk.config.secret, `evt_${at}`, at, body.toString('utf8'));
        if (signed === 'odd') Object.assign(headers, { 'webhook-signature': odd.replace(/[^\x20-\x7e]/g, '?') });
        const path = `/inbound/${inAddress(to)}`;
        count(
          String(
            await answerTo(run.url, { method: 'POST', path, headers: { ...headers }, body }, agent, faults, 'inbound'),
          ),
        );
      });
    },
    close: async () => agent.destroy(),
  };
}

/** Later answers of a bot, under a token that is good. */
function replyEdge(
  run: RunningBaton,
  of: { workspace: WorkspaceId; bot: IntegrationId; conversation: ConversationId },
  ids: Ids,
  faults: Faults,
): Edge {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const turn = { conversation: { id: of.conversation, epoch: 1 }, seq: 1, message: { seq: 1 } };
  const { token } = run.baton.hub.replies.address(of.workspace, turn as never, of.bot);
  const actions = bodiesOf(z.toJSONSchema(z.array(BotAction), { io: 'input' }), ids);
  return {
    name: 'bot replies',
    weight: 5,
    async run(inputs, seed, count) {
      await each(fc.sample(actions, { numRuns: inputs, seed }), 8, async (body) => {
        const whole = Buffer.concat([
          Buffer.from(`{"token":${JSON.stringify(token)},"actions":`),
          body,
          Buffer.from('}'),
        ]);
        const offered = {
          method: 'POST',
          path: '/v1/bots/replies',
          headers: { 'content-type': 'application/json' },
          body: whole,
        };
        count(String(await answerTo(run.url, offered, agent, faults, 'bot replies')));
      });
    },
    close: async () => agent.destroy(),
  };
}
