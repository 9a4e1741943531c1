import { expect, it } from 'vitest';
import { hear, hearAll, opened, said, seen, states } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';

/** What is declared works; what is not declared is not there. */
export function capabilities(get: Get): void {
  it('[DK15] has the methods of what it declares, and no others', () => {
    const { desk } = get();
    expect(desk.can.direct).toBe(false);
    expect(Boolean(desk.typing)).toBe(desk.can.typing);
    expect(Boolean(desk.read)).toBe(desk.can.readMarks);
    expect(Boolean(desk.poll)).toBe(desk.can.poll);
    if (desk.can.handBack !== null) expect(desk.can.handBack).toMatch(/\w/);
  });

  it('[DK15] shows typing and read marks both ways', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    await hear(get(), ticket);
    if (desk.typing) {
      await desk.typing(ticket, true);
      expect(seen(twin, ticket).typing).toBe(true);
      await desk.typing(ticket, false);
      expect(seen(twin, ticket).typing).toBe(false);
    }
    if (desk.read) {
      await desk.read(ticket);
      expect(seen(twin, ticket).read).toBe(true);
    }
    await twin.agent.typing(ticket.id, twin.agents[0], true);
    await twin.agent.read(ticket.id, twin.agents[0]);
    // A vendor that does not tell is silent; one that tells something else would be wrong.
    for (const event of await hear(get(), ticket)) expect(['agent.typing', 'read', 'ignored']).toContain(event.type);
  });

  it('[DK15] says yes, no or unknown of who is there, and never makes it up', async () => {
    const { desk, twin } = get();
    twin.staff(true);
    const there = await desk.availability(twin.group, null);
    twin.staff(false);
    const away = await desk.availability(twin.group, null);
    if (!desk.can.availability) {
      expect([there.state, away.state]).toEqual(['unknown', 'unknown']);
      expect([there.agentsOnline, away.agentsOnline]).toEqual([null, null]);
    } else {
      expect(['available', 'busy']).toContain(there.state);
      expect(['closed', 'unknown', 'busy']).toContain(away.state);
    }
    // Where nobody is, there is no line either.
    twin.staff(true);
    const ticket = await opened(get());
    const { position, estimate } = await desk.availability(twin.group, ticket);
    if (desk.can.position) expect(position).toBeGreaterThanOrEqual(1);
    else expect([position, estimate]).toEqual([null, null]);
  });

  it('[DK17] finds by asking what webhooks have lost, under the same keys', async () => {
    const { desk, twin, deps } = get();
    if (!desk.poll) return;
    const ticket = await opened(get());
    const nothing = await desk.poll(ticket, null);
    expect(said(nothing.events)).toEqual([]);
    await twin.agent.take(ticket.id, twin.agents[0]);
    await twin.agent.reply(ticket.id, twin.agents[0], 'First');
    await twin.agent.note(ticket.id, twin.agents[0], 'for us');
    await twin.agent.reply(ticket.id, twin.agents[1], 'Second');
    deps.clock.now += 2_000;
    const found = await desk.poll(ticket, nothing.cursor);
    expect(said(found.events).map(({ text }) => text)).toEqual(['First', 'Second']);
    expect(said(found.events).map(({ key }) => key)).toEqual(said(await hearAll(get(), ticket)).map(({ key }) => key));
    const again = await desk.poll(ticket, found.cursor);
    const known = new Set(said(found.events).map(({ key }) => key));
    expect(said(again.events).filter(({ key }) => !known.has(key))).toEqual([]);
    await twin.agent.close(ticket.id, twin.agents[0]);
    deps.clock.now += 2_000;
    const closed = await desk.poll(ticket, again.cursor);
    expect(states(closed.events).map(({ type }) => type)).toContain('closed');
    expect(states([...found.events, ...again.events]).map(({ type }) => type)).not.toContain('closed');
  });
}
