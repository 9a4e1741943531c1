import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
let dana: { id: string; email: string };
let queue: string;

beforeAll(async () => {
  http = await testHttp();
  dana = (await http.call('POST', '/v1/agents', { body: { email: 'dana@example.com', name: 'Dana' } })).body;
  queue = (await http.call('POST', '/v1/queues', { body: { name: 'Night', agents: [dana.id] } })).body.id;
});
afterAll(() => http.stop());

const shift = (startsAt: string, endsAt: string, more: object = {}) => ({
  agent: dana.id,
  zone: 'Europe/Berlin',
  startsAt,
  endsAt,
  ...more,
});
const add = (body: object) => http.call('POST', '/v1/shifts', { body });
const bring = (body: object) => http.call('POST', '/v1/shifts/import', { body });

describe('the roster', () => {
  it('[HR6] plans, moves and takes away; gaps are fine, overlaps are refused', async () => {
    const early = await add(shift('2027-01-04T08:00:00Z', '2027-01-04T12:00:00Z'));
    expect(early).toMatchObject({ status: 201, body: { agent: dana.id, zone: 'Europe/Berlin' } });
    const late = await add(shift('2027-01-04T13:00:00Z', '2027-01-04T17:00:00Z'));
    expect(late.status).toBe(201);
    const between = await add(shift('2027-01-04T11:00:00Z', '2027-01-04T13:30:00Z'));
    expect(between).toMatchObject({ status: 409, body: { code: 'shift_overlaps' } });
    expect(between.body.detail).toMatch(/Dana has a shift.*2027-01-04T08:00:00/);
    // Itself is not in the way.
    const moved = await http.call('PATCH', `/v1/shifts/${late.body.id}`, {
      body: { startsAt: '2027-01-04T12:00:00Z' },
    });
    expect(moved).toMatchObject({ status: 200, body: { startsAt: '2027-01-04T12:00:00.000Z' } });
    const query = '/v1/shifts?from=2027-01-04T00:00:00Z&to=2027-01-05T00:00:00Z';
    expect((await http.call('GET', query)).body.items.map(({ id }: { id: string }) => id)).toEqual([
      early.body.id,
      late.body.id,
    ]);
    const page = await http.call('GET', `${query}&limit=1`);
    expect((await http.call('GET', `${query}&limit=1&after=${page.body.next}`)).body).toMatchObject({
      items: [{ id: late.body.id }],
      next: null,
    });
    expect((await http.call('DELETE', `/v1/shifts/${late.body.id}`)).status).toBe(204);
    expect((await http.call('DELETE', `/v1/shifts/${late.body.id}`)).status).toBe(404);
  });

  it('[HR6] two at once cannot both be planned', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => add(shift('2027-02-01T08:00:00Z', '2027-02-01T12:00:00Z'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it.each([
    ['a zone that does not exist', { zone: 'Mars/Olympus' }, 'shift_invalid', /Europe\/Berlin/],
    ['an end before the beginning', { endsAt: '2027-03-01T07:00:00Z' }, 'shift_invalid', /before it begins/],
    ['days without an end', { endsAt: '2027-03-05T07:00:00Z' }, 'shift_invalid', /24 hours/],
    ['an agent who is none', { agent: 'agt_nobody' }, 'agent_unknown', /agt_nobody/],
  ])('[HR6] refuses %s', async (_, more, code, detail) => {
    const answer = await add(shift('2027-03-01T08:00:00Z', '2027-03-01T12:00:00Z', more));
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(answer.body.detail).toMatch(detail);
  });

  it('[HR7] takes a file, and replaces what was planned where that is wanted', async () => {
    const csv =
      'agent,date,from,to\ndana@example.com,2027-04-05,09:00,17:00\ndana@example.com,2027-04-06,22:00,06:00\n';
    expect(await bring({ csv, zone: 'Europe/Berlin' })).toMatchObject({ status: 200, body: { added: 2, removed: 0 } });
    const again = await bring({ csv, zone: 'Europe/Berlin' });
    expect(again).toMatchObject({ status: 422, body: { code: 'roster_invalid', errors: [{ path: 'line 2' }] } });
    expect(again.body.errors[0].message).toMatch(/on the roster.*already/);
    expect(await bring({ csv, zone: 'Europe/Berlin', replace: true })).toMatchObject({
      body: { added: 2, removed: 2 },
    });
  });

  it('[HR7] names each line that is wrong and takes nothing of the file', async () => {
    const csv = `agent,date,from,to,zone
dana@example.com,2027-05-03,09:00,17:00,Europe/Berlin
nobody@example.com,2027-05-03,09:00,17:00,Europe/Berlin
dana@example.com,2027-05-04,09:00,17:00,Europe/Berlim
dana@example.com,2027-05-03,16:00,18:00,Europe/Berlin
`;
    const answer = await bring({ csv });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'roster_invalid', errors: [{ path: 'line 3' }, { path: 'line 4' }, { path: 'line 5' }] },
    });
    expect(answer.body.detail).toMatch(/Line 3: There is no agent "nobody@example.com".*and 2 more/);
    const { body } = await http.call('GET', '/v1/shifts?from=2027-05-01T00:00:00Z&to=2027-06-01T00:00:00Z');
    expect(body.items).toEqual([]);
    expect(await bring({ csv: '', zone: 'Mars' })).toMatchObject({ status: 422, body: { errors: [{ path: 'zone' }] } });
  });
});

