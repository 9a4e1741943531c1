import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_BYTES, nameOf } from '#store/keep-file.ts';
import { type Answer, SITE_KEY, type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

async function upload(
  path: string,
  content: Buffer | string,
  { name = 'photo.png', type = 'image/png', key }: { name?: string; type?: string; key?: string } = {},
): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(Buffer.from(content))], { type }), name);
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return http.call('POST', path, {
    body: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
    ...(key ? { key } : {}),
  });
}

const visitor = async () =>
  (await http.call('POST', '/widget/v1/sessions', { key: null, body: { siteKey: SITE_KEY } })).body as {
    token: string;
    visitor: { id: string };
  };

describe('uploads', () => {
  it('[AP20] a file is kept whole and said by its id, by visitors and by servers', async () => {
    const { token } = await visitor();
    const sent = await upload('/widget/v1/files', PNG, { key: token });
    expect(sent).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^fil_/), name: 'photo.png', mime: 'image/png', size: PNG.length },
    });
    expect(sent.body.url).toMatch(/^http:\/\/localhost\/files\/[\w-]{43}\/photo\.png$/);
    const { id } = await http.conversation();
    const own = await upload('/v1/files', 'a,b\n1,2\n', { name: 'rows.csv', type: 'text/csv' });
    const said = await http.call('POST', `/v1/conversations/${id}/messages`, {
      body: { author: { role: 'customer' }, clientId: 'f', parts: [{ type: 'file', file: { id: own.body.id } }] },
    });
    expect(said.body.message.parts).toEqual([{ type: 'file', file: own.body }]);
  });

  it('[AP20] too large, empty, of a type that a browser would run, or not what it says: refused, and nothing is left', async () => {
    const kept = async () =>
      (await readdir(join(http.dataDir, 'files'), { recursive: true, withFileTypes: true })).filter((entry) =>
        entry.isFile(),
      ).length;
    const before = await kept();
    const code = async (...given: Parameters<typeof upload>) => {
      const { status, body } = await upload(...given);
      return [status, body.code];
    };
    expect(await code('/v1/files', Buffer.alloc(FILE_BYTES + 1, 1), { type: 'application/pdf' })).toEqual([
      413,
      'file_too_large',
    ]);
    expect(await code('/v1/files', '', { type: 'text/plain' })).toEqual([422, 'invalid']);
    expect(await code('/v1/files', '<script>', { type: 'text/html', name: 'x.html' })).toEqual([415, 'file_type']);
    expect(await code('/v1/files', '<svg onload="x"/>', { type: 'image/svg+xml' })).toEqual([415, 'file_type']);
    expect(await code('/v1/files', '<html>', { type: 'image/png' })).toEqual([415, 'file_type']);
    expect((await http.call('POST', '/v1/files', { body: { file: 1 } })).status).toBe(415);
    expect(await kept()).toBe(before);
    expect((await upload('/v1/files', Buffer.alloc(FILE_BYTES, 1), { type: 'application/pdf' })).status).toBe(201);
  });

  it('[AP20] a visitor uploads so many an hour and no more', async () => {
    const { token } = await visitor();
    let last: Answer | undefined;
    for (let n = 0; n < 31; n++) last = await upload('/widget/v1/files', PNG, { key: token });
    expect(last).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect((await upload('/widget/v1/files', PNG, { key: (await visitor()).token })).status).toBe(201);
  });

  it('[AP20] names are made safe', () => {
    expect(nameOf('../../etc/passwd')).toBe('passwd');
    expect(nameOf('C:\\Users\\ada\\photo.JPG')).toBe('photo.JPG');
    expect(nameOf('a\r\nSet-Cookie: x.txt')).toBe('aSet-Cookie: x.txt');
    expect(nameOf('\u0000')).toBe('file');
    expect(nameOf(`${'long'.repeat(100)}.pdf`)).toHaveLength(184);
    expect(nameOf('Größe 📎.pdf')).toBe('Größe 📎.pdf');
    expect(nameOf('invoice\u202efdp.txt')).toBe('invoicefdp.txt');
    for (const cut of [`${'x'.repeat(179)}📎.pdf`, `x.${'x'.repeat(18)}📎`])
      expect(nameOf(cut).isWellFormed()).toBe(true);
  });
});

it('[AP20] a name ends as its kind does: what is saved is opened by its ending', async () => {
  const named = async (name: string, type: string) => (await upload('/v1/files', 'x', { name, type })).body.name;
  expect(await named('bill.exe', 'application/zip')).toBe('bill.exe.zip');
  expect(await named('page.html', 'text/plain')).toBe('page.html.txt');
  expect(await named('page.pdf.', 'application/pdf')).toBe('page.pdf..pdf');
  expect(await named('rows.CSV', 'text/csv')).toBe('rows.CSV');
  expect(await named('notes', 'text/plain')).toBe('notes');
  expect(await named('photo.MOV', 'application/octet-stream')).toBe('photo.MOV');
});

describe('serving', () => {
  it('[AP21] whoever has the address reads the file; pictures are shown, all else is saved, nothing runs', async () => {
    const picture = (await upload('/v1/files', PNG)).body;
    const shown = await http.app.inject(new URL(picture.url).pathname);
    expect(shown.rawPayload.equals(PNG)).toBe(true);
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-length': String(PNG.length),
    });
    expect(shown.headers['content-disposition']).toMatch(/^inline/);
    const paper = (await upload('/v1/files', '%PDF', { type: 'application/pdf', name: 'Größe 1.pdf' })).body;
    const saved = await http.app.inject(new URL(paper.url).pathname);
    expect(saved.headers['content-disposition']).toBe("attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.pdf");
    const odd = (await upload('/v1/files', '%PDF', { type: 'application/pdf', name: "O'Hara (1)*.pdf" })).body;
    expect((await http.app.inject(new URL(odd.url).pathname)).headers['content-disposition']).toBe(
      "attachment; filename*=UTF-8''O%27Hara%20%281%29%2A.pdf",
    );
  });

  it('[AP21] an address that is guessed or climbs leads nowhere', async () => {
    for (const path of [
      '/files/guess/photo.png',
      '/files/..%2f..%2fsecret.key/x',
      '/files/x',
      '/console/..%2f..%2fpackage.json',
      '/docs/assets/..%2fpackage.json',
    ]) {
      expect((await http.call('GET', path, { key: null })).status, path).toBe(404);
    }
  });
});
