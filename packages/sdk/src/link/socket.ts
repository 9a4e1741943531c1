import type { Hello, Link, LinkEnd, LinkReports } from './link.ts';
import { parseFrame } from './link.ts';

/** What is used of a WebSocket: browsers, Node and `ws` have it, tests pass their own. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number): void;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
}
export type SocketConstructor = new (url: string) => SocketLike;

/** Close code with which the server ends a socket whose token it does not take. */
const UNAUTHORIZED = 4401;

export function openSocket(Socket: SocketConstructor, url: string, hello: Hello, reports: LinkReports): Link {
  let over = false;
  const end = (report: LinkEnd) => {
    if (over) return;
    over = true;
    reports.down(report);
  };

  let socket: SocketLike;
  try {
    socket = new Socket(url);
  } catch {
    // A page's Content-Security-Policy may forbid it: the constructor throws then.
    queueMicrotask(() => end({ why: 'lost' }));
    const close = () => {
      over = true;
    };
    return { over: 'socket', send: () => {}, close };
  }
  socket.onopen = () => {
    if (!over) socket.send(JSON.stringify(hello));
  };
  socket.onmessage = (event: { data: unknown }) => {
    if (over) return;
    const frame = parseFrame(event.data);
    reports.alive();
    if (frame && !over) reports.frame(frame);
  };
  // Browsers tell nothing in `error`; `close` always follows.
  socket.onerror = () => {};
  socket.onclose = (event: { code?: number }) =>
    end(event.code === UNAUTHORIZED ? { why: 'unauthorized' } : { why: 'lost' });

  return {
    over: 'socket',
    send(frames) {
      if (over) return;
      try {
        for (const frame of frames) socket.send(JSON.stringify(frame));
      } catch {
        // Closing already; `close` will tell.
      }
    },
    close() {
      over = true;
      try {
        socket.close(1000);
      } catch {
        // It never opened.
      }
    },
  };
}
