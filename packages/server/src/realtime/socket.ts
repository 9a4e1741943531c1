import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE, type Connection } from './connection.ts';
import type { Doorway } from './doorway.ts';
import { type Entrance, HELLO_REFUSED, type Hello } from './entrance.ts';
import { Outgoing } from './outgoing.ts';
import { parseFrame } from './read-frame.ts';
import type { Session } from './session.ts';

/** A socket says hello within this, or it is closed. */
const HELLO_MS = 10_000;
/** Heard nothing for so long, a socket is dead. Clients ping every 20 s. */
const SILENT_MS = 30_000;
/** Frames that may come with the hello, before it is answered. */
const MOST_EARLY = 200;

interface From {
  side: 'visitor' | 'staff';
  address: string;
}

interface Knocking {
  ws: WebSocket;
  /** The one below `ws`. */
  socket: Duplex;
  request: IncomingMessage;
  from: From;
  entrance: Entrance;
  doorway: Doorway;
}

/** One WebSocket: first a stranger, after its hello a session. */
export class Socket implements Connection {
  readonly #ws: WebSocket;
  readonly #outgoing: Outgoing;
  readonly #request: IncomingMessage;
  readonly #from: From;
  readonly #entrance: Entrance;
  readonly #doorway: Doorway;
  #session: Session | null = null;
  #entering = false;
  /** Frames that came with the hello, before it was answered. */
  #early: string[] = [];
  #heardAt = Date.now();
  readonly #helloTimer: NodeJS.Timeout;

  constructor({ ws, socket, request, from, entrance, doorway }: Knocking) {
    this.#ws = ws;
    this.#outgoing = new Outgoing(socket);
    this.#request = request;
    this.#from = from;
    this.#entrance = entrance;
    this.#doorway = doorway;
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
    if (this.#ws.readyState === this.#ws.OPEN) this.#outgoing.add(text);
  }

  buffered(): number {
    return this.#ws.bufferedAmount + this.#outgoing.length;
  }

  close(code: number, reason: string): void {
    this.#outgoing.flush();
    this.#ws.close(code, reason);
  }

  bye(reason: string, retryAfterMs: number): void {
    if (this.#session) this.#session.bye(reason, Math.round(retryAfterMs));
    else this.close(CLOSE.restart, reason);
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
    clearTimeout(this.#helloTimer);
    const hello = parsed.frame;
    void this.#doorway.through(() => this.#enter(hello));
  }

  #frame(session: Session, text: string): void {
    const parsed = parseFrame(text);
    if ('refused' in parsed) session.reply(parsed.refused);
    else session.receive(parsed.frame);
  }

  /** Resolves when the client has its welcome and what it missed, or will get neither. */
  async #enter(hello: Hello): Promise<void> {
    // Whoever was gone before it was his turn keeps nobody waiting.
    if (this.#ws.readyState !== this.#ws.OPEN) return;
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
    this.#session = entered;
    if (this.#ws.readyState !== this.#ws.OPEN) return entered.closed();
    const beginning = entered.start(hello);
    for (const text of this.#early.splice(0)) this.#frame(entered, text);
    await beginning;
  }

  #refuse(code: string, message: string, close: number, retryAfterMs?: number): void {
    this.send(JSON.stringify({ type: 'refused', code, message, retryAfterMs }));
    this.close(close, code);
  }

  #closed(): void {
    clearTimeout(this.#helloTimer);
    this.#session?.closed();
  }
}
