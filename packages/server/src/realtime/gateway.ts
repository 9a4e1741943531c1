import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { FRAME_LIMIT } from '@baton/protocol/schemas';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSE, type Connection } from './connection.ts';
import { type Entrance, HELLO_REFUSED, type Hello } from './entrance.ts';
import { HELLO_MS, parseFrame, type Session, SILENT_MS } from './session.ts';

/** How often the server asks each socket for a sign of life. */
const PING_MS = 10_000;
/** Clients are told to come back spread over this much time when the server goes down. */
const RETURN_SPREAD_MS = 3_000;

/** A socket whose client does not answer the goodbye is cut after this long. */
const GOODBYE_MS = 2_000;

/** Frames that may come with the hello, before it is answered. */
const MOST_EARLY = 200;

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
      const one = new Socket(ws, request, { side, address: addressOf(request, this.#proxies) }, this.#entrance);
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

interface From {
  side: 'visitor' | 'staff';
  address: string;
}

/** One WebSocket: first a stranger, after its hello a session. */
class Socket implements Connection {
  readonly #ws: WebSocket;
  readonly #request: IncomingMessage;
  readonly #from: From;
  readonly #entrance: Entrance;
  #session: Session | null = null;
  #entering = false;
  /** Frames that came with the hello, before it was answered. */
  #early: string[] = [];
  #heardAt = Date.now();
  readonly #helloTimer: NodeJS.Timeout;

  constructor(ws: WebSocket, request: IncomingMessage, from: From, entrance: Entrance) {
    this.#ws = ws;
    this.#request = request;
    this.#from = from;
    this.#entrance = entrance;
    this.#helloTimer = setTimeout(
      () => this.#refuse('hello_late', `Say hello within ${HELLO_MS / 1_000} s.`, CLOSE.policy),
      HELLO_MS,
    );
    ws.on('message', (data, binary) => this.#message(data as Buffer, binary));
    ws.on('pong', () => {
      this.#heardAt = Date.now();
    });
    ws.on('close', () => this.#closed());
    // A broken socket also closes; what the error says (too big, bad UTF-8, reset) the close code has told the client.
    ws.on('error', () => undefined);
  }

  get side(): 'visitor' | 'staff' {
    return this.#from.side;
  }

  send(text: string): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(text);
  }

  buffered(): number {
    return this.#ws.bufferedAmount;
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  bye(reason: string, retryAfterMs: number): void {
    if (this.#session) this.#session.bye(reason, Math.round(retryAfterMs));
    else this.#ws.close(CLOSE.restart, reason);
  }

  cut(): void {
    this.#ws.terminate();
  }

  check(now: number): void {
    if (now - this.#heardAt > SILENT_MS) this.#ws.terminate();
    else if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  #message(data: Buffer, binary: boolean): void {
    this.#heardAt = Date.now();
    if (binary) return this.#refuse('bad_frame', 'Frames are text (JSON).', CLOSE.badData);
    const text = data.toString();
    if (this.#session) return this.#frame(this.#session, text);
    if (this.#entering) {
      if (this.#early.push(text) > MOST_EARLY) this.#refuse('hello_first', 'Wait for `welcome`.', CLOSE.policy);
      return;
    }
    const parsed = parseFrame(text);
    if ('refused' in parsed) {
      this.send(JSON.stringify(parsed.refused));
      return;
    }
    if (parsed.frame.type !== 'hello') return this.#refuse('hello_first', 'The first frame is `hello`.', CLOSE.policy);
    this.#entering = true;
    void this.#enter(parsed.frame);
  }

  #frame(session: Session, text: string): void {
    const parsed = parseFrame(text);
    if ('refused' in parsed) session.reply(parsed.refused);
    else session.receive(parsed.frame);
  }

  async #enter(hello: Hello): Promise<void> {
    const { headers } = this.#request;
    const entered = await this.#entrance.enter({
      ...this.#from,
      hello,
      cookie: headers.cookie,
      origin: headers.origin,
      host: headers.host,
      connection: this,
    });
    if ('code' in entered)
      return this.#refuse(
        entered.code,
        entered.message,
        entered.code === 'unavailable' || entered.code === 'rate_limited' ? CLOSE.restart : HELLO_REFUSED,
        entered.retryAfterMs,
      );
    clearTimeout(this.#helloTimer);
    this.#session = entered;
    if (this.#ws.readyState !== this.#ws.OPEN) return entered.closed();
    entered.start(hello);
    for (const text of this.#early.splice(0)) this.#frame(entered, text);
  }

  #refuse(code: string, message: string, close: number, retryAfterMs?: number): void {
    this.send(JSON.stringify({ type: 'refused', code, message, retryAfterMs }));
    this.#ws.close(close, code);
  }

  #closed(): void {
    clearTimeout(this.#helloTimer);
    this.#session?.closed();
  }
}
