import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TwinServer {
  /** http://127.0.0.1:PORT */
  url: string;
  /** Ends it at once, answers under way included. */
  close(): Promise<void>;
}

/** The server of a twin: this machine only, a free port, bodies read whole. */
export async function serveTwin(
  handle: (request: IncomingMessage, body: string, response: ServerResponse, bytes: Buffer) => void | Promise<void>,
): Promise<TwinServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      // A function, so that what `handle` throws before its first await is caught, too.
      Promise.resolve()
        .then(() => handle(request, bytes.toString('utf8'), response, bytes))
        .catch((error: unknown) => response.destroy(error as Error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** What may be wrong with the other side, once per `fault`. */
export type Fault =
  | 'hangs'
  | 'rate_limited'
  | 'error'
  | 'forbidden'
  | 'nonsense'
  | 'empty'
  | 'breaks_off'
  | 'redirects';

/** Seconds that a rate-limited twin asks for. */
export const TWIN_RETRY_SECONDS = 7;

/** Misbehaves as asked. `partial` is what goes out before the connection breaks off. */
export function misbehave(fault: Fault, response: ServerResponse, partial: string): void {
  switch (fault) {
    case 'hangs':
      return;
    case 'rate_limited':
      response.writeHead(429, { 'retry-after': String(TWIN_RETRY_SECONDS) }).end('{"error":"slow down"}');
      return;
    case 'error':
      response.writeHead(500).end('<h1>Internal Server Error</h1>');
      return;
    case 'forbidden':
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"bad key"}');
      return;
    case 'nonsense':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>It works!</html>');
      return;
    case 'empty':
      response.writeHead(200).end();
      return;
    case 'breaks_off':
      response.writeHead(200, { 'content-length': '100000' });
      response.write(partial, () => response.destroy());
      return;
    case 'redirects':
      response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end();
  }
}
