import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebhookDeskAnswers, WebhookDeskCall, WebhookDeskEvent } from '@baton/protocol/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deskDeps, type TestDeps } from '#adapters/contracts/desk-deps.ts';
import { messageOf, ticketOf } from '#adapters/contracts/desk-fixtures.ts';
import { newWebhookSecret } from '#kit/standard-webhooks.ts';
import { serveTwin, type TwinServer } from '#kit/twin-server.ts';
import type { DeskEvent } from '#ports/desk.ts';
import { webhook } from './index.ts';

const ROOT = fileURLToPath(new URL('../../../../../../', import.meta.url));
const secret = newWebhookSecret();
let example: ChildProcess;
let url = '';
let deps: TestDeps;

beforeAll(async () => {
  deps = await deskDeps(Date.now());
  example = spawn(process.execPath, [`${ROOT}examples/webhook-desk/desk.mjs`], {
    env: { WEBHOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!example.stdout) throw new Error('no output');
  for await (const line of createInterface(example.stdout)) {
    url = /http:\S+/.exec(line)?.[0] ?? '';
    break;
  }
});
afterAll(async () => {
  example.kill();
  await deps.close();
});

/** `npm run conform` against a desk. */
async function conform(...more: string[]) {
  const run = promisify(execFile)(process.execPath, [`${ROOT}scripts/conform.ts`, '--json', ...more]);
  const { stdout, code } = await run.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (failed: { stdout: string; code: number }) => failed,
  );
  const { rules } = JSON.parse(stdout) as { rules: { rule: string; state: string; detail?: string }[] };
  return { rules, code };
}

it('[DK20] the example keeps to every rule that can be tried from outside', async () => {
  const { rules, code } = await conform('--desk', url, '--secret', secret, '--features', 'poll');
  expect(rules.filter(({ state }) => state !== 'holds')).toMatchObject([{ rule: 'DK15', state: 'not tried' }]);
  expect(code).toBe(0);
}, 60_000);

it('[DK20] a desk that makes a ticket of each opening, and checks nothing, is told what is wrong', async () => {
  let made = 0;
  const careless = await serveTwin((_, body, response) => {
    const { type } = JSON.parse(body) as { type: string };
    const answers: Record<string, object> = { test: { name: 'Careless' }, message: { id: 'always the same' } };
    response.end(JSON.stringify(answers[type] ?? { ticket: { id: `t${++made}` } }));
  });
  const { rules, code } = await conform('--desk', careless.url, '--secret', secret, '--patience', '0.3');
  await careless.close();
  expect(code).toBe(1);
  const broken = new Map(rules.filter(({ state }) => state === 'broken').map(({ rule, detail }) => [rule, detail]));
  expect([...broken.keys()]).toEqual(expect.arrayContaining(['DK13', 'DK1', 'DK2', 'DK6', 'DK8']));
  expect(broken.get('DK6')).toContain('the second opening gave t');
}, 60_000);

it('[DK20] on the example’s page an agent answers, and gives the conversation back', async () => {
  const posted: DeskEvent[] = [];
  const baton: TwinServer = await serveTwin((request, _, response, body) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    posted.push(...desk.receive({ method: 'POST', url: '/', query: {}, headers, body, at: Date.now() }).events);
    response.end();
  });
  const desk = webhook.create({ url, secret }, deps);
  const ticket = await desk.open({ ...ticketOf(), inboundUrl: baton.url }, false);
  await desk.send(ticket, messageOf('<b>Are you there?</b>'), false);
  const page = await (await fetch(url)).text();
  expect(page).toContain('line-00003-end');
  expect(page).toContain('&#60;b&#62;Are you there?');
  const press = (what: string, text: string) =>
    fetch(`${url}/act`, {
      method: 'POST',
      body: new URLSearchParams({ ticket: ticket.id, what, text }),
      redirect: 'manual',
    });
  await press('reply', 'Yes, I am.');
  await press('returned', 'Only the invoice is left.');
  const deadline = Date.now() + 25_000;
  while (posted.length < 2 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10));
  expect(posted).toMatchObject([
    { type: 'agent.said', ticket: ticket.id, text: 'Yes, I am.', agent: { id: 'kim', name: 'Kim' } },
    { type: 'returned', note: 'Only the invoice is left.' },
  ]);
  await baton.close();
});

it('[DK20] the guide shows what the schemas say', () => {
  const guide = readFileSync(`${ROOT}docs/guide/webhook-desk.md`, 'utf8');
  const [opening, message, events] = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json]) => JSON.parse(json ?? '') as { events?: unknown[] },
  );
  expect(WebhookDeskCall.parse(opening)).toEqual(opening);
  expect(WebhookDeskCall.parse(message)).toEqual(message);
  for (const event of events?.events ?? []) expect(WebhookDeskEvent.parse(event)).toMatchObject(event as object);
  expect(
    WebhookDeskAnswers['ticket.open'].parse({ ticket: { id: 'T1', url: 'https://desk.example/T1' } }),
  ).toBeTruthy();
});
