// What holds for every operation of the table, tried on each of them.
import { type OpShape, ops } from '@baton/protocol/schemas';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';
import { answer, mount } from './route.ts';

let http: TestHttp;
let foreign: { workspace: `wsp_${string}`; key: string };
/** An id of each kind that exists in the first workspace. */
let ids: Record<string, string>;
let cookie: string;
/** Of somebody who is no admin. */
let agentCookie: string;

beforeAll(async () => {
  http = await testHttp();
  foreign = await http.otherWorkspace();
  cookie = await http.login();
  agentCookie = (await http.makeAgent()).cookie;
  const { handoff, conversation } = await http.handoff();
  const first = async (path: string) => (await http.call('GET', path)).body.items[0].id as string;
  const webhook = await http.call('POST', '/v1/webhooks', { body: { url: 'https://example.com/hook', events: ['*'] } });
  const shift = await http.call('POST', '/v1/shifts', {
    body: {
      agent: await first('/v1/agents'),
      startsAt: '2026-11-23T08:00:00Z',
      endsAt: '2026-11-23T16:00:00Z',
      zone: 'UTC',
    },
  });
  ids = {
    hnd: handoff.id,
    cnv: conversation.id,
    cus: conversation.customer.id,
    que: await first('/v1/queues'),
    agt: await first('/v1/agents'),
    int: await first('/v1/integrations'),
    key: await first('/v1/keys'),
    whk: webhook.body.id,
    shf: shift.body.id,
  };
});
afterAll(() => http.stop());

async function visitorToken(): Promise<string> {
  const { body } = await http.call('POST', '/widget/v1/sessions', { body: { siteKey: SITE_KEY }, key: null });
  return body.token;
}

const all = Object.entries(ops) as [string, OpShape][];
const guarded = all.filter(([, op]) => op.access !== 'public');
const scoped = guarded.filter(([, op]) => typeof op.access !== 'string');

/** The prefix of an operation's id, by its schema: `^cnv_`. */
function prefixOf(op: OpShape): string | undefined {
  const id = op.params?.shape.id;
  return id && /\^(\w{3})_/.exec(JSON.stringify(z.toJSONSchema(id)))?.[1];
}

function addressOf(op: OpShape, id = ids[prefixOf(op) ?? ''] ?? ''): string {
  return op.path.replace('{id}', id).replace('{name}', 'vip').replace('{message}', 'msg_unknown');
}

/** A small body that the schema takes, made of the schema itself. */
function bodyOf(op: OpShape): unknown {
  if (!op.body) return undefined;
  const schema = z.toJSONSchema(op.body, { io: 'input' }) as Schema;
  // What JSON Schema does not say: a message has text or parts,
  if (op === ops.createMessage) return { ...(sample(schema, schema) as object), text: 'Hello' };
  // ... and a replay a time or an event.
  if (op === ops.replayWebhook) return { since: '2026-01-01T00:00:00Z' };
  return sample(schema, schema);
}

/** Whoever may call it. */
function as(op: OpShape): { cookie?: string } {
  return op.access === 'agent' ? { cookie } : {};
}

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
}

function sample(schema: Schema, root: Schema): unknown {
  if (schema.$ref) return sample(root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const first = (schema.anyOf ?? schema.oneOf)?.[0];
  if (first) return sample(first, root);
  if (schema.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {}, root)]),
    );
  if (schema.type === 'array') return schema.minItems ? [sample(schema.items ?? {}, root)] : [];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.format === 'email') return 'somebody@example.com';
  if (schema.format === 'uri') return 'https://example.com';
  const prefix = /^\^(\w{3})_/.exec(schema.pattern ?? '')?.[1];
  return prefix ? `${prefix}_unknown` : 'long-enough';
}

