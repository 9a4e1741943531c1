import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { FRAME_LIMIT } from '@baton/protocol/schemas';
import { WebSocketServer } from 'ws';
import { Doorway } from './doorway.ts';
import type { Entrance } from './entrance.ts';
import { Socket } from './socket.ts';

/** How often the server asks each socket for a sign of life. */
const PING_MS = 10_000;
/** Clients are told to come back spread over this much time when the server goes down. */
const RETURN_SPREAD_MS = 3_000;

/** A socket whose client does not answer the goodbye is cut after this long. */
const GOODBYE_MS = 2_000;

/** So many of a side are identified and brought up to date at once, each with one question to the database at a time. */
const AT_THE_DOOR = 8;

const PATHS: Record<string, 'visitor' | 'staff'> = { '/widget/v1/realtime': 'visitor', '/v1/realtime': 'staff' };

/**
 * The WebSockets. One that has not said hello is worth nothing and ends soon; one that is silent for 30 s is dead and
 * ended, whichever direction of it is broken (our pings go unanswered, or its frames do not come).
 */
export class Gateway {
  readonly #entrance: Entrance;
  readonly #proxies: number;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #sockets = new Set<Socket>();
  /** Staff does not stand behind a crowd of visitors. */
  readonly #doorways = { visitor: new Doorway(AT_THE_DOOR), staff: new Doorway(AT_THE_DOOR) };
  #beat: NodeJS.Timeout | undefined;
  #closing = false;

  /** `proxies`: how many of the operator's stand before us. */
  constructor(entrance: Entrance, proxies = 0) {
    this.#entrance = entrance;
    this.#proxies = proxies;
  }

  /** Open sockets by side, those that have not said hello yet among them. */
  get sizes(): { visitor: number; staff: number } {
    const sizes = { visitor: 0, staff: 0 };
    for (const { side } of this.#sockets) sizes[side]++;
    return sizes;
  }

  /** Takes the upgrades of an HTTP server. */
  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#beat = setInterval(() => this.#checkAll(), PING_MS);
    this.#beat.unref();
  }

  /** Tells every client when to come back, each at another moment, and closes. Resolves when all are gone. */
  async close(reason: string): Promise<void> {
    this.#closing = true;
    clearInterval(this.#beat);
    for (const socket of this.#sockets) socket.bye(reason, 500 + Math.random() * RETURN_SPREAD_MS);
    const until = Date.now() + GOODBYE_MS;
    while (this.#sockets.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of this.#sockets) socket.cut();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const side = PATHS[(request.url ?? '').split('?')[0] ?? ''];
    if (!side) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    if (this.#closing) {
      socket.end(
        'HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
      );
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const from = { side, address: addressOf(request, this.#proxies) };
      const doorway = this.#doorways[side];
      const one = new Socket({ ws, socket, request, from, entrance: this.#entrance, doorway });
      this.#sockets.add(one);
      ws.on('close', () => this.#sockets.delete(one));
    });
  }

  #checkAll(): void {
    const now = Date.now();
    for (const socket of this.#sockets) socket.check(now);
  }
}

/** As Fastify tells it for HTTP: the proxies' own entries stand at the right, what a client made up at the left. */
function addressOf(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (proxies === 0) return direct;
  const told = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return told.at(-Math.min(proxies, told.length)) ?? direct;
}
