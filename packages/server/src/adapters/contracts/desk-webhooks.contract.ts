import { expect, it } from 'vitest';
import { arrived } from '#kit/twin-webhooks.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { messageOf } from './desk-fixtures.ts';
import { caught, hear, hearAll, last, opened, said } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';

/** What comes in is proven, understood or ignored. */
export function webhooks(get: Get): void {
  it('[DK1] refuses what is forged, and takes what is genuine', async () => {
    const { desk, twin, deps, forge } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    const genuine = twin.webhooks.sent.at(-1);
    expect(genuine, 'the twin tells of a reply').toBeDefined();
    if (!genuine) return;
    desk.receive(arrived(genuine, deps.clock.now));
    for (const forgery of forge(genuine)) {
      const error = caught(() => desk.receive(arrived(forgery, deps.clock.now)));
      expect(error).toBeInstanceOf(AdapterFailure);
      expect((error as AdapterFailure).kind).toBe('auth');
    }
  });

  it('[DK2] refuses an old webhook where its time is signed', async () => {
    const { desk, twin, deps, signsTime } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    const late = arrived(last(twin.webhooks.sent), deps.clock.now + 3_600_000);
    if (!signsTime) return expect(() => desk.receive(late)).not.toThrow();
    expect(caught(() => desk.receive(late))).toMatchObject({ kind: 'auth' });
  });

  it('[DK3] ignores what it does not know, and says why', async () => {
    const { desk, twin, deps } = get();
    for (const odd of twin.odd()) {
      const { events } = desk.receive(arrived(odd, deps.clock.now));
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) expect(event).toMatchObject({ type: 'ignored', why: expect.stringMatching(/\w/) });
    }
    expect(twin.odd().length).toBeGreaterThan(0);
  });

  it('[DK4] knows its own words when they come back, whatever it did', async () => {
    const { desk } = get();
    const ticket = await opened(get());
    await desk.send(ticket, messageOf('Still there?'), false);
    await desk.send(ticket, messageOf('x'.repeat(9_000), { seq: 41 }), false);
    await desk.close(ticket, 'Ended in Baton: resolved.');
    const heard = await hear(get(), ticket);
    expect(heard.filter(({ type }) => type === 'agent.said')).toEqual([]);
  });

  it('[DK5] gives one event one key, however often it comes, and two events two', async () => {
    const { desk, twin, deps } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Same words');
    await twin.agent.reply(ticket.id, twin.agents[0], 'Same words');
    const keys = async () => said(await hearAll(get(), ticket)).map(({ key }) => key);
    const first = await keys();
    deps.clock.now += 1_000;
    expect(await keys()).toEqual(first);
    expect(new Set(first).size).toBe(2);
    const events = await hearAll(get(), ticket);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    expect(desk.id).toBe('int_desk');
  });
}