describe('a queue', () => {
  const change = (body: object) => http.call('PATCH', `/v1/queues/${queue}`, { body });
  const open = [{ from: '09:00', to: '17:00' }];

  it('[HR5] refuses hours that cannot be, in words that say what to write', async () => {
    const wrong = async (hours: object) => {
      const { status, body } = await change({ hours: { zone: 'Europe/Berlin', week: {}, exceptions: [], ...hours } });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'hours_invalid' });
      return body.detail;
    };
    expect(await wrong({ zone: 'Europe/Berlim' })).toMatch(/no time zone "Europe\/Berlim"/);
    expect(await wrong({ week: { mon: [{ from: '9', to: '17:00' }] } })).toMatch(/mon: "9" is no time/);
    expect(await wrong({ week: { mon: [...open, { from: '16:00', to: '18:00' }] } })).toMatch(/overlap/);
    expect(await wrong({ exceptions: [{ date: '2026-02-30', open: [] }] })).toMatch(/no day/);
    expect((await change({ hours: { zone: 'UTC', week: { monday: open }, exceptions: [] } })).body.code).toBe(
      'invalid',
    );
  });

  it('[QU48] is closed by its hours, and availability says when it opens', async () => {
    const never = { zone: 'UTC', week: {}, exceptions: [{ date: '2099-01-01', open }] };
    expect(await change({ hours: never })).toMatchObject({ status: 200, body: { hours: never } });
    const asked = await http.call('GET', '/v1/availability?queue=night');
    expect(asked.body).toMatchObject({ queue, state: 'closed', opensAt: null, estimate: null });
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const soon = { zone: 'UTC', week: {}, exceptions: [{ date: day.slice('2026-'.length), open }] };
    await change({ hours: soon });
    expect((await http.call('GET', `/v1/availability?queue=${queue}`)).body.opensAt).toBe(`${day}T09:00:00.000Z`);
    expect((await change({ hours: null })).body.hours).toBeNull();
  });

  it('[QU3] keeps its routing: what is left out stays, what is wrong is refused', async () => {
    expect((await change({ routing: { strategy: 'round_robin', stickySeconds: 60 } })).body.routing).toEqual({
      strategy: 'round_robin',
      prioritySeconds: 300,
      preferSeconds: 60,
      language: 'preferred',
      stickySeconds: 60,
      wrapUpSeconds: 0,
      overflow: null,
      hook: null,
    });
    expect((await change({ routing: { wrapUpSeconds: 20 } })).body.routing).toMatchObject({
      strategy: 'round_robin',
      wrapUpSeconds: 20,
    });
    expect(await change({ routing: { overflow: { queue: 'que_gone', afterSeconds: 60 } } })).toMatchObject({
      status: 422,
      body: { code: 'queue_unknown' },
    });
    expect(await change({ routing: { hook: 'whk_gone' } })).toMatchObject({
      status: 422,
      body: { code: 'webhook_unknown' },
    });
    expect(await change({ routing: { strategy: 'alphabet' } })).toMatchObject({
      status: 422,
      body: { code: 'invalid' },
    });
  });

  it('[QU42] [QU43] an agent has skills, languages, weights and a wrap-up of his own', async () => {
    const own = {
      skills: ['billing'],
      languages: ['de', 'en'],
      weights: { email: 0.5 },
      wrapUpSeconds: 30,
      capacity: 0,
    };
    const changed = await http.call('PATCH', `/v1/agents/${dana.id}`, { body: own });
    expect(changed).toMatchObject({ status: 200, body: { ...own, presence: 'offline', backAt: null } });
    expect(
      await http.call('PATCH', `/v1/agents/${dana.id}`, {
        body: { skills: null, languages: null, wrapUpSeconds: null },
      }),
    ).toMatchObject({ body: { skills: null, languages: null, wrapUpSeconds: null, weights: { email: 0.5 } } });
    for (const wrong of [{ languages: ['german'] }, { weights: { email: -1 } }, { capacity: -1 }])
      expect((await http.call('PATCH', `/v1/agents/${dana.id}`, { body: wrong })).status).toBe(422);
  });
});
