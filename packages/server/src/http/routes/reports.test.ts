import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepShown } from '#store/estimates-shown.ts';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
let queue: string;
beforeAll(async () => {
  http = await testHttp();
  queue = (await http.call('GET', '/v1/queues')).body.items[0].id;
});
afterAll(() => http.stop());
beforeEach(() => http.pool.query('delete from conversations'));

const DAY = '2026-11-20';
let made = 0;

interface Past {
  /** Time of day (UTC) at which he was told. */
  told?: string;
  range?: [number, number, number] | null;
  /** Seconds from then. */
  answeredAfter?: number;
  endedAfter?: number;
  outcome?: string;
  rating?: number;
  inQueue?: string;
}

/** A conversation as it was: rows, because nobody can wait for the past. */
async function past({ told = '09:00:00', range = null, answeredAfter, endedAfter, outcome, rating, inQueue }: Past) {
  const { body } = await http.call('POST', '/v1/handoffs', {
    body: {
      customer: { externalId: `u-${++made}` },
      reason: 'customer_asked',
      transcript: [
        { role: 'customer', text: 'hello' },
        { role: 'bot', text: 'I do not know' },
      ],
    },
  });
  const estimate = range && {
    lowSeconds: range[0],
    p50Seconds: range[1],
    highSeconds: range[2],
    coverage: 0.8,
    basis: 'measured',
    asOf: 0,
  };
  const at = `${DAY}T${told}Z`;
  const after = (seconds: number | undefined) =>
    seconds === undefined ? null : new Date(Date.parse(at) + seconds * 1_000).toISOString();
  await http.pool.query(
    `update handoffs set requested_at = $2, told_at = $2, told_position = 2, told_estimate = $3, accepted_at = $4, ended_at = $5,
       outcome = $6, phase = case when $5::timestamptz is null then 'queued' else 'ended' end, queue_id = coalesce($7, queue_id)
     where id = $1`,
    [
      body.handoff.id,
      at,
      estimate && JSON.stringify(estimate),
      after(answeredAfter),
      after(endedAfter),
      outcome ?? null,
      inQueue ?? null,
    ],
  );
  await http.pool.query(
    `update conversations set opened_at = $2, rating = $3, status = case when $4::timestamptz is null then status else 'closed' end where id = $1`,
    [body.conversation.id, at, rating ?? null, after(endedAfter)],
  );
}

const waits = async (query = '') =>
  (await http.call('GET', `/v1/reports/waits?from=${DAY}T00:00:00Z&to=2026-11-21T00:00:00Z${query}`)).body;
const overview = async (query = '') =>
  (await http.call('GET', `/v1/reports/overview?from=${DAY}T00:00:00Z&to=2026-11-21T00:00:00Z${query}`)).body;

