import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk, DeskEvent } from '#server/ports/desk.ts';

/** What came to the address that the desk was told, oldest first. */
export interface Listener {
  url: string;
  readonly heard: { events: DeskEvent[]; genuine: boolean }[];
  /** The next posts are answered with 503, as a Baton does whose database is away. */
  refuse(times: number): void;
  /** Waits for an event; null: it did not come in time. */
  waitFor(fits: (event: DeskEvent) => boolean, ms: number): Promise<DeskEvent | null>;
  close(): void;
}

/** Baton's side of the wire, as far as a desk sees it. */
export async function listen(host: string, publicUrl: string | null, read: Desk['receive']): Promise<Listener> {
  const heard: Listener['heard'] = [];
  let refusals = 0;
  let wake = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = {
        method: request.method ?? 'POST',
        url: request.url ?? '/',
        query: {},
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: new Uint8Array(Buffer.concat(chunks)),
        at: Date.now(),
      };
      try {
        const { events } = read(raw);
        heard.push({ events, genuine: true });
      } catch {
        heard.push({ events: [], genuine: false });
        return void response.writeHead(401).end();
      } finally {
        wake();
      }
      if (refusals-- > 0) response.writeHead(503, { 'retry-after': '1' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${publicUrl ?? `http://${host}:${port}`}/inbound/int_conform`,
    heard,
    refuse: (times) => {
      refusals = times;
    },
    async waitFor(fits, ms) {
      const deadline = Date.now() + ms;
      for (;;) {
        const found = heard.flatMap(({ events }) => events).find(fits);
        if (found) return found;
        const left = deadline - Date.now();
        if (left <= 0) return null;
        await new Promise<void>((done) => {
          const timer = setTimeout(done, left);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
