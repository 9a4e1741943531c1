// What did not reach a desk, on the real server with the webhook desk's twin.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWebhookDesk, type WebhookDeskTwin } from '#adapters/desks/webhook/twin.ts';
import type { SeenTicket } from '#kit/desk-twin.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { deskStage, OWNER, type Stage, type StageCustomer, until } from '#test/desk-stage.ts';

let stage: Stage;
let twin: WebhookDeskTwin;
let desk: string;

beforeAll(async () => {
  stage = await deskStage();
  const secret = newWebhookSecret();
  twin = await startWebhookDesk({ secret, now: Date.now });
  const connected = await stage.connect('webhook', 'Desk', { url: twin.url, secret });
  desk = connected.id;
  twin.webhooks.to(connected.inbound);
  await stage.route([desk]);
}, 60_000);

afterAll(async () => {
  await twin.close();
  await stage.stop();
});

const words = ({ entries }: SeenTicket) => entries.map(({ text }) => text);
const troubles = async () => (await stage.api('GET', `/v1/integrations/${desk}/deliveries`)).items;
const inTrouble = async ({ conversation }: StageCustomer, count: number) =>
  until(async () => {
    const found = (await troubles()).filter((one: { conversation: string }) => one.conversation === conversation);
    return found.length === count && found;
  }, `${count} in trouble`);

async function atTheDesk(): Promise<{ visitor: StageCustomer; ticket: SeenTicket }> {
  const visitor = await stage.customer();
  visitor.ask();
  const ticket = await until(
    () => twin.tickets().find(({ facts }) => facts.includes(`conversation: ${visitor.conversation}`)),
    'the ticket',
  );
  await visitor.event('handoff.queued');
  return { visitor, ticket };
}

it('[DS15] a message that failed is listed with why, is sent once more, and is there once', async () => {
  const { visitor, ticket } = await atTheDesk();
  twin.fault('redirects', { work: 'message' });
  await visitor.say('this one fails');
  await visitor.say('this one does not');
  await until(() => words(ticket).includes('this one does not'), 'the second message');
  const [trouble] = await inTrouble(visitor, 1);
  expect(trouble).toMatchObject({
    state: 'failed',
    what: 'message',
    side: `desk:${desk}`,
    detail: expect.stringContaining('redirect'),
    excerpt: 'this one fails',
    replayable: true,
  });
  const health = await stage.api('GET', `/v1/integrations/${desk}/health`);
  expect(health).toMatchObject({ trouble: { failed: 1, unknown: 0 }, open: 1, usedAt: expect.any(String) });

  const replay = `/v1/conversations/${visitor.conversation}/deliveries/replay`;
  const body = { side: trouble.side, seq: trouble.seq };
  expect(await stage.api('POST', replay, body)).toEqual({ replayed: 1 });
  await until(() => words(ticket).includes('this one fails'), 'the message that had failed');
  await inTrouble(visitor, 0);
  await expect(stage.api('POST', replay, body)).rejects.toThrow('not_replayable');
  await expect(stage.api('POST', replay, { side: 'desk:int_other', seq: 1 })).rejects.toThrow('not_replayable');
});

