// Ids of another workspace in bodies and queries, of every operation: nothing is linked to them, nothing is shown of them. (In
// addresses: every-operation.test.ts.)
import { type OpShape, ops } from '@baton/protocol/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestHttp, testHttp } from '#test/http.ts';
import { resolve, type Schema, sampleOf } from '#test/sample.ts';

/** In the name of everything that the other workspace has. */
const MARK = 'Fremdes';

let http: TestHttp;
let cookie: string;
/** An id of each kind, ours and theirs. */
let own: Record<string, string>;
let foreign: Record<string, string>;

beforeAll(async () => {
  http = await testHttp();
  cookie = await http.login();
  own = await filled('Our');
  const other = await http.otherWorkspace();
  foreign = await filled(MARK, other.key);
});
afterAll(() => http.stop());

/** One of everything, named so. */
async function filled(name: string, key?: string): Promise<Record<string, string>> {
  const made = async (path: string, body: object) => {
    const answer = await http.call('POST', path, { body, ...(key === undefined ? {} : { key }) });
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const mail = `${name.toLowerCase()}@example.com`;
  const agent = await made('/v1/agents', { name, email: mail, role: 'agent' });
  const { conversation, handoff } = await made('/v1/handoffs', { customer: { name, email: mail }, reason: 'api' });
  const shift = { agent: agent.id, startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-11-23T16:00:00Z', zone: 'UTC' };
  return {
    agt: agent.id,
    que: (await made('/v1/queues', { name })).id,
    int: (await made('/v1/integrations', { side: 'bot', kind: 'house', name, config: { about: name } })).id,
    whk: (await made('/v1/webhooks', { url: `https://${mail.replace('@', '.')}/hook`, events: ['*'] })).id,
    key: (await made('/v1/keys', { name, scopes: ['conversations:read'] })).id,
    shf: (await made('/v1/shifts', shift)).id,
    cus: conversation.customer.id,
    cnv: conversation.id,
    hnd: handoff.id,
  };
}

/** Fields that take a name as well as an id, so that their schema says nothing of it. */
const BY_NAME: Record<string, string> = {
  queue: 'que',
  agent: 'agt',
  conversation: 'cnv',
  customer: 'cus',
  channel: 'int',
};

/** What JSON Schema does not say of a body: without it the id would not be looked at. */
const FITTING: Record<string, object> = {
  createShift: { startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-11-23T16:00:00Z' },
  createIntegration: { side: 'channel', kind: 'widget' },
};

/** Values that the schema takes, each with one id of the other workspace somewhere in it, and where. */
function* naming(given: Schema, root: Schema, depth = 0): Generator<[where: string, value: unknown]> {
  const schema = resolve(given, root);
  if (depth > 6) return;
  for (const option of schema.anyOf ?? schema.oneOf ?? []) yield* naming(option, root, depth + 1);
  const id = foreign[prefixOf(schema) ?? ''];
  if (schema.type === 'string' && id !== undefined) yield ['', id];
  if (schema.items) for (const [where, value] of naming(schema.items, root, depth + 1)) yield [`[]${where}`, [value]];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const found = [...naming(field, root, depth + 1)];
    const byName = foreign[BY_NAME[name] ?? ''];
    if (found.length === 0 && byName !== undefined && takesText(resolve(field, root))) found.push(['', byName]);
    for (const [where, value] of found)
      yield [`.${name}${where}`, { ...(sampleOf({ ...schema, $defs: root.$defs }) as object), [name]: value }];
  }
  const key = schema.propertyNames && foreign[prefixOf(resolve(schema.propertyNames, root)) ?? ''];
  if (key && typeof schema.additionalProperties === 'object')
    yield ['{}', { [key]: sampleOf({ ...schema.additionalProperties, $defs: root.$defs }) }];
}

function takesText({ type, anyOf }: Schema): boolean {
  return type === 'string' || anyOf?.some((option) => takesText(option)) === true;
}

function prefixOf({ pattern }: Schema): string | undefined {
  return /^\^(\w{3})_/.exec(pattern ?? '')?.[1];
}

const jsonOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

function addressOf(op: OpShape): string {
  const id = op.params?.shape.id;
  const prefix = id ? prefixOf(jsonOf(id) as Schema) : undefined;
  return op.path
    .replace('{id}', own[prefix ?? ''] ?? '')
    .replace('{name}', 'vip')
    .replace('{message}', 'msg_unknown');
}

/** Whoever may call it, of our own workspace. */
const as = (op: OpShape) => (op.access === 'agent' ? { cookie } : {});

const reachable = (Object.entries(ops) as [string, OpShape][]).filter(
  ([, op]) => op.access !== 'visitor' && op.access !== 'public',
);

it.each(reachable.filter(([, op]) => op.body))('[SE9] %s takes no id of another workspace', async (name, op) => {
  const schema = jsonOf(op.body as z.ZodType);
  for (const [where, value] of naming(schema, schema)) {
    const body = { ...(value as object), ...FITTING[name] };
    const answer = await http.call(op.method, addressOf(op), { ...as(op), body });
    const told = JSON.stringify(answer.body);
    expect(told, `${where}: ${told}`).not.toContain(MARK);
    expect(answer.status, `${where} ${JSON.stringify(body)}: ${told}`).toBeGreaterThanOrEqual(400);
    expect(answer.status, `${where}: ${told}`).toBeLessThan(500);
  }
});

it.each(reachable.filter(([, op]) => op.query))(
  '[SE9] %s finds nothing by an id of another workspace',
  async (_, op) => {
    const schema = jsonOf(op.query as z.ZodType);
    for (const [where, query] of naming(schema, schema)) {
      const asked = new URLSearchParams(query as Record<string, string>);
      const answer = await http.call(op.method, `${addressOf(op)}?${asked}`, as(op));
      expect(JSON.stringify(answer.body), where).not.toContain(MARK);
      expect(answer.status, `${where}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
      if (Array.isArray(answer.body.items)) expect(answer.body.items, where).toEqual([]);
    }
  },
);
