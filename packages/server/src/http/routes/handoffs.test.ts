import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHttp, testHttp } from '#test/http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await testHttp();
});
afterAll(() => http.stop());

describe('POST /v1/handoffs', () => {
  it('brings the whole transcript, the reason and the customer to the queue, in one call', async () => {
    const { status, body } = await http.call('POST', '/v1/handoffs', {
      body: {
        customer: { externalId: 'u-1', name: 'Ada', email: 'ada@example.com', attributes: { plan: 'gold' } },
        transcript: [
          { role: 'customer', text: 'I was charged twice', at: '2026-11-22T10:00:00Z' },
          { role: 'bot', text: 'Let me look', name: 'Botty' },
          { role: 'agent', text: 'I am on it', name: 'Eve' },
        ],
        reason: 'frustration',
        summary: 'Charged twice, angry.',
        flags: ['vip'],
        attributes: { order: 'A-1' },
      },
    });
    expect(status).toBe(201);
    expect(body.handoff).toMatchObject({ phase: 'queued', reason: 'frustration', summary: 'Charged twice, angry.', outcome: null });
    expect(body.conversation.customer).toMatchObject({ externalId: 'u-1', name: 'Ada', email: 'ada@example.com', verified: true, attributes: { plan: 'gold' } });
    expect(body.conversation.control.holder).toBe('queue');
    expect(body.conversation.flags.map((flag: { name: string }) => flag.name)).toEqual(['vip']);
    expect(body).toMatchObject({ position: 1, estimate: null, availability: { state: 'closed', agentsOnline: 0, waiting: 1 } });
    const events = await http.call('GET', `/v1/conversations/${body.conversation.id}/events`);
    const said = events.body.items.flatMap(({ event }: { event: { type: string; message?: { imported?: true; author: { role: string; name?: string }; parts: { text: string }[]; saidAt?: string } } }) =>
      event.message?.imported ? [[event.message.author.role, event.message.author.name, event.message.parts[0]?.text, event.message.saidAt]] : [],
    );
    expect(said).toEqual([
      ['customer', 'Ada', 'I was charged twice', '2026-11-22T10:00:00.000Z'],
      ['bot', 'Botty', 'Let me look', undefined],
      ['agent', 'Eve', 'I am on it', undefined],
    ]);
  });
});
