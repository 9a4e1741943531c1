import { fileURLToPath } from 'node:url';
import { freePort } from '@baton/server/test/port.ts';
import { WebSocket } from 'ws';
import { startChild } from '#bench/measure/child.ts';
import type { Pair, Setting, Standing } from './contender.ts';
import { opened } from './sockets.ts';
import { idOf, numberIn, textOf } from './words.ts';

const PROGRAM = fileURLToPath(new URL('limit-server.ts', import.meta.url));

export async function startLimit({ database, conversations, ears, nodeArguments }: Setting): Promise<Standing> {
  const port = await freePort();
  const child = await startChild({
    program: PROGRAM,
    environment: { DATABASE_URL: database, PORT: String(port) },
    ready: `http://127.0.0.1:${port}/`,
    nodeArguments,
  });
  const pairs: Pair[] = [];
  const sockets: WebSocket[] = [];
  for (let i = 0; i < conversations; i++) {
    const connect = async (side: string, hear: (n: number) => void) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/?conversation=c${i}&side=${side}`, {
        perMessageDeflate: false,
      });
      sockets.push(socket);
      await opened(socket);
      socket.on('message', (data: Buffer) => {
        const n = numberIn(data);
        if (n !== null) hear(n);
      });
      return socket;
    };
    await connect('agent', (n) => ears.relayed(n));
    const customer = await connect('customer', (n) => ears.acknowledged(n));
    pairs.push({ say: (n) => customer.send(`{"id":"${idOf(n)}","text":${textOf(n)}}`) });
  }
  return {
    pid: child.pid,
    pairs,
    async stop() {
      for (const socket of sockets) socket.terminate();
      await child.end();
    },
  };
}