describe('the record of waits', () => {
  it('[RP7] is read from what was told first, and says itself in one sentence', async () => {
    await past({ range: [60, 120, 240], answeredAfter: 100, endedAfter: 600, outcome: 'resolved' });
    await past({ range: [60, 120, 240], answeredAfter: 500, endedAfter: 900, outcome: 'resolved' });
    await past({ range: [60, 120, 240], endedAfter: 30, outcome: 'cancelled_by_customer' });
    await past({ range: null, answeredAfter: 40, endedAfter: 90, outcome: 'returned_to_bot' });
    const report = await waits();
    expect(report.all).toMatchObject({ told: 4, toldRange: 3, answered: 3, left: 1, withinShare: 0.5, lateShare: 0.5 });
    expect(report.sentence).toBe(
      'Of 2 customers told a range, 50% waited within it and 50% longer. 1 more left, or wait still, before it could be known.',
    );
    expect(report.queues).toMatchObject([{ queue, told: 4 }]);
    expect(report.waits).toHaveLength(3);
    expect(report.waits[0]).toMatchObject({ position: 2, lowSeconds: 60, basis: 'measured' });
    expect(report.waits.map(({ kept }: { kept: string }) => kept).sort()).toEqual(['late', 'unknown', 'within']);
    expect(report.complete).toBe(true);
  });

  it('[RP7] hours and days are those of the zone that is asked for', async () => {
    await past({ told: '23:30:00', range: [60, 120, 240], answeredAfter: 100 });
    expect((await waits()).hours.map(({ hour }: { hour: number }) => hour)).toEqual([23]);
    expect((await waits('&zone=Asia/Kolkata')).hours.map(({ hour }: { hour: number }) => hour)).toEqual([5]);
    expect((await overview('&zone=Asia/Kolkata')).days).toMatchObject([{ day: '2026-11-21' }]);
  });

  it('[RP7] one queue alone, and what lies outside is not counted', async () => {
    const { body } = await http.call('POST', '/v1/queues', { body: { name: `Sales ${++made}` } });
    await past({ range: [60, 120, 240], answeredAfter: 100, inQueue: body.id });
    await past({ range: [60, 120, 240], answeredAfter: 100 });
    expect((await waits(`&queue=${body.id}`)).all.told).toBe(1);
    expect((await waits()).all.told).toBe(2);
    const before = await http.call('GET', `/v1/reports/waits?from=2026-11-01T00:00:00Z&to=${DAY}T00:00:00Z`);
    expect(before.body.all.told).toBe(0);
    expect(before.body.sentence).toBe('No customer was told a range.');
  });

  it.each([
    ['zone=Mars/Phobos', 'No such time zone'],
    ['from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z', 'before the end'],
    ['from=2026-01-01T00:00:00Z&to=2026-11-20T00:00:00Z', 'At most 92 days'],
    ['from=yesterday', 'from'],
  ])('[RP8] %s is refused with what to do', async (query, words) => {
    const { status, body } = await http.call('GET', `/v1/reports/waits?${query}`);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(words);
  });

  it('[RP10] every range that was shown while somebody waited counts, from the moment in which it was shown', async () => {
    await past({ range: [60, 120, 240], answeredAfter: 300, endedAfter: 400, outcome: 'resolved' });
    const { rows } = await http.pool.query(
      'select workspace_id as workspace, conversation_id as conversation, id as handoff, queue_id as queue, told_at from handoffs',
    );
    const [{ told_at, ...one }] = rows;
    const shown = (after: number, lowSeconds: number, highSeconds: number) => ({
      ...one,
      at: told_at.getTime() + after * 1_000,
      position: 1,
      estimate: {
        lowSeconds,
        p50Seconds: (lowSeconds + highSeconds) / 2,
        highSeconds,
        coverage: 0.8,
        basis: 'measured',
        asOf: 0,
      },
    });
    const gone = { ...shown(0, 1, 2), conversation: 'cnv_gone' };
    await keepShown(http.pool, [shown(0, 60, 240), shown(100, 100, 300), shown(250, 100, 300), gone]);
    expect((await waits()).shown).toEqual({ count: 3, within: 1, early: 1, late: 1, unknown: 0, withinShare: 1 / 3 });
  });

  it('[RP8] an unknown queue is said to be unknown', async () => {
    expect((await http.call('GET', '/v1/reports/waits?queue=que_none')).body.type).toMatch(/queue_unknown/);
  });
});

describe('the overview', () => {
  it('[RP9] counts conversations, who was handed over, who was helped, and what the bot solved', async () => {
    await past({ range: [60, 120, 240], answeredAfter: 100, endedAfter: 400, outcome: 'resolved', rating: 5 });
    await past({ endedAfter: 60, outcome: 'cancelled_by_customer', rating: 2 });
    const report = await overview();
    expect(report).toMatchObject({
      conversations: 2,
      handedOff: 2,
      helped: 1,
      closed: 2,
      resolvedByBot: 1,
      bot: { messages: 2, fallbacks: 0, conversations: 2 },
      ratings: { count: 2, mean: 3.5, satisfied: 0.5 },
      handleSeconds: 300,
      reasons: [{ reason: 'customer_asked', count: 2 }],
      days: [{ day: DAY, conversations: 2, handedOff: 2, resolvedByBot: 1 }],
    });
    expect(report.outcomes).toHaveLength(2);
  });

  it('[RP9] with nothing in it says nothing', async () => {
    expect(await overview()).toMatchObject({
      conversations: 0,
      ratings: { count: 0, mean: null, satisfied: null },
      firstReplySeconds: null,
      handleSeconds: null,
      days: [],
      agents: [],
    });
  });
});
