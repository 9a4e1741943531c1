import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

const QUEUE = { arrivalsPerHour: 1, chatMinutes: { mean: 8 } };
const PLAN = {
  arrivalsPerHour: 12,
  chatMinutes: { mean: 8 },
  patienceMinutes: { mean: 15 },
  agents: [{ name: 'Dana', from: '09:00', to: '17:00', capacity: 2 }],
  days: 1,
};
const play = (body: unknown) => http.call('POST', '/v1/reports/plan', { body });

describe('planning', () => {
  it('[PL4] a plan is played, and with one more agent', async () => {
    const { status, body } = await play(PLAN);
    expect(status).toBe(200);
    expect(body.plan.customers).toBeGreaterThan(150);
    expect(body.plan.hours).toHaveLength(24);
    expect(body.oneMore.answered).toBeGreaterThan(body.plan.answered);
    expect((await play({ ...PLAN, oneMore: false })).body.oneMore).toBeNull();
  });

  it.each([
    [{ agents: [] }, 'agents', 'At least one agent'],
    [{ agents: [{ name: 'Dana', from: '25:00' }] }, 'agents.0.from', 'A time of day like 09:00'],
    [{ agents: [{ name: 'Dana', capacity: 0 }] }, 'agents.0.capacity', 'At least 1 conversation'],
    [{ arrivalsPerHour: [1, 2, 3] }, 'arrivalsPerHour', '24'],
    [{ arrivalsPerHour: -1 }, 'arrivalsPerHour', ''],
    [{ arrivalsPerHour: 2_000, days: 30 }, 'days', 'Plan fewer days'],
    [{ chatMinutes: { mean: 0 } }, 'chatMinutes.mean', 'More than 0 minutes'],
    [{ zone: 'Mars/Base' }, 'zone', 'no such field'],
    [{ routing: { hook: 'whk_1' } }, 'routing.hook', 'no such field'],
    [{ routing: { strategy: 'manual' } }, 'routing.strategy', 'cannot be played'],
    [{ routing: { wrapUpSeconds: -1 } }, 'routing.wrapUpSeconds', 'At least 0'],
    [
      { routing: { overflow: { queue: 'Sales', afterSeconds: 60 } } },
      'routing.overflow.queue',
      'no queue \\"Sales\\" in the plan',
    ],
    [{ agents: [{ name: 'Dana', queues: ['Sales'] }] }, 'agents.0.queues', 'There is no queue'],
    [{ name: 'A', otherQueues: [{ ...QUEUE, name: 'A' }] }, 'otherQueues.0.name', 'There is another queue'],
    [
      { otherQueues: [{ ...QUEUE, name: 'B' }], agents: [{ name: 'Dana', queues: ['Queue'] }] },
      'otherQueues.0.name',
      'No agent serves',
    ],
    [{ needs: [{ share: 0.7 }, { share: 0.7 }] }, 'needs', 'add up to more than 1'],
    [{ needs: [{ share: 0.5, skills: ['law'] }], agents: [{ name: 'Dana', skills: [] }] }, 'needs.0.skills', 'has law'],
  ])('[PL10] %j is refused at %s', async (wrong, path, words) => {
    const { status, body } = await play({ ...PLAN, ...wrong });
    expect(status).toBe(422);
    expect(JSON.stringify(body.errors)).toContain(path);
    expect(JSON.stringify(body.errors)).toContain(words);
  });

  it('[PL11] a plan to begin with is one that can be played', async () => {
    const { body } = await http.call('GET', '/v1/reports/plan');
    expect(body.measured.customers).toBe(0);
    expect((await play({ ...body.input, days: 1 })).status).toBe(200);
    expect((await http.call('GET', '/v1/reports/plan?queue=que_none')).body.type).toMatch(/queue_unknown/);
  });

  it('[PL17] takes what is set, and names what cannot be played', async () => {
    const queues = (await http.call('GET', '/v1/queues')).body.items as { id: string; name: string }[];
    const main = queues[0];
    const sales = (await http.call('POST', '/v1/queues', { body: { name: 'Sales' } })).body;
    const gone = (await http.call('POST', '/v1/queues', { body: { name: 'Nobody there', agents: [] } })).body;
    const email = 'skilled@example.com';
    const body = { email, name: 'Skilled', skills: ['billing'], languages: ['de'], wrapUpSeconds: 30, capacity: 4 };
    const agent = (await http.call('POST', '/v1/agents', { body })).body;
    await http.call('PATCH', `/v1/queues/${main?.id}`, {
      body: {
        routing: {
          strategy: 'manual',
          prioritySeconds: 300,
          preferSeconds: 90,
          language: 'required',
          stickySeconds: 120,
          wrapUpSeconds: 20,
          overflow: { queue: sales.id, afterSeconds: 60 },
          hook: null,
        },
      },
    });
    const night = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T22:00:00Z`;
    const morning = new Date(Date.parse(night) + 8 * 3_600_000).toISOString();
    await http.call('POST', '/v1/shifts', { body: { agent: agent.id, zone: 'UTC', startsAt: night, endsAt: morning } });
    const begin = await http.call('GET', `/v1/reports/plan?queue=${main?.id}&zone=Asia/Tokyo`);
    expect(begin.status).toBe(200);
    const { input, notPlayed } = begin.body;
    expect(input.name).toBe(main?.name);
    expect(input.routing).toEqual({
      strategy: 'least_busy',
      prioritySeconds: 300,
      preferSeconds: 90,
      language: 'required',
      stickySeconds: 120,
      wrapUpSeconds: 20,
      overflow: { queue: 'Sales', afterSeconds: 60 },
    });
    expect(notPlayed).toEqual(['manual']);
    expect(input.otherQueues.map(({ name }: { name: string }) => name)).toContain('Sales');
    expect(input.otherQueues.map(({ name }: { name: string }) => name)).not.toContain(gone.name);
    expect(input.agents).toContainEqual(
      expect.objectContaining({
        name: agent.name,
        skills: ['billing'],
        languages: ['de'],
        wrapUpSeconds: 30,
        capacity: 4,
        from: '07:00',
        to: '15:00',
      }),
    );
    expect((await play({ ...input, days: 1, oneMore: false })).status).toBe(200);
    const staffed = (await http.call('GET', `/v1/reports/plan?queue=${gone.id}`)).body.input;
    expect((await play({ ...staffed, days: 1, oneMore: false })).status).toBe(200);
    const whole = (await http.call('GET', '/v1/reports/plan')).body.input;
    expect([whole.name, ...whole.otherQueues.map(({ name }: { name: string }) => name)]).toContain('Sales');
    expect((await http.call('GET', '/v1/reports/plan?zone=Mars/Base')).status).toBe(422);
  });
});
