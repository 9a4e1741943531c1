import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgentId, CustomerId } from '@baton/core';
import type { ClientFrame, ServerFrame } from '@baton/protocol';
import pg from 'pg';
import { WebSocket } from 'ws';
import { NO_LIMITS } from '#http/limits.ts';
import { assembleHub, type Hub, type HubDeps } from '#hub/hub.ts';
import { postWebhook } from '#kit/post-webhook.ts';
import type { Bus } from '#ports/bus.ts';
import { presentLogged } from '#present/event.ts';
import { assembleRealtime, type RealtimeSide } from '#realtime/assemble.ts';
import type { Identify } from '#realtime/entrance.ts';
import { testDatabase } from '#test/database.ts';
import { type SeededWorkspace, seedWorkspace } from '#test/workspace.ts';
import { realWorld } from '#world';

/** A hub with its sockets on a database of its own: everything real but HTTP's way of telling who is who. */
export interface TestSide {
  pool: pg.Pool;
  hub: Hub;
  realtime: RealtimeSide;
  seed: SeededWorkspace;
  url: string;
  port: number;
  connectionString: string;
  /** Tokens are plain: `visitor:<customer>`, `agent:<id>:<name>`, `key`. */
  connect(token: string, hello?: Partial<Extract<ClientFrame, { type: 'hello' }>>): Promise<TestSocket>;
  agent(id: string, name: string): Promise<AgentId>;
  customer(id: string): Promise<CustomerId>;
  /** Ends as a killed process does: nothing more reaches the database, nobody is told. */
  die(): Promise<void>;
  stop(): Promise<void>;
}

export interface Beside {
  /** Another node on the database of this one, which must be stopped last. */
  beside?: TestSide;
  bus?: (connectionString: string) => Bus;
}

export async function testSide(
  makeBot: HubDeps['makeBot'] = quietBot,
  timings: HubDeps['timings'] = {},
  { beside, bus }: Beside = {},
): Promise<TestSide> {
  const database = beside ? { connectionString: beside.connectionString, drop: async () => {} } : await testDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 8 });
  pool.on('error', () => {});
  const seed = beside?.seed ?? (await seedWorkspace(pool));
  const world = realWorld(
    { debug() {}, info() {}, warn() {}, error: (fields, message) => console.error(message, fields) },
    fetch,
  );
  const hub = assembleHub({
    pool,
    world,
    makeBot,
    timings,
    ...(bus ? { others: { bus: bus(database.connectionString), keyCheck: 'test' } } : {}),
    replies: { secret: 'test', publicUrl: () => 'http://test' },
    webhooks: { present: presentLogged, post: (to, id, body) => postWebhook(world, to, id, body) },
  });
  await hub.directory.load([seed.workspace]);
  const realtime = assembleRealtime({
    pool,
    world,
    hub,
    identify: identify(seed),
    base: () => 'http://test',
    limits: NO_LIMITS,
  });
  const http = createServer();
  realtime.gateway.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  hub.start();
  const { port } = http.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}`;
  const sockets = new Set<TestSocket>();
  let dead = false;
  return {
    pool,
    hub,
    realtime,
    seed,
    url,
    port,
    connectionString: database.connectionString,
    async connect(token, hello = {}) {
      const socket = new TestSocket(
        new WebSocket(`${url}${token.startsWith('visitor:') ? '/widget' : ''}/v1/realtime`),
      );
      sockets.add(socket);
      await socket.opened;
      socket.send({ type: 'hello', token, ...hello });
      await socket.next('welcome');
      return socket;
    },
    async agent(id, name) {
      await pool.query(
        `insert into agents (workspace_id, id, email, name, presence) values ($1, $2, $3, $4, 'offline')`,
        [seed.workspace, id, `${id}@test`, name],
      );
      return id as AgentId;
    },
    async customer(id) {
      await pool.query('insert into customers (workspace_id, id, name) values ($1, $2, $3)', [
        seed.workspace,
        id,
        'Someone',
      ]);
      return id as CustomerId;
    },
    async die() {
      dead = true;
      await pool.end();
      void realtime.gateway.close('died');
      for (const socket of sockets) socket.terminate();
      await hub.stop();
      await new Promise((resolve) => http.close(resolve));
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      if (!dead) {
        await hub.stop();
        await new Promise((resolve) => http.close(resolve));
        await pool.end();
      }
      await database.drop();
    },
  };
}

/** A bot with nothing to say. */
const quietBot: HubDeps['makeBot'] = (_workspace, { id, name }) => ({
  id,
  name,
  can: { whispers: false, streams: false, later: false },
  answer: async () => ({ kind: 'actions', actions: [{ type: 'noop' }] }),
});

function identify({ workspace, channel }: SeededWorkspace): Identify {
  const unknown = { code: 'token_invalid', message: 'Not known.' };
  return {
    visitor: async (token) =>
      token.startsWith('visitor:')
        ? { kind: 'visitor', workspace, channel, customer: token.slice('visitor:'.length) as CustomerId }
        : unknown,
    async key(token) {
      const [kind, id, name] = token.split(':');
      if (kind === 'agent')
        return { kind: 'agent', workspace, agent: { id: id as AgentId, name: name ?? '' }, role: 'agent' };
      return token === 'key'
        ? { kind: 'key', workspace, key: 'key_1', scopes: ['conversations:read', 'conversations:write'] }
        : unknown;
    },
    cookie: async () => unknown,
    originOfVisitor: async () => null,
    originOfCookie: () => null,
  };
}

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A socket that keeps all frames, and waits for those to come. */
export class TestSocket {
  readonly frames: ServerFrame[] = [];
  readonly ws: WebSocket;
  readonly opened: Promise<void>;
  closeCode: number | null = null;
  #read = new Set<ServerFrame>();
  #wake: () => void = () => {};

  constructor(ws: WebSocket) {
    this.ws = ws;
    this.opened = new Promise((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
    });
    ws.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as ServerFrame);
      this.#wake();
    });
    ws.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    ws.on('error', () => {});
  }

  send(frame: ClientFrame | object): void {
    this.ws.send(JSON.stringify(frame));
  }

  say(clientId: string, text: string, conversation?: string): void {
    this.send({ type: 'say', clientId, parts: [{ type: 'text', text }], ...(conversation ? { conversation } : {}) });
  }

  /** The first frame of a kind that was not given out yet. */
  next<T extends ServerFrame['type']>(
    type: T,
    where: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    return this.until(() => {
      const found = this.frames.find(
        (frame): frame is FrameOf<T> => frame.type === type && !this.#read.has(frame) && where(frame as FrameOf<T>),
      );
      if (found) this.#read.add(found);
      return found;
    }, `a ${type} frame`);
  }

  async until<R>(look: () => R | undefined, what: string, ms = 25_000): Promise<R> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`Waited for ${what}. Had: ${JSON.stringify(this.frames.slice(-12)).slice(0, 3_000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 500));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  closed(): Promise<number> {
    return this.until(() => this.closeCode ?? undefined, 'the close');
  }

  /** Texts of the messages received, in order. */
  texts(): string[] {
    return this.frames.flatMap((frame) => {
      if (frame.type !== 'event' || frame.event.type !== 'message') return [];
      const [part] = frame.event.message.parts;
      return part?.type === 'text' ? [part.text] : [];
    });
  }

  seqs(): number[] {
    return this.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));
  }

  terminate(): void {
    this.ws.terminate();
  }
}
