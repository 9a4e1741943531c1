import { createServer } from 'node:http';

const BODY = JSON.stringify({
  type: '/docs/problems#unavailable',
  title: 'The database does not answer.',
  status: 503,
  code: 'unavailable',
  detail: 'The server has started and waits for its database. Try again in a moment.',
});

/**
 * Answers at the server's address while it waits for a database that is not there yet: alive, not ready, and to everybody
 * else when to come back. Resolves with the way to close it; a port that is taken throws.
 */
export async function openWaitingRoom(host: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    else response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '2' }).end(BODY);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
