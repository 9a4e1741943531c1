import type { ServerFrame } from '@baton/protocol';
import { each, visit } from '#bench/baton/cast.ts';
import { type BatonServer, OWNER, startBatonServer } from '#bench/baton/server.ts';
import { Wire } from '#bench/baton/wire.ts';
import type { Pair } from '#bench/relay/contender.ts';
import type { Load } from '#bench/relay/load.ts';
import { idOf, numberIn, textOf } from '#bench/relay/words.ts';
import { Client, type Login } from '#bench/server/client.ts';

/**
 * - `one`: everybody on one node.
 * - `apart`: two nodes, each with its own customers and their agents; nothing has to cross.
 * - `across`: two nodes, and of each conversation the customer is on one and the agent on the other: everything crosses.
 */
export const SPREADS = ['one', 'apart', 'across'] as const;
export type Spread = (typeof SPREADS)[number];

export interface Stand {
  pids: readonly number[];
  pairs: readonly Pair[];
  stop(): Promise<void>;
}

/** Servers, customers and agents, everybody in a conversation with a person. */
export async function stand(database: string, conversations: number, spread: Spread, load: Load): Promise<Stand> {
  const servers: BatonServer[] = [await startBatonServer(database)];
  if (spread !== 'one') servers.push(await startBatonServer(database));
  const clients = servers.map(({ url }) => new Client(url));
  const at = (index: number) => clients[index % clients.length] as Client;
  const admin = await at(0).login(OWNER.email, OWNER.password);
  const wires: Wire[] = [];
  const pairs = await each(conversations, async (index) => {
    const agent = await hire(at(spread === 'across' ? index + 1 : index), admin, index);
    const { wire: customer } = await visit(at(index));
    const hello = await customer.request({
      type: 'say',
      clientId: `hello-${index}`,
      parts: [{ type: 'text', text: 'hello' }],
    });
    const conversation = hello.conversation as Extract<ServerFrame, { type: 'event' }>['conversation'];
    await agent.request({ type: 'take', conversation });
    const greeting = [{ type: 'text', text: 'Hello, how can I help?' } as const];
    await agent.request({ type: 'say', clientId: 'greeting', conversation, parts: greeting });
    wires.push(agent, customer);
    listen(customer, '{"type":"ack"', (n) => load.acknowledged(n));
    listen(agent, '{"type":"event"', (n) => load.relayed(n));
    return { say: (n: number) => customer.send(frameOf(n, conversation)) };
  });
  return {
    pids: servers.map(({ pid }) => pid),
    pairs,
    async stop() {
      for (const wire of wires) wire.cut();
      for (const server of servers) await server.stop();
    },
  };
}

async function hire(client: Client, admin: Login, index: number): Promise<Wire> {
  const agent = { email: `agent${index}@bench.example`, name: `Agent ${index}`, role: 'agent', capacity: 1 } as const;
  const { loginLink } = await client.write<{ loginLink: string }>('POST', '/v1/agents', admin, agent);
  const response = await fetch(loginLink, { redirect: 'manual' });
  const wire = await Wire.open(client.socket('/v1/realtime'), {
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  });
  await wire.hello({});
  return wire;
}

function listen(wire: Wire, start: string, tell: (n: number) => void): void {
  const head = Buffer.from(start);
  wire.onData = (data) => {
    if (data.compare(head, 0, head.length, 0, head.length) !== 0) return;
    const n = numberIn(data);
    if (n !== null) tell(n);
  };
}

function frameOf(n: number, conversation: string): string {
  return `{"type":"say","clientId":"${idOf(n)}","conversation":"${conversation}","parts":[{"type":"text","text":${textOf(n)}}]}`;
}
