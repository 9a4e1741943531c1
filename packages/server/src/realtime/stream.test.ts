import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY, type RunningBaton, runBaton } from '#test/baton.ts';
import { testDatabase } from '#test/database.ts';

let baton: RunningBaton;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  baton = await runBaton(database.connectionString);
}, 60_000);
afterAll(async () => {
  await baton.stop();
  await drop();
});

/** Events with their ids, until one matches; then the reader goes. */
async function read(
  query: string,
  headers: Record<string, string>,
  enough: (events: { id: string; seq: number }[]) => boolean,
): Promise<{ id: string; seq: number }[]> {
  const abort = new AbortController();
  const response = await fetch(`${baton.url}/v1/stream${query}`, {
    headers: { authorization: `Bearer ${KEY}`, ...headers },
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(25_000)]),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events: { id: string; seq: number }[] = [];
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = /^id: (.+)$/m.exec(block)?.[1];
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (id && data) events.push({ id, seq: (JSON.parse(data) as { seq: number }).seq });
    }
    if (enough(events)) break;
  }
  abort.abort();
  return events;
}

describe('the stream of frames', () => {
  test('[RT14] resumes after `since`, and after the Last-Event-ID: nothing is missed, nothing comes twice', async () => {
    const { body: opened } = await baton.ask('POST', '/v1/conversations', { customer: { name: 'Ada' } });
    const say = (clientId: string) =>
      baton.ask('POST', `/v1/conversations/${opened.id}/messages`, {
        author: { role: 'customer' },
        text: clientId,
        clientId,
      });
    for (const word of ['a', 'b', 'c']) await say(word);
    const since = encodeURIComponent(JSON.stringify({ [opened.id]: 0 }));
    const first = await read(`?since=${since}`, {}, (events) => events.length >= 3);
    expect(first.map(({ seq }) => seq).slice(0, 3)).toEqual([1, 2, 3]);
    const last = first[2]?.id ?? '';
    expect(last).toBe(`${opened.id}:3`);
    await say('d');
    const { seq } = (await baton.ask('GET', `/v1/conversations/${opened.id}`)).body;
    const second = await read(
      `?since=${since}`,
      { 'last-event-id': last },
      (events) => (events.at(-1)?.seq ?? 0) >= seq,
    );
    expect(second.map((event) => event.seq)).toEqual(second.map((_, at) => at + 4));
  });

  test('[RT14] an id that is none of ours changes nothing', async () => {
    const { body: opened } = await baton.ask('POST', '/v1/conversations', { customer: { name: 'Ada' } });
    const since = encodeURIComponent(JSON.stringify({ [opened.id]: 0 }));
    const [event] = await read(`?since=${since}`, { 'last-event-id': 'nonsense' }, (events) => events.length > 0);
    expect(event?.seq).toBe(1);
  });

  test('[AP15] with the cookie it opens for our own pages only, also for a neighbour who sends no Origin', async () => {
    const { cookie } = await baton.agent('agent');
    const status = async (method: string, path: string, headers: Record<string, string>) => {
      const body = method === 'POST' ? { body: '{"frames": [{"type": "ping"}]}' } : {};
      const given = { cookie, 'content-type': 'application/json', ...headers };
      const response = await fetch(baton.url + path, { method, headers: given, ...body });
      await response.body?.cancel();
      return response.status;
    };
    for (const from of [{ 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }])
      for (const [method, path] of [
        ['GET', '/v1/stream'],
        ['POST', '/v1/frames'],
      ] as const)
        expect(await status(method, path, from as Record<string, string>)).toBe(403);
    expect(await status('GET', '/v1/stream', { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await status('POST', '/v1/frames', { 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  test('[SE11] a frame that is nested deeper than a stack is refused like any other', async () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    for (const frame of [deep, `{"type":"say","clientId":"x","parts":${deep}}`]) {
      const response = await fetch(`${baton.url}/v1/frames`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: `{"frames":[${frame}]}`,
      });
      expect([response.status, ((await response.json()) as { frames: object[] }).frames[0]]).toMatchObject([
        200,
        { type: 'refused', code: 'bad_frame' },
      ]);
    }
  });
});
