import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { type OpShape, ops } from '@baton/protocol/schemas';
import fc from 'fast-check';
import { z } from 'zod';
import { anyText, bodiesOf, garbage, type Ids, nearlyOf, onceIn, validOf } from './arbitrary.ts';
import { type Edge, each, type Faults, HANG_MS } from './faults.ts';

/** Requests under way at once. */
const AT_ONCE = 12;

export interface HttpTarget {
  url: string;
  ids: Ids;
  /** Values of the Authorization header, and cookies, of somebody known. */
  authorizations: readonly string[];
  cookies: readonly string[];
}

export interface Offered {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

/** Every operation of the table, and the addresses beside it. */
export function httpEdge(target: HttpTarget, faults: Faults): Edge {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const all = fc.oneof(
    ...Object.values(ops as Record<string, OpShape>).map((op) => ({
      // Passwords are hashed slowly on purpose.
      weight: op === ops.createSession || op === ops.createAgent || op === ops.updateAgent ? 1 : 6,
      arbitrary: offersOf(op, target),
    })),
    { weight: 30, arbitrary: besides(target) },
  );
  return {
    name: 'http',
    weight: 50,
    async run(inputs, seed, count) {
      await each(fc.sample(all, { numRuns: inputs, seed }), AT_ONCE, async (offered) => {
        const status = await answerTo(target.url, offered, agent, faults, 'http');
        count(String(status));
      });
    },
    close: async () => agent.destroy(),
  };
}

/** Status of the answer; 0 where the connection was refused for what was sent. */
export function answerTo(url: string, offered: Offered, agent: Agent, faults: Faults, edge: string): Promise<number> {
  const { method, path, headers, body } = offered;
  const told = `${method} ${path} ${JSON.stringify(headers)} ${body?.toString('latin1').slice(0, 600) ?? ''}`;
  return new Promise((resolve) => {
    const done = (status: number) => {
      clearTimeout(timer);
      resolve(status);
    };
    const asked = (() => {
      try {
        return send(url + path, {
          method,
          agent,
          headers: { ...headers, ...(body ? { 'content-length': body.length } : {}) },
        });
      } catch {
        // Node does not even send it.
        return null;
      }
    })();
    const timer = setTimeout(() => {
      faults.add(edge, `no answer within ${HANG_MS / 1_000} s`, told);
      asked?.destroy();
    }, HANG_MS);
    if (!asked) return done(0);
    asked.on('error', () => done(0));
    asked.on('response', (response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      let text = '';
      // A stream goes on for ever: that it has begun is the answer.
      if (String(response.headers['content-type']).startsWith('text/event-stream')) {
        asked.destroy();
        return done(status);
      }
      response.setEncoding('latin1').on('data', (piece: string) => {
        if (text.length < 2_000) text += piece;
      });
      response.on('error', () => done(status));
      response.on('end', () => {
        // `unready` says that an integration is not configured: by design, and told with Retry-After.
        const designed = status === 503 && path.startsWith('/inbound/');
        if (status >= 500 && !designed) faults.add(edge, `${status} ${method} ${routeOf(path)} ${codeOf(text)}`, told);
        done(status);
      });
    });
    asked.end(body ?? undefined);
  });
}

function routeOf(path: string): string {
  return (path.split('?')[0] ?? '').replace(/\b([a-z]{3})_[0-9A-Za-z]+/g, '{$1}').slice(0, 60);
}

function codeOf(text: string): string {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 80);
}

function offersOf(op: OpShape, target: HttpTarget): fc.Arbitrary<Offered> {
  const { ids } = target;
  const names = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const params = fc.tuple(
    ...names.map((name) => {
      const schema = op.params?.shape[name] as z.ZodType | undefined;
      const good = schema ? (validOf(jsonSchema(schema), ids) as fc.Arbitrary<string>) : anyText;
      return fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: anyText });
    }),
  );
  const query = op.query
    ? queriesOf(jsonSchema(op.query), ids)
    : fc.constantFrom('', '', '', '?surprise=1', '?%ff=%00');
  const body = op.multipart
    ? fc.oneof(multipart, garbage)
    : op.body
      ? bodiesOf(jsonSchema(op.body), ids)
      : fc.constant<Buffer | null>(null);
  return fc
    .tuple(params, query, body as fc.Arbitrary<Buffer | null>, headersOf(target, op))
    .map(([given, asked, sent, headers]) => {
      let path = op.path as string;
      names.forEach((name, index) => {
        path = path.replace(`{${name}}`, inAddress(String(given[index])));
      });
      return { method: op.method, path: path + asked, headers, body: sent };
    });
}

