import { fileURLToPath } from 'node:url';
import { freePort } from '@baton/server/test/port.ts';
import { io, type Socket } from 'socket.io-client';
import { startChild } from '#bench/measure/child.ts';
import type { Pair, Setting, Standing } from './contender.ts';
import { idOf, textOf } from './words.ts';

const PROGRAM = fileURLToPath(new URL('usual-server.ts', import.meta.url));

export async function startUsual({ database, conversations, ears, nodeArguments }: Setting): Promise<Standing> {
  const port = await freePort();
  const child = await startChild({
    program: PROGRAM,
    environment: { DATABASE_URL: database, PORT: String(port) },
    ready: `http://127.0.0.1:${port}/`,
    nodeArguments,
  });
  const pairs: Pair[] = [];
  const sockets: Socket[] = [];
  const connect = async (conversation: string, side: string) => {
    const query = { conversation, side };
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, query });
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.once('ready', resolve));
    return socket;
  };
  for (let i = 0; i < conversations; i++) {
    const agent = await connect(`c${i}`, 'agent');
    agent.on('message', ({ id }: { id: string }) => ears.relayed(numberOf(id)));
    const customer = await connect(`c${i}`, 'customer');
    pairs.push({
      say: (n) =>
        customer.emit('message', { id: idOf(n), text: JSON.parse(textOf(n)) }, ({ id }: { id: string }) =>
          ears.acknowledged(numberOf(id)),
        ),
    });
  }
  return {
    pid: child.pid,
    pairs,
    async stop() {
      for (const socket of sockets) socket.disconnect();
      await child.end();
    },
  };
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
