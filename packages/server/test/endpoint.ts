import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an endpoint was sent. */
export interface Came {
  id: string;
  headers: IncomingHttpHeaders;
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
  body: any;
  /** What it was answered with. */
  status: number;
}

/** Somebody's server that is told of events. */
export interface TestEndpoint {
  url: string;
  came: Came[];
  /** Statuses of the next answers; then 204. */
  answers: number[];
  /** Waits until this is true of what came. */
  until(look: (came: readonly Came[]) => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

export async function testEndpoint(): Promise<TestEndpoint> {
  const came: Came[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const status = answers.shift() ?? 204;
      came.push({
        id: String(request.headers['webhook-id']),
        headers: request.headers,
        raw,
        body: JSON.parse(raw),
        status,
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    came,
    answers,
    async until(look, what) {
      const deadline = Date.now() + 25_000;
      while (!look(came)) {
        if (Date.now() > deadline)
          throw new Error(
            `Waited for ${what}. Had ${JSON.stringify(came.map(({ body, status }) => [body.type, body.seq, status]))}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
