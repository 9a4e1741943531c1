import type { ServerFrame } from '@baton/protocol';
import { each, hire, visit } from '#bench/baton/cast.ts';
import { startBatonServer } from '#bench/baton/server.ts';
import type { Wire } from '#bench/baton/wire.ts';
import { Client } from '#bench/server/client.ts';
import type { Ears, Pair, Setting, Standing } from './contender.ts';
import { idOf, numberIn, textOf } from './words.ts';

/** What the widget says of its page with each message. */
const PAGE = JSON.stringify({ url: 'https://shop.example/lamps/grey', title: 'Grey lamp - Shop' });

/**
 * The real server, its real sockets, and conversations that were really handed off: each customer asked for a person at
 * the widget's socket, was queued, offered to an agent at the console's socket, accepted and greeted. As with the
 * others each conversation has a socket of its customer and a socket of its agent.
 */
export async function startBaton({ database, conversations, ears, nodeArguments }: Setting): Promise<Standing> {
  const server = await startBatonServer(database, { nodeArguments });
  const client = new Client(server.url);
  const agents = await hire(client, conversations);
  const desk = answerOffers(agents);
  const customers = await each(conversations, async () => {
    const { wire } = await visit(client);
    const { conversation } = await wire.request({ type: 'ask-human' });
    return { wire, conversation: conversation as string };
  });
  const pairs: Pair[] = [];
  for (const { wire, conversation } of customers) {
    listen(wire, await desk.agentOf(conversation), ears);
    pairs.push({ say: (n) => wire.send(frameOf(n, conversation)) });
  }
  return {
    pid: server.pid,
    pairs,
    async stop() {
      for (const wire of [...agents, ...customers.map((one) => one.wire)]) wire.cut();
      await server.stop();
    },
  };
}

/** Each agent accepts what he is offered, and greets. */
function answerOffers(agents: readonly Wire[]): { agentOf(conversation: string): Promise<Wire> } {
  const taken = new Map<string, PromiseWithResolvers<Wire>>();
  const of = (conversation: string) => {
    const known = taken.get(conversation) ?? Promise.withResolvers<Wire>();
    taken.set(conversation, known);
    return known;
  };
  const accept = async (agent: Wire, { conversation, handoff }: Extract<ServerFrame, { type: 'offer' }>) => {
    await agent.request({ type: 'accept', handoff });
    const parts = [{ type: 'text', text: 'Hello, how can I help?' } as const];
    await agent.request({ type: 'say', clientId: 'greeting', conversation, parts });
    of(conversation).resolve(agent);
  };
  for (const agent of agents) {
    agent.onFrame = (frame) => {
      if (frame.type === 'offer') accept(agent, frame).catch(of(frame.conversation).reject);
    };
  }
  return { agentOf: (conversation) => of(conversation).promise };
}

const ACK = Buffer.from('{"type":"ack"');
const EVENT = Buffer.from('{"type":"event"');

function listen(customer: Wire, agent: Wire, ears: Ears): void {
  const hear = (wire: Wire, start: Buffer, tell: (n: number) => void) => {
    wire.onData = (data) => {
      if (data.compare(start, 0, start.length, 0, start.length) !== 0) return;
      const n = numberIn(data);
      if (n !== null) tell(n);
    };
  };
  hear(customer, ACK, (n) => ears.acknowledged(n));
  hear(agent, EVENT, (n) => ears.relayed(n));
}

function frameOf(n: number, conversation: string): string {
  return `{"type":"say","clientId":"${idOf(n)}","conversation":"${conversation}","parts":[{"type":"text","text":${textOf(n)}}],"page":${PAGE}}`;
}
