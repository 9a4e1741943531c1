import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type {
  Author,
  ClientFrame,
  ConversationEvent,
  EventItem,
  Part,
  PartInput,
  ServerFrame,
  WidgetSession,
  WidgetSessionInput,
} from '@baton/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Bundle } from './bundle.ts';

/**
 * A small server that behaves towards the widget as Baton does, with one visitor and everything else in the test's
 * hand: what the bot and the agents do, and what goes wrong with the network. Real HTTP, real sockets.
 */
export class FakeServer {
  readonly theme: Partial<WidgetSession['theme']> = {
    title: 'Harbour Lights',
    greeting: 'Hi! What can we do for you?',
  };
  strings: Record<string, string> = {};
  locale = 'en';
  /** Body of the page, beside the script tag. */
  page = '<h1>Harbour Lights</h1><p>Lamps for every harbour.</p>';
  /** At the end of its head. */
  head = '';
  /** Attributes of the html element and of the script tag. */
  html = 'lang="en"';
  tag = 'data-site-key="site_test"';
  /** WebSockets are refused, as behind some proxies. */
  blockSockets = false;
  /**
   * Frames are lost before they are taken, or taken while their answers and events are lost; the second script does not
   * come; files are cut off on their way.
   */
  losing: 'nothing' | 'frames' | 'answers' | 'chat' | 'files' = 'nothing';
  /** How often the second script was asked for. */
  chatLoads = 0;
  /** Sent with the page. */
  csp = '';
  refuseSession: { status: number; code: string; detail: string } | null = null;
  readonly sessions: WidgetSessionInput[] = [];
  refuse: { code: string; message: string; retryAfterMs?: number } | null = null;
  /** A conversation that takes nothing more. */
  over: string | null = null;