/** An address as a careless client would write it: mostly escaped, never with what ends a line. */
export function inAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed()).slice(0, 600) || '%20';
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function queriesOf(schema: object, ids: Ids): fc.Arbitrary<string> {
  const good = validOf(schema, ids);
  return fc.oneof(good, nearlyOf(good)).map((value) => {
    if (value === null || typeof value !== 'object') return `?${inAddress(String(value))}`;
    const pairs = Object.entries(value).map(([name, one]) => `${inAddress(name)}=${inAddress(textOf(one))}`);
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function headersOf({ authorizations, cookies }: HttpTarget, op: OpShape | null): fc.Arbitrary<Record<string, string>> {
  const header = (arbitrary: fc.Arbitrary<string>) =>
    arbitrary.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '?').trim());
  const rarely = (arbitrary: fc.Arbitrary<string>) => onceIn(12, header(arbitrary));
  return fc
    .record({
      authorization: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...authorizations) },
        { weight: 1, arbitrary: header(anyText) },
        { weight: 1, arbitrary: header(anyText.map((text) => `Bearer ${text}`)) },
        { weight: op?.access === 'agent' ? 20 : 1, arbitrary: fc.constant(null) },
      ),
      cookie: fc.oneof(fc.constantFrom(...cookies), header(anyText)),
      'content-type': op?.multipart
        ? fc.constantFrom('multipart/form-data; boundary=frontier', 'multipart/form-data', 'text/plain')
        : fc.oneof(
            { weight: 15, arbitrary: fc.constant('application/json') },
            { weight: 1, arbitrary: header(anyText) },
          ),
      'idempotency-key': rarely(fc.oneof(anyText, fc.constantFrom('k1', 'k2', 'k3'))),
      'last-event-id': rarely(anyText),
      accept: rarely(fc.constantFrom('text/event-stream', '*/*', 'nonsense')),
      origin: rarely(fc.oneof(anyText, fc.constantFrom('null', 'https://evil.example', 'http://localhost:1'))),
      'x-forwarded-for': rarely(anyText),
      'x-request-id': rarely(anyText),
      'accept-encoding': rarely(fc.constantFrom('gzip', 'br;q=nonsense', '*')),
    })
    .map(
      (headers) =>
        Object.fromEntries(Object.entries(headers).filter(([, text]) => typeof text === 'string')) as Record<
          string,
          string
        >,
    );
}

/** Uploads: whole ones, and such as are cut off, named oddly, or typed wrongly. */
const multipart: fc.Arbitrary<Buffer> = fc
  .record({
    name: fc.constantFrom('file', 'other', ''),
    filename: anyText.map((text) => text.replace(/[\r\n"]/g, '_')),
    mime: fc.constantFrom('text/plain', 'image/png', 'text/html', 'nonsense', 'application/pdf'),
    bytes: fc.uint8Array({ maxLength: 200 }),
    cut: fc.boolean(),
  })
  .map(({ name, filename, mime, bytes, cut }) => {
    const head = `--frontier\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: ${mime}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes, Buffer.from(cut ? '' : '\r\n--frontier--\r\n')]);
  });

/** What is not in the table: pages, files, links, streams, and addresses that are none. */
function besides(target: HttpTarget): fc.Arbitrary<Offered> {
  const path = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          '/files/',
          '/login/',
          '/inbound/',
          '/transcripts/',
          '/console/',
          '/docs/',
          '/demo?as=',
          '/v1/stream?since=',
          '/widget/v1/stream?since=',
          '/',
          '/v1/',
          '/widget/v1/conversations/',
        ),
        anyText,
        fc.constantFrom('', '/x', '/events', '/%2e%2e/%2e%2e', '?a=b&a=c'),
      )
      .map(([before, text, after]) => before + inAddress(text) + after),
    fc.constantFrom(
      '/',
      '/healthz',
      '/readyz',
      '/docs',
      '/v1/openapi.json',
      '/widget.js',
      '/widget-chat.js',
      '/console/',
      '/favicon.ico',
      '//',
      '/%',
      '/%ff',
      '/v1/frames',
      '/widget/v1/frames',
    ),
  );
  const frames = fc.oneof(
    garbage,
    validOf({ type: 'object', properties: { frames: { type: 'array', items: {} } } }, target.ids).map((value) =>
      Buffer.from(JSON.stringify(value)),
    ),
  );
  return fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
      path,
      headersOf(target, null),
      fc.option(frames),
    )
    .map(([method, at, headers, body]) => ({
      method,
      path: at,
      headers,
      body: method === 'GET' || method === 'HEAD' ? null : body,
    }));
}

/** Bytes on the bare socket: what no client would send. */
export function rawEdge(url: string, faults: Faults): Edge {
  const { port } = new URL(url);
  const lines = fc.oneof(
    garbage,
    fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'get', 'X'.repeat(30), 'PRI'),
        anyText,
        fc.constantFrom('HTTP/1.1', 'HTTP/9.9', ''),
        anyText,
      )
      .map(([method, path, version, header]) =>
        Buffer.from(
          `${method} /${path} ${version}\r\nhost: x\r\nx: ${header}\r\ncontent-length: 3\r\n\r\nabc`,
          'latin1',
        ),
      ),
    fc
      .constantFrom(
        'POST /v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 4\r\n\r\nffffffffff\r\n',
        `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
        'GET /v1/realtime HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\nsec-websocket-version: 99\r\n\r\n',
        'GET /nothing HTTP/1.1\r\nhost: x\r\nupgrade: nonsense\r\nconnection: upgrade\r\n\r\n',
      )
      .map((text) => Buffer.from(text)),
  );
  return {
    name: 'raw',
    weight: 3,
    async run(inputs, seed, count) {
      await each(fc.sample(lines, { numRuns: inputs, seed }), 8, async (bytes) => {
        const said = await new Promise<string>((resolve) => {
          let text = '';
          const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes));
          const timer = setTimeout(() => socket.destroy(), 1_000);
          socket.setEncoding('latin1').on('data', (piece) => {
            text += piece;
          });
          socket.on('error', () => undefined);
          socket.on('close', () => {
            clearTimeout(timer);
            resolve(text);
          });
        });
        const status = /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 'closed';
        if (status.startsWith('5') && status !== '505')
          faults.add('raw', `${status} ${said.slice(0, 200)}`, bytes.toString('latin1'));
        count(status);
      });
    },
  };
}
