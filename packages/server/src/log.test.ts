// A story at LOG_LEVEL=trace, with everything going wrong on the way: what people wrote, and what opens doors, is in no line.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AnswerFailure } from '#kit/http-failure.ts';
import { createLog } from '#log';
import { KEY, OWNER, type RunningBaton, runBaton, SITE } from '#test/baton.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';

const WORDS = 'my hamster Archibald swallowed the invoice';
const NOTE = 'this customer is a pretender';
const SECRET_KEY = 'the secret key of this server, forty characters';

let database: TestDatabase;
let run: RunningBaton;
let lines = '';
const log = createLog('trace', {
  write(line) {
    lines += line;
  },
});
/** Answers every call with an error that repeats what it was sent. */
const echo = createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => response.writeHead(request.url === '/bot' ? 500 : 422).end(`cannot do ${body}`));
});

beforeAll(async () => {
  database = await testDatabase();
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  run = await runBaton(database.connectionString, { log, config: { secretKey: SECRET_KEY, reach: 'any' } });
});
afterAll(async () => {
  await run.stop();
  await database.drop();
  echo.close();
});

it('[SE13] the log holds no message text and no secrets, whatever goes wrong', async () => {
  const { port } = echo.address() as AddressInfo;
  const bot = await run.ask('POST', '/v1/integrations', {
    side: 'bot',
    kind: 'webhook',
    name: 'Bot',
    config: { url: `http://127.0.0.1:${port}/bot`, headers: { 'x-gateway': 'gateway password' } },
  });
  const site = (await run.ask('GET', '/v1/integrations?kind=widget')).body.items[0];
  await run.ask('PATCH', `/v1/integrations/${site.id}`, { bot: bot.body.id });
  const hook = await run.ask('POST', '/v1/webhooks', { url: `http://127.0.0.1:${port}/hook`, events: ['*'] });
  const agent = await run.agent('agent');

  const visitor = await run.visitor();
  const customer = await run.socket({ visitor: visitor.token });
  customer.say('c1', WORDS);
  const { conversation } = await customer.next('ack');
  const console_ = await run.socket({ cookie: agent.cookie });
  console_.send({ type: 'note', id: 'n', conversation, text: NOTE });
  await console_.next('ack');
  // What is not a frame, not JSON, not the right password, not the right token, not storable.
  customer.ws.send(`{"type":"say","text":"${WORDS}"`);
  customer.send({ type: 'say', clientId: 'x', parts: [{ type: 'text', text: WORDS, more: WORDS }] });
  await customer.next('refused');
  await run.ask('POST', '/v1/session', { email: OWNER.email, password: 'a wrong password' }, null);
  await run.ask('GET', '/v1/workspace', undefined, { key: 'baton_stolen_key' });
  await run.ask('GET', `/v1/conversations?queue=${encodeURIComponent(`${WORDS}\0`)}`);
  await run.ask('GET', '/login/a-guessed-login-token', undefined, null);
  await run.ask(
    'POST',
    '/widget/v1/sessions',
    { siteKey: SITE, identityToken: 'eyJhbGciOiJIUzI1NiJ9.e30.forged' },
    null,
  );
  for (const statement of [`select '${WORDS}'::json`, `select '${WORDS}'::int`]) {
    const error = await run.baton.pool.query(statement).catch((caught: unknown) => caught);
    log.error({ error }, 'a request failed');
  }
  log.warn(
    { error: new AnswerFailure('retry', `bot.example answered 500: ${WORDS}`, 500, WORDS, undefined) },
    'a bot failed',
  );
  try {
    JSON.parse(WORDS);
  } catch (error) {
    log.error({ error }, 'a request failed');
  }
  // The bot and the endpoint have failed by then, and their errors repeat the words.
  const deadline = Date.now() + 25_000;
  const failed = async () =>
    (await run.baton.pool.query('select 1 from deliveries where state = $1', ['failed'])).rowCount !== 0;
  while (!(await failed()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await failed()).toBe(true);

  expect(lines).toContain('a request failed');
  expect(lines).toContain('bot.example answered 500');
  const secrets = [
    WORDS,
    'Archibald',
    NOTE,
    KEY,
    OWNER.password,
    'a wrong password',
    'gateway password',
    SECRET_KEY,
    visitor.token,
    'baton_stolen_key',
    'a-guessed-login-token',
    'forged',
    site.config.identitySecret,
    bot.body.config.secret,
    hook.body.secret,
    agent.cookie.split('=')[1] ?? agent.cookie,
    'password of 1',
  ];
  for (const secret of secrets) expect(lines.includes(secret), `${secret} is in the log`).toBe(false);
});