/** Addresses beside the table, and why nobody need say who he is there. */
const BESIDE: Record<string, string> = {
  '/': 'leads to the console',
  '/*': 'what browsers ask before they send',
  '/widget.js': 'the widget',
  '/widget-chat.js': 'the widget',
  '/healthz': 'says that it lives',
  '/readyz': 'says whether it is ready',
  '/metrics': 'numbers, under METRICS_TOKEN where one is set',
  '/robots.txt': 'for machines that read pages',
  '/favicon.ico': 'a picture',
  '/demo': 'a page that is there in the demo only',
  '/console': 'a page; what it shows it asks the table for',
  '/console*': 'its files',
  '/docs': 'documentation',
  '/v1/openapi.json': 'documentation',
  '/v1/asyncapi.json': 'documentation',
  '/login/:token': 'a secret in the address, good once',
  '/files/:secret/:name': 'a secret in the address',
  '/transcripts/:token': 'a signed address',
  '/inbound/:integration': 'vendors, proven by their signature',
  '/inbound/:integration/:secret': 'vendors, proven by their signature or the address',
};

/** Method and address of every route that there is. */
function routes(): [method: string, address: string][] {
  const found: [string, string][] = [];
  const above: string[] = [];
  for (const line of http.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const read = /^([ │]*)[├└]── (.*) \((.*)\)$/.exec(line);
    if (!read) continue;
    const [, indent = '', part = '', methods = ''] = read;
    const depth = indent.length / 4;
    // The root of the tree stands for itself and before all others.
    above.splice(depth, above.length, part);
    const address = above.join('').replace('//', '/');
    for (const method of methods.split(', ')) if (method !== 'HEAD') found.push([method, address]);
  }
  return found;
}

describe('what there is', () => {
  it('[SE9] every route is an operation of the table, or stands here with the reason why it is open', () => {
    const table = new Set(all.map(([, op]) => `${op.method} ${op.path.replace(/\{(\w+)\}/g, ':$1')}`));
    const found = routes();
    expect(found.length).toBeGreaterThan(table.size);
    const unknown = found.filter(
      ([method, address]) =>
        !table.has(`${method} ${address}`) && !(address in BESIDE) && !address.startsWith('/docs/'),
    );
    expect(unknown).toEqual([]);
    for (const one of table) expect(found.map((route) => route.join(' '))).toContain(one);
  });
});

