import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { COOKIE, createHttp } from './http.ts';
import { FakeHub } from './hub.ts';
import { FakeSocket } from './socket.ts';

export interface FakeServer {
  hub: FakeHub;
  url: string;
  /** The agents' sockets that are open. */
  sockets: Set<FakeSocket>;
  /** While true, nobody gets in: a hub that is away. */
  away: boolean;
  stop(): Promise<void>;
}

/** A small hub for working on the console alone: real HTTP, real sockets, core's own rules, nothing kept. */
export async function startFakeServer(port = 0): Promise<FakeServer> {
  const hub = new FakeHub();
  const handle = createHttp(hub);
  const http = createServer(
    (request, response) => void (fake.away ? response.writeHead(503).end() : handle(request, response)),
  );
  const ws = new WebSocketServer({ noServer: true });
  const sockets = new Set<FakeSocket>();
  http.on('upgrade', (request, socket, head) => {
    if (fake.away || !request.headers.cookie?.includes(COOKIE)) return void socket.destroy();
    ws.handleUpgrade(request, socket, head, (open) => {
      const agent = new FakeSocket(hub, open);
      sockets.add(agent);
      open.on('close', () => sockets.delete(agent));
    });
  });
  hub.onCommitted((talk, events) => {
    for (const socket of sockets) socket.committed(talk, events);
  });
  await new Promise<void>((listening) => http.listen(port, '127.0.0.1', listening));
  const address = http.address();
  const fake: FakeServer = {
    hub,
    sockets,
    away: false,
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    stop: async () => {
      for (const socket of sockets) socket.drop();
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };
  return fake;
}
