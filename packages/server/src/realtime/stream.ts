import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ServerFrame } from '@baton/protocol';
import type { Connection } from './connection.ts';
import type { Entrance, Hello, Refused } from './entrance.ts';
import { readFrame } from './read-frame.ts';
import { HEARTBEAT_SECONDS, type Session } from './session.ts';

/** The client counts a stream as dead after 1.5 times its heartbeat; proxies close what is quiet for longer. */
const BEAT_MS = (HEARTBEAT_SECONDS / 2) * 1_000;
/** Some proxies hold the first kilobytes back before they pass anything on. */
const PADDING = `:${' '.repeat(2_048)}\n\n`;
/** How long a post waits for the answers to its frames. */
const ANSWER_MS = 15_000;

export interface Caller {
  side: 'visitor' | 'staff';
  token: string | undefined;
  cookie: string | undefined;
  origin: string | undefined;
  host: string | undefined;
  site?: string | undefined;
  address: string;
}

/**
 * The same sessions where WebSockets are blocked: server frames come as server-sent events, client frames go by POST.
 * A post is answered with the acks and refusals of its frames; it needs no stream, and any node can take it.
 */
export class Streams {
  readonly #entrance: Entrance;
  readonly #open = new Map<Session, StreamConnection>();

  constructor(entrance: Entrance) {
    this.#entrance = entrance;
  }

  /** Open streams. */
  get size(): number {
    return this.#open.size;
  }

  /** Opens a stream on a response that is ours from here on; or says why not. */
  async open(
    caller: Caller,
    hello: Omit<Hello, 'type'>,
    request: IncomingMessage,
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
  ): Promise<Refused | null> {
    const connection = new StreamConnection(response, ownerOf(caller), headers);
    const knock = { ...caller, hello: helloOf(caller, hello), connection };
    const session = await this.#entrance.enter(knock);
    if ('code' in session) return session;
    if (response.destroyed) {
      // Its reader went while he was looked up, and has said so already.
      session.closed();
      return null;
    }
    connection.begin();
    this.#open.set(session, connection);
    request.on('close', () => {
      this.#open.delete(session);
      connection.end();
      session.closed();
    });
    void session.start(knock.hello);
    return null;
  }

  /** Handles frames in order; answers with what each of them led to. */
  async post(caller: Caller, frames: readonly unknown[]): Promise<{ frames: ServerFrame[] } | Refused> {
    const answers = new Answers();
    const hello = helloOf(caller, {});
    const session = await this.#entrance.enter({ ...caller, hello, connection: answers });
    if ('code' in session) return session;
    try {
      const wanted = new Set<string>();
      const told: ServerFrame[] = [];
      const live = this.#streamOf(caller);
      for (const [index, raw] of frames.entries()) {
        const parsed = readFrame(raw);
        if ('refused' in parsed) {
          told.push(parsed.refused);
          continue;
        }
        const { frame } = parsed;
        // What is about the stream itself belongs to it.
        if (live && (frame.type === 'follow' || frame.type === 'unfollow')) live.receive(frame);
        else if (frame.type !== 'hello' && frame.type !== 'ping') {
          const id = 'clientId' in frame && frame.clientId ? frame.clientId : (frame.id ?? `post-${index}`);
          if (frame.type !== 'typing' && frame.type !== 'read') wanted.add(id);
          session.receive('clientId' in frame && frame.clientId ? frame : { ...frame, id });
        }
      }
      told.push(...(await answers.to(wanted)));
      return { frames: told };
    } finally {
      session.closed();
    }
  }

  close(reason: string): void {
    for (const session of this.#open.keys()) session.bye(reason, 500 + Math.random() * 3_000);
  }

  #streamOf(caller: Caller): Session | undefined {
    for (const [session, { owner }] of this.#open) if (owner !== undefined && owner === ownerOf(caller)) return session;
    return undefined;
  }
}

function helloOf(caller: Caller, hello: Omit<Hello, 'type'>): Hello {
  return { type: 'hello', ...hello, ...(caller.token === undefined ? {} : { token: caller.token }) };
}

function ownerOf(caller: Caller): string | undefined {
  return caller.token ?? caller.cookie;
}

/** Server-sent events on an HTTP response. */
class StreamConnection implements Connection {
  readonly owner: string | undefined;
  readonly #response: ServerResponse;
  readonly #headers: OutgoingHttpHeaders;
  #beat: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, owner: string | undefined, headers: OutgoingHttpHeaders) {
    this.#response = response;
    this.owner = owner;
    this.#headers = headers;
  }

  begin(): void {
    this.#response.writeHead(200, {
      ...this.#headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    this.#response.write(PADDING);
    this.#beat = setInterval(() => this.#response.write(':\n\n'), BEAT_MS);
  }

  send(text: string): void {
    if (!this.#response.writableEnded) this.#response.write(`${eventId(text)}data: ${text}\n\n`);
  }

  buffered(): number {
    return this.#response.writableLength;
  }

  close(): void {
    this.end();
  }

  end(): void {
    clearInterval(this.#beat);
    if (!this.#response.writableEnded) this.#response.end();
  }
}

/** An event can be resumed after: frames begin with conversation and seq (frame-text.ts). */
function eventId(text: string): string {
  const [, conversation, seq] = /^\{"type":"event","conversation":"(\w+)","seq":(\d+)/.exec(text) ?? [];
  return seq === undefined ? '' : `id: ${conversation}:${seq}\n`;
}

/** Collects what a post's frames were answered with. */
class Answers implements Connection {
  readonly #frames = new Map<string, ServerFrame>();
  #check: () => void = () => undefined;

  send(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type !== 'ack' && frame.type !== 'refused') return;
    const id = frame.clientId ?? frame.id;
    if (id !== undefined) this.#frames.set(id, frame);
    this.#check();
  }

  buffered(): number {
    return 0;
  }

  close(): void {}

  /** Resolves with the answers to these; what is not answered in time is left out, and the client sends it again. */
  async to(ids: ReadonlySet<string>): Promise<ServerFrame[]> {
    const answered = () => [...ids].every((id) => this.#frames.has(id));
    if (!answered()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ANSWER_MS);
        this.#check = () => {
          if (!answered()) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return [...ids].flatMap((id) => this.#frames.get(id) ?? []);
  }
}