it('[DS15] what may have arrived is looked for first; all that failed is sent in the order of the log', async () => {
  const { visitor, ticket } = await atTheDesk();
  twin.fault('redirects', { work: 'message', times: 2 });
  await visitor.say('one');
  await visitor.say('two');
  await visitor.say('three');
  await until(() => words(ticket).includes('three'), 'the third message');
  await inTrouble(visitor, 2);
  // It arrived, and nobody heard so.
  await stage.baton.pool.query(
    "update deliveries d set state = 'unknown', external_id = null from events e where e.conversation_id = d.conversation_id and e.seq = d.seq and d.conversation_id = $1 and e.event -> 'message' -> 'parts' -> 0 ->> 'text' = 'three'",
    [visitor.conversation],
  );
  const pages = [];
  for (let after = ''; ; ) {
    const page = await stage.api('GET', `/v1/integrations/${desk}/deliveries?limit=1${after}`);
    pages.push(...page.items);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(pages.map(({ excerpt }) => excerpt).sort()).toEqual(['one', 'three', 'two']);
  expect((await stage.api('GET', `/v1/integrations/${desk}/deliveries?state=unknown`)).items).toHaveLength(1);
  expect(await stage.api('POST', `/v1/integrations/${desk}/deliveries/replay`, {})).toEqual({ replayed: 3 });
  const there = () => words(ticket).filter((text) => ['one', 'two', 'three'].includes(text));
  await until(() => there().length >= 3, 'what had failed');
  await until(async () => (await stage.api('GET', `/v1/integrations/${desk}/health`)).trouble.unknown === 0, 'the end');
  expect(there()).toEqual(['three', 'one', 'two']);
  await inTrouble(visitor, 0);
});

it('[DS15] a ticket that could not be opened is told of, and is not opened behind the back of the next desk', async () => {
  twin.fault('forbidden', { work: 'ticket' });
  const visitor = await stage.customer();
  visitor.ask();
  await visitor.event('handoff.ended');
  const [trouble] = await inTrouble(visitor, 1);
  expect(trouble).toMatchObject({ what: 'handoff', state: 'failed', replayable: false });
  await expect(
    stage.api('POST', `/v1/conversations/${visitor.conversation}/deliveries/replay`, {
      side: trouble.side,
      seq: trouble.seq,
    }),
  ).rejects.toThrow('not_replayable');
});

it('[DS12] an agent of the console may ask for a desk himself, as a test handoff does', async () => {
  const login = await fetch(`${stage.baton.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OWNER),
  });
  const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
  const asked = await fetch(`${stage.baton.url}/v1/handoffs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: stage.baton.url },
    body: JSON.stringify({
      desk,
      customer: { externalId: 'baton-test', name: 'Test customer' },
      transcript: [{ role: 'customer', text: 'only a test' }],
    }),
  });
  const { handoff } = (await asked.json()) as { handoff: { phase: string; ticket: { id: string } | null } };
  expect(handoff).toMatchObject({ phase: 'queued', ticket: { id: expect.any(String) } });
  const ticket = twin.ticket(handoff.ticket?.id ?? '');
  expect(ticket && words(ticket)).toContain('only a test');
});

it('[DS16] each desk says what it can do, how it is set up, and which fields it wants', async () => {
  const { items } = await stage.api('GET', '/v1/adapters');
  expect(items.map(({ kind }: { kind: string }) => kind)).toContain('webhook');
  for (const { kind, title, config, secrets, made, setup, can } of items) {
    expect(title.length, kind).toBeGreaterThan(2);
    expect(can.direct, kind).toBeUndefined();
    const fields = Object.keys(config.properties);
    for (const field of [...secrets, ...made, ...setup.flatMap((step: { fields: string[] }) => step.fields)])
      expect(fields, kind).toContain(field);
  }
});

it('[DS16] secrets of a desk are shown in the answer that sets them only, and what is marked stays', async () => {
  const made = await stage.api('POST', '/v1/integrations', {
    side: 'desk',
    kind: 'webhook',
    name: 'Secretive',
    config: { url: 'https://desk.example' },
  });
  expect(made.config.secret).toMatch(/^whsec_/);
  const path = `/v1/integrations/${made.id}`;
  const read = await stage.api('GET', path);
  expect(read.config).toMatchObject({ url: 'https://desk.example', secret: '[secret]' });
  expect(JSON.stringify(await stage.api('GET', '/v1/integrations?side=desk'))).not.toContain(made.config.secret);
  const kept = await stage.api('PATCH', path, { config: { ...read.config, url: 'https://other.example' } });
  expect(kept.config).toMatchObject({ url: 'https://other.example', secret: '[secret]' });
  const rotated = await stage.api('PATCH', path, { config: { secret: null } });
  expect(rotated.config.secret).toMatch(/^whsec_/);
  expect(rotated.config.secret).not.toBe(made.config.secret);
});
