import type { ClientFrame, ServerFrame } from '@baton/protocol';
import { settled } from './fake-clock.ts';

/** What the feed sees of the world: sockets and streams whose other end is in the test's hand. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  readonly streams: FakeStream[] = [];
  readonly posts: ClientFrame[][] = [];
  /** Sockets close again before they open, as behind a proxy that does not know them. */
  socketsBlocked = false;
  /** What a stream is answered with; a stream is opened where it is null. */
  streamStatus: number | null = null;
  /** What a POST of frames is answered with. */
  onPost: (frames: ClientFrame[]) => { status: number; body: unknown } = (frames) => ({
    status: 200,
    body: { frames: frames.map(answerTo) },
  });

  readonly WebSocket = socketClass(this);

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (init?.method === 'POST') {
      const { frames } = JSON.parse(String(init.body)) as { frames: ClientFrame[] };
      this.posts.push(frames);
      const { status, body } = this.onPost(frames);
      return new Response(JSON.stringify(body), { status });
    }
    if (this.streamStatus !== null) return new Response('{}', { status: this.streamStatus });
    const stream = new FakeStream(String(input), new Headers(init?.headers));
    init?.signal?.addEventListener('abort', () => stream.cut());
    this.streams.push(stream);
    return new Response(stream.body, { headers: { 'content-type': 'text/event-stream' } });
  };

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }

  get stream(): FakeStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error('No stream was opened.');
    return stream;
  }
}

function answerTo(frame: ClientFrame): ServerFrame {
  if (frame.type === 'ping') return { type: 'pong' };
  return {
    type: 'ack',
    ...('clientId' in frame && frame.clientId ? { clientId: frame.clientId } : {}),
    ...(frame.id ? { id: frame.id } : {}),
    seq: 1,
  };
}

const socketClass = (network: FakeNetwork) =>
  class extends FakeSocket {
    constructor(url: string) {
      super(url);
      network.sockets.push(this);
      if (network.socketsBlocked) queueMicrotask(() => this.drop());
    }
  };

export class FakeSocket {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  readonly sent: ClientFrame[] = [];
  readonly url: string;
  closed = false;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }

  close(): void {
    this.closed = true;
  }

  /** The other side takes the connection; the hello follows. */
  async open(): Promise<void> {
    await settled();
    this.onopen?.({} as never);
  }

  /** Opens and welcomes. */
  async welcome(heartbeatSeconds = 20): Promise<void> {
    await this.open();
    this.tell(welcome(heartbeatSeconds));
  }

  tell(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }

  /** The connection ends without our doing. */
  drop(code = 1006): void {
    this.onclose?.({ code } as never);
  }
}

export class FakeStream {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  open = true;

  constructor(url: string, headers: Headers) {
    this.url = new URL(url);
    this.headers = headers;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
  }

  tell(frame: ServerFrame): void {
    this.write(`data: ${JSON.stringify(frame)}\n\n`);
  }

  write(text: string): void {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }

  /** The connection ends. */
  cut(): void {
    if (this.open) this.#controller.error(new Error('cut'));
    this.open = false;
  }
}

export function welcome(heartbeatSeconds = 20): ServerFrame {
  return {
    type: 'welcome',
    me: { role: 'visitor', id: 'cus_1' },
    conversation: 'cnv_1',
    heartbeatSeconds,
    server: 'test',
  };
}

export function said(seq: number, text: string, clientId?: string): ServerFrame {
  return {
    type: 'event',
    conversation: 'cnv_1',
    seq,
    at: '2026-11-22T12:00:00.000Z',
    event: {
      type: 'message',
      message: {
        id: `msg_${seq}`,
        author: { role: 'bot', id: 'int_1' },
        parts: [{ type: 'text', text }],
        ...(clientId ? { clientId } : {}),
      },
    },
  };
}
