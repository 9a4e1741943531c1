// The whole server as `npm start` runs it, on a database of its own and a free port.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientFrame } from '@baton/protocol';
import { WebSocket } from 'ws';
import { type Baton, startBaton } from '#app';
import { type Config, readConfig } from '#config';
import { type Log, silentLog } from '#log';
import { TestSocket } from '#test/side.ts';

export const KEY = 'baton_test_admin_key_0123456789';
export const SITE = 'site_test';
export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' };

/** Headers of who asks. */
export type As = { key: string } | { cookie: string } | null;

export interface Asked {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test says what it expects
  body: any;
  headers: Headers;
}

export interface RunningBaton {
  baton: Baton;
  url: string;
  ask(method: string, path: string, body?: unknown, as?: As): Promise<Asked>;
  login(who?: { email: string; password: string }): Promise<string>;
  agent(role: 'owner' | 'admin' | 'agent'): Promise<{ id: string; cookie: string; email: string }>;
  visitor(): Promise<{ token: string; id: string }>;
  /** A socket after `welcome`. Visitors name their token, staff a key or a cookie. */
  socket(who: { visitor: string } | { key: string } | { cookie: string }, hello?: object): Promise<TestSocket>;
  stop(): Promise<void>;
}

export async function runBaton(
  databaseUrl: string | null,
  { log = silentLog, config = {} }: { log?: Log; config?: Partial<Config> } = {},
): Promise<RunningBaton> {
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-run-'));
  const baton = await startBaton(
    {
      ...readConfig({}),
      port: 0,
      databaseUrl,
      dataDir,
      logLevel: 'silent',
      demo: false,
      rateLimits: null,
      firstStart: { ownerEmail: OWNER.email, ownerPassword: OWNER.password, apiKey: KEY, siteKey: SITE },
      ...config,
    },
    { log, checkAnswers: true },
  );
  const url = baton.url.replace('localhost', '127.0.0.1');
  const sockets: TestSocket[] = [];

  const ask: RunningBaton['ask'] = async (method, path, body, as = { key: KEY }) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...headersOf(as),
        ...(body === undefined || method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined || method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: json && text !== '' ? JSON.parse(text) : text, headers: response.headers };
  };
  const must = async (...args: Parameters<typeof ask>): Promise<Asked> => {
    const answer = await ask(...args);
    if (answer.status >= 300) throw new Error(`${args[0]} ${args[1]}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const login = async (who = OWNER) => {
    const { headers } = await must('POST', '/v1/session', who, null);
    return headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  let count = 0;
  return {
    baton,
    url,
    ask,
    login,
    async agent(role) {
      const who = { email: `agent${++count}@example.com`, password: `password of ${count}` };
      const { body } = await must('POST', '/v1/agents', { ...who, name: `Agent ${count}`, role });
      return { id: body.id, email: who.email, cookie: await login(who) };
    },
    async visitor() {
      const { body } = await must('POST', '/widget/v1/sessions', { siteKey: SITE }, null);
      return { token: body.token, id: body.visitor.id };
    },
    async socket(who, hello = {}) {
      const path = 'visitor' in who ? '/widget/v1/realtime' : '/v1/realtime';
      const headers = 'cookie' in who ? { cookie: who.cookie } : {};
      const socket = new TestSocket(new WebSocket(url.replace('http', 'ws') + path, { headers }));
      sockets.push(socket);
      await socket.opened;
      const token = 'visitor' in who ? who.visitor : 'key' in who ? who.key : undefined;
      socket.send({ type: 'hello', ...(token === undefined ? {} : { token }), ...hello } as ClientFrame);
      await socket.next('welcome');
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.terminate();
      await baton.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function headersOf(as: As): Record<string, string> {
  if (as === null) return {};
  return 'key' in as ? { authorization: `Bearer ${as.key}` } : { cookie: as.cookie };
}
