// The example of a bot that owns its channel, against the real server: examples/chatbot.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY, type RunningBaton, runBaton } from '#test/baton.ts';
import { testDatabase } from '#test/database.ts';
import type { TestSocket } from '#test/side.ts';

const BOT = fileURLToPath(new URL('../../../examples/chatbot/bot.ts', import.meta.url));
let baton: RunningBaton;
let drop: () => Promise<void>;
let bot: ChildProcess;
let url = '';
let dana: TestSocket;

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  baton = await runBaton(database.connectionString, { config: { reach: 'any' } });
  bot = spawn(process.execPath, [BOT], {
    env: { PATH: process.env['PATH'], BATON_URL: baton.url, BATON_API_KEY: KEY, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!bot.stdout) throw new Error('no output');
  for await (const line of createInterface(bot.stdout)) {
    url = /http:\S+/.exec(line)?.[0] ?? '';
    break;
  }
  const { cookie } = await baton.agent('agent');
  dana = await baton.socket({ cookie }, { inbox: true });
  dana.send({ type: 'presence', id: 'p', state: 'online', capacity: 3 });
  await dana.next('ack');
}, 60_000);
afterAll(async () => {
  bot.kill();
  await baton.stop();
  await drop();
});

let said = 0;
async function say(text: string, user = 'ada'): Promise<void> {
  const body = JSON.stringify({ id: `m${++said}`, text });
  expect((await fetch(`${url}/?user=${user}`, { method: 'POST', body })).status).toBe(200);
}
const lines = async (user = 'ada') =>
  (await (await fetch(`${url}/?user=${user}`)).json()) as { who: string; text: string }[];
const shows = (text: string, user = 'ada') =>
  expect.poll(async () => (await lines(user)).map((line) => line.text).join('\n')).toContain(text);

/** Dana is offered the conversation, and takes it. */
async function accepted(): Promise<{ conversation: string; texts: string[] }> {
  const offer = await dana.next('offer');
  dana.send({ type: 'accept', id: offer.handoff, handoff: offer.handoff });
  await dana.next('ack', ({ id }) => id === offer.handoff);
  return { conversation: offer.conversation, texts: offer.context.transcript.map(({ text }) => text) };
}

it('[SK6] answers, hands off with all that was said, relays both ways, and takes the conversation back', async () => {
  await say('Hello');
  await say('When do you deliver?');
  await shows('We deliver within three days.');
  await say('I want a person');
  const { conversation, texts } = await accepted();
  expect(texts).toEqual(
    expect.arrayContaining(['When do you deliver?', 'We deliver within three days.', 'I want a person']),
  );

  dana.send({
    type: 'say',
    clientId: 'd1',
    conversation,
    parts: [{ type: 'text', text: 'I will send you a new one today.' }],
  });
  await shows('I will send you a new one today.');
  await say('Thank you! And the old one?');
  await dana.next(
    'event',
    ({ event }) => event.type === 'message' && JSON.stringify(event.message.parts).includes('the old one'),
  );
  // The bot is silent while a person answers.
  expect((await lines()).at(-1)).toEqual({ who: 'you', text: 'Thank you! And the old one?' });

  dana.send({ type: 'release', id: 'r1', conversation, to: 'bot', note: 'Replacement on its way.' });
  await shows('I am back.');
  expect((await lines()).at(-1)?.text).toContain('I will send you a new one today.');
  await say('hi again');
  await shows('Hello! Ask me about delivery');

  // A second time, in the same conversation: Baton knows what was said since.
  await say('a person, please');
  const again = await accepted();
  expect(again.conversation).toBe(conversation);
  expect(again.texts).toEqual(expect.arrayContaining(['hi again', 'a person, please']));
  dana.send({ type: 'say', clientId: 'd2', conversation, parts: [{ type: 'text', text: 'Here again.' }] });
  await shows('Here again.');
  const shown = (await lines()).map(({ text }) => text);
  expect(shown.filter((text) => text === 'I will send you a new one today.')).toHaveLength(1);
});

it('[SK6] a customer who goes on with the bot keeps his place, and the bot does not claim that anybody was there', async () => {
  dana.send({ type: 'presence', id: 'away', state: 'away', capacity: 3 });
  await dana.next('ack', ({ id }) => id === 'away');
  await say('a person, please', 'bob');
  await shows('[Go on with the assistant]', 'bob');
  await say('Go on with the assistant', 'bob');
  await shows('You keep your place', 'bob');
  await expect
    .poll(
      async () => {
        await say('When do you deliver?', 'bob');
        return (await lines('bob')).at(-1)?.text;
      },
      { interval: 500 },
    )
    .toBe('We deliver within three days.');
  expect(JSON.stringify(await lines('bob'))).not.toContain('I am back');
});

it('[SK6] a call that is not from Baton is refused', async () => {
  const conversation = (await baton.ask('GET', '/v1/conversations')).body.items[0].id;
  const forged = JSON.stringify({ conversation, seq: 10_000, event: { type: 'message' } });
  const answer = await fetch(`${url}/baton?user=ada`, { method: 'POST', body: forged });
  expect(answer.status).toBe(401);
});
