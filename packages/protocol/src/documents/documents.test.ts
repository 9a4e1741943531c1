import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '#problem.ts';
import { ops } from '#rest/ops.ts';
import type { OpShape } from '#rest/table.ts';
import { documents } from './documents.ts';

const texts = documents();
const openapi = JSON.parse(texts['openapi.json']);
const asyncapi = JSON.parse(texts['asyncapi.json']);

/** Every `$ref` of a document. */
function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [inner as string] : refsIn(inner)));
}

function at(document: unknown, ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (here, name) => (here as Record<string, unknown> | undefined)?.[name.replaceAll('~1', '/')],
      document,
    );
}

describe('the documents', () => {
  it.each(['openapi.json', 'asyncapi.json'] as const)(
    '[AP28] docs/reference/%s is current; `npm run documents` writes it',
    (name) => {
      expect(readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), 'utf8')).toBe(texts[name]);
    },
  );

  it.each([
    ['openapi', openapi],
    ['asyncapi', asyncapi],
  ])('[AP28] every reference of %s leads somewhere within it', (_, document) => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(100);
    for (const ref of refs) expect(at(document, ref), ref).toBeDefined();
  });

  it('[AP28] every operation has its place, a known tag, known problems, and a body or none as its schema says', () => {
    const tags = new Set(openapi.tags.map(({ name }: { name: string }) => name));
    for (const [name, op] of Object.entries(ops) as [string, OpShape][]) {
      const described = openapi.paths[op.path]?.[op.method.toLowerCase()];
      expect(described?.operationId, name).toBe(name);
      expect(tags.has(op.tag), `${name}: ${op.tag}`).toBe(true);
      for (const code of op.problems ?? []) expect(PROBLEMS, `${name}: ${code}`).toHaveProperty(code);
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(Object.keys(op.answers)));
      const named = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(Object.keys(op.params?.shape ?? {}), name).toEqual(named);
    }
  });

  it('[AP28] no two operations share an address and a method, and reads change nothing', () => {
    const all = Object.values(ops) as OpShape[];
    expect(new Set(all.map((op) => `${op.method} ${op.path}`)).size).toBe(all.length);
    for (const op of all) if (op.method === 'GET') expect(op.body ?? op.idempotent).toBeUndefined();
  });

  it('[AP28] the frames over plain HTTP are described, as event streams and posts', () => {
    for (const prefix of ['/v1', '/widget/v1']) {
      const { get } = openapi.paths[`${prefix}/stream`];
      expect(get.responses[200].content).toHaveProperty('text/event-stream');
      expect(get.parameters.map(({ name }: { name: string }) => name)).toEqual(['since', 'inbox', 'Last-Event-ID']);
      expect(openapi.paths[`${prefix}/frames`].post.requestBody.content).toHaveProperty('application/json');
    }
  });

  it('[AP28] both sockets are described, each with the frames that it knows', () => {
    expect(Object.values(asyncapi.channels).map((channel) => (channel as { address: string }).address)).toEqual([
      '/v1/realtime',
      '/widget/v1/realtime',
    ]);
    const widget = Object.keys(asyncapi.channels.widget.messages);
    expect(widget).toEqual(expect.arrayContaining(['client-say', 'client-ask-human', 'server-queue', 'server-event']));
    expect(widget).not.toContain('client-take');
    expect(Object.keys(asyncapi.channels.realtime.messages)).toEqual(
      expect.arrayContaining(['client-take', 'server-offer']),
    );
  });
});
