import type { FileRef, Millis } from '@baton/core';
import { guardedFetch } from '#kit/guard.ts';
import { serveTwin } from '#kit/twin-server.ts';
import type { DeskDeps } from '#ports/adapter.ts';

export interface TestDeps extends DeskDeps {
  /** Keeps a file as our own: `files` reads it, and its address serves it. */
  keep(name: string, mime: string, bytes: Uint8Array): Promise<FileRef>;
  /** Stands still until it is set. */
  clock: { now: Millis };
  close(): Promise<void>;
}

/** What a desk's adapter is made with in tests: a clock that stands, guarded egress, files of its own. */
export async function deskDeps(now: Millis = Date.UTC(2026, 10, 22, 12)): Promise<TestDeps> {
  const clock = { now };
  const net = guardedFetch('loopback');
  const kept = new Map<string, { ref: FileRef; bytes: Uint8Array }>();
  const server = await serveTwin((request, _, response) => {
    const file = kept.get((request.url ?? '').split('/')[2] ?? '');
    if (file) response.writeHead(200, { 'content-type': file.ref.mime }).end(file.bytes);
    else response.writeHead(404).end();
  });
  let made = 0;
  const keep = async (name: string, mime: string, bytes: Uint8Array): Promise<FileRef> => {
    const id = `fil_${++made}` as const;
    const ref = {
      id,
      name,
      mime,
      size: bytes.byteLength,
      url: `${server.url}/files/${id}/${encodeURIComponent(name)}`,
    };
    kept.set(id, { ref, bytes });
    return ref;
  };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return {
    id: 'int_desk',
    name: 'Desk',
    world: {
      now: () => clock.now,
      newId: (prefix) => `${prefix}_${++made}`,
      fetch: net.fetch,
      log: quiet,
    },
    files: {
      limit: 10_000_000,
      keep: (_, { name, mime, bytes }) => keep(name, mime, bytes),
      read: async ({ id }) => kept.get(id)?.bytes ?? null,
    },
    clock,
    keep,
    async close() {
      await server.close();
      await net.close();
    },
  };
}
