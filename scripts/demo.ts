// `npm run demo`: Baton with life in it. A server on a data folder of its own, a few customers at human speed, and one
// colleague who takes one of them at a time. The rest waits for whoever opens the console. Nothing of it is kept.
import { fileURLToPath } from 'node:url';
import type { Agent } from '@baton/protocol';
import { Client } from '#bench/server/client.ts';
import { startOwnServer } from '#bench/server/own-server.ts';
import { readDialogues } from '#bench/simulate/script/dialogues.ts';
import { diceOf } from '#bench/simulate/script/random.ts';
import { People } from './demo/people.ts';
import { makeSite } from './demo/site.ts';
import { Street } from './demo/street.ts';

const DIALOGUES = fileURLToPath(new URL('../demo/dialogues.jsonl', import.meta.url));
const PORT = 3_000;
const COLLEAGUE = 'Sam';
const YOU = 'Dana';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

console.log('Starting Baton ...');
const server = await startOwnServer({ port: PORT });
try {
  const client = new Client(server.url);
  const admin = await client.login(server.owner.email, server.owner.password);
  const secret = await makeSite(client, admin);
  const dice = diceOf(String(Date.now()));
  const people = new People({ secret, dice, url: server.url });
  const dialogues = readDialogues([DIALOGUES]);
  const street = new Street({ client, site: server.site, people, dialogues, dice, signal: stop.signal });
  await street.colleague(admin, COLLEAGUE);

  const { items: agents } = await client.get<{ items: Agent[] }>('/v1/agents', admin);
  const you = agents.find(({ name }) => name.startsWith(YOU));
  const link = you && (await client.write<{ url: string }>('POST', `/v1/agents/${you.id}/login-link`, admin, {}));
  console.log(`
Baton is running, and customers are coming in.

  Console     ${link?.url ?? `${server.url}/console/`}
              logs you in as ${you?.name ?? 'an agent'}, once. Go online (bottom left), and a customer is offered to you.
              Others talk to the bot: watch them, and take over if you like.
  Demo shop   ${server.url}/demo?as=ada
              be a customer yourself, in another window
  API docs    ${server.url}/docs

Ctrl-C stops it; nothing of it is kept.
`);
  await street.live();
  console.log('\nStopping ...');
} finally {
  await server.stop();
}
