import { describe, expect, test } from 'vitest';
import { FakeClock, settled } from '#test/fake-clock.ts';
import { Baton } from './client.ts';
import { BatonProblem, BatonUnreachable } from './problem.ts';

interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Answers in turn; what is thrown is a network that failed. */
function connect(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const clock = new FakeClock();
  const baton = new Baton({
    url: 'https://chat.example/',
    key: 'baton_key',
    clock,
    random: () => 1,
    fetch: async (url, init) => {
      const { method = 'GET', headers, body } = init ?? {};
      sent.push({
        method,
        url: String(url),
        headers: headers as Record<string, string>,
        body: body === undefined ? undefined : JSON.parse(String(body)),
      });
      const answer = answers.shift() ?? new Error('nothing more');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { baton, sent, clock };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

/** Lets time go by until it is decided. */
async function after<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let open = true;
  work.then(
    () => {
      open = false;
    },
    () => {
      open = false;
    },
  );
  for (let i = 0; open && i < 200; i++) await clock.pass(1_000);
  return work;
}

describe('a call', () => {
  test('[SK2] goes to its address, with key, parameters and query in place', async () => {
    const { baton, sent } = connect(json(200, { items: [], next: null }));
    const events = await baton.get('/v1/conversations/{id}/events', { params: { id: 'cnv_1' }, query: { after: 3 } });
    expect(events).toEqual({ items: [], next: null });
    expect(sent[0]).toMatchObject({
      method: 'GET',
      url: 'https://chat.example/v1/conversations/cnv_1/events?after=3',
      headers: { authorization: 'Bearer baton_key' },
    });
    expect(sent[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  test('[SK3] is tried again under the same Idempotency-Key, after what the server asked for', async () => {
    const { baton, sent, clock } = connect(
      new TypeError('connection reset'),
      json(503, { code: 'unavailable' }, { 'retry-after': '2' }),
      json(409, { code: 'idempotency_in_progress', retryAfterSeconds: 2 }),
      json(200, { id: 'cnv_1' }),
    );
    const began = clock.now();
    const done = baton.post('/v1/conversations/{id}/close', { params: { id: 'cnv_1' }, body: {} });
    expect(await after(clock, done)).toEqual({ id: 'cnv_1' });
    expect(sent).toHaveLength(4);
    const keys = new Set(sent.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect([...keys][0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(clock.now() - began).toBeGreaterThanOrEqual(4_000);
  });

  test('[SK3] takes the key that it is given, and tells it when no answer came', async () => {
    const { baton, clock } = connect(...Array.from({ length: 4 }, () => new TypeError('no route')));
    const lost = baton.post('/v1/conversations/{id}/close', {
      params: { id: 'cnv_1' },
      body: {},
      idempotencyKey: 'mine',
    });
    const error = await after(clock, lost).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BatonUnreachable);
    expect(error).toMatchObject({ idempotencyKey: 'mine', message: expect.stringContaining('no route') });
  });

  test('[SK4] throws what the server refused, typed, at once', async () => {
    const control = { holder: 'agent', epoch: 3 };
    const { baton, sent } = connect(
      json(409, { status: 409, code: 'control_lost', title: 'Somebody else answers now.', detail: 'Dana.', control }),
    );
    const error = await baton
      .post('/v1/conversations/{id}/messages', {
        params: { id: 'cnv_1' },
        body: { author: { role: 'bot' }, text: 'Hi', clientId: 'a' },
      })
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BatonProblem);
    expect(error).toMatchObject({ status: 409, code: 'control_lost', message: 'Dana.', control, errors: [] });
    expect(sent).toHaveLength(1);
  });

  test('[SK4] an error page of somebody between is a problem, too', async () => {
    const { baton } = connect(new Response('<html>', { status: 403 }));
    await expect(baton.get('/v1/webhooks', {})).rejects.toMatchObject({ status: 403, code: 'http_403' });
  });

  test('[SK3] is given up when its caller gives it up', async () => {
    const { baton } = connect(new TypeError('no route'));
    const abort = new AbortController();
    const call = baton.get('/v1/webhooks', { signal: abort.signal });
    await settled();
    abort.abort();
    await expect(call).rejects.toBeInstanceOf(Error);
  });
});

describe('events', () => {
  const stream = (...seqs: number[]) =>
    new Response(
      seqs.map((seq) => `id: ${seq}\ndata: ${JSON.stringify({ seq, at: '', event: { type: 'note' } })}\n\n`).join(''),
      { headers: { 'content-type': 'text/event-stream' } },
    );

  test('[SK5] go on after the last one seen when the stream breaks, and end when nobody reads', async () => {
    const { baton, sent, clock } = connect(stream(3, 4), new TypeError('broken'), stream(5));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { seq } of baton.events('cnv_1', { after: 2 })) {
        seen.push(seq);
        if (seq === 5) break;
      }
    })();
    await after(clock, reading);
    expect(seen).toEqual([3, 4, 5]);
    expect(sent.map(({ headers }) => headers['last-event-id'])).toEqual(['2', '4', '4']);
  });

  test('[SK5] tell when the conversation is not there', async () => {
    const { baton } = connect(json(404, { code: 'not_found' }));
    await expect(baton.events('cnv_1').next()).rejects.toMatchObject({ code: 'not_found' });
  });
});
