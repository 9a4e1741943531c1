// Every payload that is kept with a desk: each is understood, or ignored with a reason, and none is too odd to be read.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DESKS } from '#adapters/registry.ts';
import type { RawRequest } from '#ports/inbound.ts';

/** More payloads, a folder for each kind of desk: what vendors print in their documents may not be kept here. */
const SAMPLES = process.env.DESK_SAMPLES;
const HERE = fileURLToPath(new URL('./', import.meta.url));

function request(body: Uint8Array | string): RawRequest {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
  return { method: 'POST', url: '/inbound/int_1', query: {}, headers: {}, body: bytes, at: 0 };
}

/** The same JSON with one value after the other taken away, or made something else. */
function* spoilt(value: unknown, rebuild: (other: unknown) => unknown = (other) => other): Generator<unknown> {
  for (const other of [null, 7, 'x', [], {}]) yield rebuild(other);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const put = (other: unknown) =>
      rebuild(Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other });
    yield* spoilt(inner, put);
  }
}

describe.each(DESKS.map((desk) => [desk.kind, desk] as const))('payloads of %s', (kind, desk) => {
  const folders = [`${HERE}${kind}/fixtures`, ...(SAMPLES === undefined ? [] : [`${SAMPLES}/${kind}`])];
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((cwd) => globSync('**/*.json', { cwd }).map((file) => `${cwd}/${file}`));

  it.each(['', 'not json', '[]', '{}', 'null', '"x"', '7', '{"events":[{}]}', '\ufeff{}', '{"a":'])(
    '[DK3] %j is ignored with a reason',
    (body) => {
      const { genuine, events } = desk.inspect(request(body), null);
      expect(genuine).toBeNull();
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) expect(event).toMatchObject({ type: 'ignored', why: expect.stringMatching(/\w/) });
    },
  );

  it('[DK23] what is deeper or fuller than any vendor sends is ignored as a whole', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const full = `[${Array.from({ length: 60_000 }, () => '{}').join(',')}]`;
    for (const body of [deep, full, `{"events":${deep}}`, `{"events":${full},"changed_attributes":${full}}`]) {
      const { events } = desk.inspect(request(body), null);
      expect(events).toEqual([{ type: 'ignored', why: expect.stringMatching(/\w/) }]);
    }
  });

  it.each(files)('[DK3] %s is understood, or ignored with a reason', (file) => {
    const { events } = desk.inspect(request(readFileSync(file)), null);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) if (event.type === 'ignored') expect(event.why).toMatch(/\w/);
  });

  it.runIf(files.length > 0)('[DK3] a payload with anything missing or strange in it breaks nothing', () => {
    for (const file of files) {
      const payload: unknown = JSON.parse(readFileSync(file, 'utf8'));
      let tried = 0;
      for (const odd of spoilt(payload)) {
        if (++tried > 3_000) break;
        const body = JSON.stringify(odd);
        try {
          desk.inspect(request(body), null);
        } catch (cause) {
          throw new Error(`This payload broke it: ${body}`, { cause });
        }
      }
    }
  });
});