  readonly log: EventItem[] = [];
  readonly received: ClientFrame[] = [];
  conversation: `cnv_${string}` | null = null;
  closed = false;
  place: Extract<ServerFrame, { type: 'queue' }> | null = null;
  #epoch = 1;
  #count = 0;
  #server: Server | null = null;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #links = new Set<(frame: ServerFrame) => void>();
  readonly #raw = new Set<Socket>();
  readonly #answered = new Map<string, ServerFrame>();
  readonly #files = new Map<string, { mime: string; body: Buffer }>();
  #port = 0;
  readonly #bundle: Bundle;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts, or comes back on the port it had. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.#http(request, response));
    server.on('connection', (socket) => {
      this.#raw.add(socket);
      socket.on('close', () => this.#raw.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => {
      if (this.blockSockets) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#socket(ws));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As a killed process: every connection is cut. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#raw) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Adds events to the log and sends them. */
  tell(...events: ConversationEvent[]): void {
    const at = new Date().toISOString();
    for (const event of events) {
      const item: EventItem = { seq: ++this.#count, at, event };
      this.log.push(item);
      if (this.conversation) this.send({ type: 'event', conversation: this.conversation, ...item });
    }
  }

  send(frame: ServerFrame): void {
    if (this.losing === 'answers') return;
    for (const link of this.#links) link(frame);
  }

  says(author: Author, ...parts: (string | Part)[]): void {
    const said = parts.map((part): Part => (typeof part === 'string' ? { type: 'text', text: part } : part));
    this.tell({ type: 'message', message: { id: `msg_${this.#count + 1}`, author, parts: said } });
  }

  get bot(): Author {
    return { role: 'bot', id: 'int_bot', name: 'Robin' };
  }

  get dana(): Author & { name: string } {
    return { role: 'agent', id: 'agt_dana', name: 'Dana Whitfield' };
  }

  /** The customer has opened his conversation before the page is loaded. */
  begin(): void {
    this.conversation ??= 'cnv_1';
    if (this.log.length === 0) this.tell({ type: 'conversation.opened', id: this.conversation, bot: 'int_bot' });
  }

  /** Into the line, at this place. */
  queue(position: number, text: string): void {
    if (!this.conversation) return;
    if (!this.place) {
      const handoff = 'hnd_1';
      this.tell({ type: 'handoff.requested', handoff }, this.#control('bot', 'queue'), {
        type: 'handoff.queued',
        handoff,
      });
    }
    const asOf = new Date().toISOString();
    this.place = { type: 'queue', conversation: this.conversation, position, estimate: null, asOf, text };
    this.send(this.place);
  }

  accept(): void {
    const agent = { id: this.dana.id, name: this.dana.name };
    this.place = null;
    this.tell({ type: 'handoff.accepted', handoff: 'hnd_1', agent }, this.#control('queue', 'agent'), {
      type: 'participant.joined',
      agent,
      role: 'owner',
    });
  }

  close(): void {
    const agent = { id: this.dana.id, name: this.dana.name };
    this.closed = true;
    this.tell(
      { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'resolved' },
      { type: 'participant.left', agent, role: 'owner' },
      this.#control('agent', 'nobody'),
      { type: 'conversation.closed', outcome: 'resolved' },
    );
  }

  /** What customers said, as the log has it. */
  get said(): string[] {
    return this.log.flatMap(({ event }) =>
      event.type === 'message' && event.message.author.role === 'customer'
        ? event.message.parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`))
        : [],
    );
  }

  #control(from: 'bot' | 'queue' | 'agent' | 'nobody', to: 'bot' | 'queue' | 'agent' | 'nobody'): ConversationEvent {
    const agent = { id: this.dana.id, name: this.dana.name };
    return {
      type: 'control.changed',
      from: { holder: from },
      to: to === 'agent' ? { holder: to, agent } : { holder: to },
      epoch: ++this.#epoch,
      why: 'test',
    };
  }

  #socket(ws: WebSocket): void {
    const link = (frame: ServerFrame) => ws.send(JSON.stringify(frame));
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame;
      if (frame.type === 'hello') this.#greet(link, frame.since ?? {});
      else for (const answer of this.#take(frame)) link(answer);
    });
    ws.on('close', () => this.#links.delete(link));
  }

  #greet(link: (frame: ServerFrame) => void, since: Record<string, number>): void {
    const me = { role: 'visitor' as const, id: 'cus_1' };
    link({
      type: 'welcome',
      me,
      conversation: this.closed ? null : this.conversation,
      heartbeatSeconds: 20,
      server: 'fake',
    });
    this.#links.add(link);
    const { conversation } = this;
    if (!conversation || (this.closed && !(conversation in since))) return;
    const after = since[conversation] ?? Math.max(0, this.#count - 200);
    for (const item of this.log) if (item.seq > after) link({ type: 'event', conversation, ...item });
    if (this.place) link(this.place);
  }

  #take(frame: ClientFrame): ServerFrame[] {
    this.received.push(frame);
    if (frame.type === 'ping') return [{ type: 'pong' }];
    if (this.losing === 'frames' || frame.type === 'typing' || frame.type === 'read') return [];
    const key = 'clientId' in frame && frame.clientId ? { clientId: frame.clientId } : { id: frame.id ?? '' };
    const name = Object.values(key)[0] ?? '';
    const known = this.#answered.get(name);
    if (known) return [known];
    if (this.refuse) return [{ type: 'refused', ...key, ...this.refuse }];
    if (frame.type === 'say' && frame.conversation && frame.conversation === this.over) {
      return [
        { type: 'refused', ...key, code: 'closed', message: 'It ended long ago.', conversation: frame.conversation },
      ];
    }
    this.#act(frame);
    const answer: ServerFrame = {
      type: 'ack',
      ...key,
      ...(this.conversation ? { conversation: this.conversation } : {}),
      seq: this.#count,
    };
    this.#answered.set(name, answer);
    return this.losing === 'answers' ? [] : [answer];
  }

  #act(frame: ClientFrame): void {
    if (frame.type === 'say') {
      if (this.closed && !frame.conversation) this.#anew();
      this.begin();
      if (this.closed) {
        this.closed = false;
        this.tell({ type: 'conversation.reopened' }, this.#control('nobody', 'bot'));
      }
      const parts = frame.parts.map((part) => this.#partOf(part));
      const author: Author = { role: 'customer', id: 'cus_1' };
      this.tell({
        type: 'message',
        message: { id: `msg_${this.#count + 1}`, author, parts, clientId: frame.clientId },
      });
    } else if (frame.type === 'ask-human') {
      this.begin();
      this.queue(3, '2 people are ahead of you, about 2 to 4 minutes.');
    } else if (frame.type === 'cancel') {
      this.place = null;
      this.tell(
        { type: 'handoff.ended', handoff: 'hnd_1', outcome: 'cancelled_by_customer' },
        this.#control('queue', 'bot'),
      );
    } else if (frame.type === 'rate') {
      const comment = frame.comment ? { comment: frame.comment } : {};
      this.tell({ type: 'rating.given', score: frame.score, ...comment, handoff: null });
    }
  }

  #anew(): void {
    this.conversation = 'cnv_2';
    this.closed = false;
    this.log.length = 0;
    this.#count = 0;
  }

  #partOf(part: PartInput): Part {
    if (part.type !== 'file') return part as Part;
    const file = this.#files.get(part.file.id);
    const { id } = part.file;
    return {
      type: 'file',
      file: { id, name: id, mime: file?.mime ?? '', size: file?.body.length ?? 0, url: `/files/${id}` },
    };
  }