describe('who may call', () => {
  it.each(guarded)('[AP1] %s says 401 to nobody and to a stranger', async (_, op) => {
    const nobody = await http.call(op.method, addressOf(op), { key: null, body: bodyOf(op) });
    expect(nobody).toMatchObject({ status: 401, body: { code: 'unauthenticated', status: 401 } });
    expect(nobody.headers['www-authenticate']).toBe('Bearer');
    const stranger = await http.call(op.method, addressOf(op), {
      key: 'baton_not_a_key_of_this_server',
      body: bodyOf(op),
    });
    expect(stranger).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  });

  it.each(scoped)('[AP1] %s says 403 to a key without its scope', async (_, op) => {
    const access = op.access as readonly string[];
    const others = ['conversations:read', 'conversations:write', 'handoffs:write', 'availability:read'].filter(
      (scope) => !access.includes(scope),
    );
    const answer = await http.call(op.method, addressOf(op), { key: await http.makeKey(others), body: bodyOf(op) });
    expect(answer).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
    for (const scope of access) expect(answer.body.detail).toContain(scope);
  });

  it.each(guarded)('[SE9] %s says 403 to every kind of caller that it is not for', async (_, op) => {
    const callers = {
      visitor: { key: await visitorToken() },
      agent: { cookie: agentCookie },
      key: {},
    };
    const mayAgent =
      op.access === 'agent' || (typeof op.access !== 'string' && op.access.some((one) => one !== 'admin'));
    const may = {
      visitor: op.access === 'visitor',
      agent: mayAgent,
      key: typeof op.access !== 'string',
    };
    for (const kind of ['visitor', 'agent', 'key'] as const) {
      if (may[kind]) continue;
      const answer = await http.call(op.method, addressOf(op), { ...callers[kind], body: bodyOf(op) });
      expect(answer, `${kind}: ${JSON.stringify(answer.body)}`).toMatchObject({
        status: 403,
        body: { code: 'scope_missing' },
      });
    }
  });

  it.each(scoped.filter(([, op]) => op.params))(
    '[AP1] %s does not find what is of another workspace',
    async (_, op) => {
      const answer = await http.call(op.method, addressOf(op), { key: foreign.key, body: bodyOf(op) });
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it.each(scoped.filter(([, op]) => op.params))('[AP1] %s does not find what cannot be', async (_, op) => {
    for (const id of ['nonsense', `${prefixOf(op)}_unknown`, '%00', "' or 1=1"]) {
      const answer = await http.call(op.method, addressOf(op, encodeURI(id)), { body: bodyOf(op) });
      expect(answer.status, `${id}: ${JSON.stringify(answer.body)}`).toBe(404);
    }
  });
});

describe('what goes in', () => {
  it.each(all.filter(([, op]) => op.body))('[AP2] %s names the field that it does not know', async (_, op) => {
    const answer = await http.call(op.method, addressOf(op), {
      ...as(op),
      body: { ...(bodyOf(op) as object), surprise: 1 },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(answer.body.errors).toContainEqual({ path: 'surprise', message: expect.stringContaining('no such field') });
  });

  it.each(all.filter(([, op]) => op.body && !op.body.safeParse({}).success))(
    '[AP2] %s names what is missing',
    async (_, op) => {
      const answer = await http.call(op.method, addressOf(op), { body: {} });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
      expect(answer.body.errors.length).toBeGreaterThan(0);
    },
  );

  it.each(guarded.filter(([, op]) => op.access !== 'visitor' && op.access !== 'agent' && op.method === 'GET'))(
    '[AP2] %s names the part of the query that it does not know',
    async (_, op) => {
      const answer = await http.call(op.method, `${addressOf(op)}?surprise=1`);
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
      expect(answer.body.errors[0].path).toBe('surprise');
    },
  );

  it.each(all.filter(([, op]) => op.body))('[AP3] %s refuses what is not JSON', async (_, op) => {
    for (const body of ['{"a":', 'null', '[]', '"text"', '{"__proto__":{}}']) {
      const answer = await http.call(op.method, addressOf(op), {
        ...as(op),
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect([400, 422], `${body}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
      expect(['bad_json', 'invalid']).toContain(answer.body.code);
    }
  });

  it.each(all.filter(([, op]) => op.idempotent))('[AP5] %s refuses an Idempotency-Key that is none', async (_, op) => {
    const answer = await http.call(op.method, addressOf(op), {
      ...as(op),
      body: bodyOf(op),
      idempotencyKey: 'two words',
    });
    expect([400, 422]).toContain(answer.status);
  });
});

describe('what comes out', () => {
  // In tests every answer is held against its schema (HttpSettings.checkAnswers), here and in all files beside this one.
  it.each(guarded.filter(([, op]) => op.method === 'GET' && op.access !== 'visitor'))(
    '[AP4] %s answers as its schema says',
    async (_, op) => {
      const answer = await http.call('GET', addressOf(op), as(op));
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    },
  );

  it('[AP4] an answer that says more or less than its schema is found out', async () => {
    const op = {
      method: 'GET',
      path: '/v1/test',
      tag: 'Test',
      summary: 'Test',
      access: 'public',
      answers: { 200: z.object({ a: z.number(), list: z.array(z.object({ b: z.string() })) }) },
    } as const;
    const app = Fastify();
    let body: unknown;
    mount(app, http.deps, op, async () => answer(200, body as never));
    const status = async (said: unknown) => {
      body = said;
      return (await app.inject('/v1/test')).statusCode;
    };
    expect(await status({ a: 1, list: [{ b: 'x' }] })).toBe(200);
    expect(await status({ a: 1, list: [{ b: 'x', c: 1 }] })).toBe(500);
    expect(await status({ a: 1, list: [], more: null })).toBe(500);
    expect(await status({ a: '1', list: [] })).toBe(500);
    await app.close();
  });
});
