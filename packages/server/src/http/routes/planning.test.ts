import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

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
});