  async #http(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    if (request.method === 'OPTIONS') return void response.end();
    if (this.losing === 'files' && url.pathname === '/widget/v1/files') return void request.destroy();
    const body = await bodyOf(request);
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (url.pathname.replace(/cnv_\d/, ':id').replace(/fil_\w+/, ':id')) {
      case '/':
        if (this.csp) response.setHeader('content-security-policy', this.csp);
        return void response.setHeader('content-type', 'text/html').end(this.#pageText());
      case '/widget.js':
        return void response.setHeader('content-type', 'text/javascript').end(this.#bundle.widget);
      case '/widget-chat.js':
        this.chatLoads++;
        if (this.losing === 'chat') return void response.writeHead(503).end();
        return void response.setHeader('content-type', 'text/javascript').end(this.#bundle.chat);
      case '/widget/v1/sessions':
        this.sessions.push(JSON.parse(String(body)) as WidgetSessionInput);
        if (this.refuseSession) return void json(this.refuseSession, this.refuseSession.status);
        return void json(this.#session(), 201);
      case '/widget/v1/conversations/:id/events': {
        const before = Number(url.searchParams.get('before') ?? Number.POSITIVE_INFINITY);
        return void json({
          items: this.log.filter((item) => item.seq < before).slice(-50),
          previous: null,
          next: null,
        });
      }
      case '/widget/v1/files':
        return void json(this.#store(body, String(request.headers['content-type'])), 201);
      case '/files/:id': {
        const file = this.#files.get(url.pathname.slice('/files/'.length));
        return void response
          .writeHead(file ? 200 : 404, { 'content-type': file?.mime ?? 'text/plain' })
          .end(file?.body);
      }
      case '/widget/v1/frames': {
        const { frames } = JSON.parse(String(body)) as { frames: ClientFrame[] };
        return void json({ frames: frames.flatMap((frame) => this.#take(frame)) });
      }
      case '/widget/v1/stream': {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const link = (frame: ServerFrame) => response.write(`data: ${JSON.stringify(frame)}\n\n`);
        response.on('close', () => this.#links.delete(link));
        return this.#greet(link, JSON.parse(url.searchParams.get('since') ?? '{}'));
      }
      default:
        return void json({ code: 'not_found', detail: 'No such address.' }, 404);
    }
  }

  #pageText(): string {
    return `<!doctype html><html ${this.html}><head><meta charset="utf-8"><title>Harbour Lights</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${this.head}</head>
<body>${this.page}<script async src="/widget.js" ${this.tag}></script></body></html>`;
  }

  #session(): WidgetSession {
    const { conversation, locale, strings } = this;
    return {
      token: 'tok_1',
      tokenExpiresAt: '2027-01-01T00:00:00.000Z',
      visitor: { id: 'cus_1', name: null, email: null, verified: false },
      conversation: conversation && { id: conversation, status: this.closed ? 'closed' : 'open', seq: this.#count },
      locale,
      strings,
      theme: { color: '#2b5fd9', title: '', greeting: '', position: 'right', logoUrl: null, ...this.theme },
      limits: {
        textLength: 8_000,
        fileBytes: 1_000_000,
        filesPerMessage: 3,
        mimeTypes: ['image/*', 'text/plain', 'application/pdf'],
      },
    };
  }

  /** One file out of a multipart body. */
  #store(body: Buffer, contentType: string) {
    const boundary = `--${/boundary=(.+)$/.exec(contentType)?.[1]}`;
    const start = body.indexOf('\r\n\r\n') + 4;
    const head = body.subarray(0, start).toString();
    const content = body.subarray(start, body.lastIndexOf(boundary) - 2);
    const id = `fil_${this.#files.size + 1}` as const;
    const mime = /content-type: (.+)\r/i.exec(head)?.[1] ?? 'application/octet-stream';
    this.#files.set(id, { mime, body: content });
    return { id, name: /filename="(.*?)"/.exec(head)?.[1] ?? 'file', mime, size: content.length, url: `/files/${id}` };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
