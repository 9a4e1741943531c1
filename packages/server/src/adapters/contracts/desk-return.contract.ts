import { expect, it } from 'vitest';
import type { DeskEvent } from '#ports/desk.ts';
import { hear, opened, seen, states } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';

/** An agent gives a ticket back, answers in it once more, and gives it back again. */
export function returns(get: Get): void {
  const pass = () => {
    get().deps.clock.now += 2_000;
  };
  const returned = (events: readonly DeskEvent[]) => states(events).filter(({ type }) => type === 'returned');

  it('[DK22] hears each time that a ticket is given back, by whomever, closed there or not', async () => {
    const { desk, twin } = get();
    if (desk.can.handBack === null) return;
    const ticket = await opened(get());
    const [dana, kim] = twin.agents;
    for (const agent of [dana, kim, dana]) {
      await twin.agent.reply(ticket.id, agent, 'One more thing');
      pass();
      expect(returned(await hear(get(), ticket)), 'words give nothing back').toEqual([]);
      await twin.agent.handBack(ticket.id, agent);
      if (agent === kim && seen(twin, ticket).open) await twin.agent.close(ticket.id, agent);
      pass();
      expect(returned(await hear(get(), ticket))).not.toEqual([]);
      await desk.close(ticket, 'Ended in Baton: returned_to_bot.');
      pass();
      await hear(get(), ticket);
    }
  });

  it('[DK22] finds each of them by asking, though all was lost that told of it', async () => {
    const { desk, twin } = get();
    if (desk.can.handBack === null || !desk.poll) return;
    const ticket = await opened(get());
    const known = new Set<string>();
    let cursor: string | null = null;
    for (const agent of twin.agents) {
      await twin.agent.reply(ticket.id, agent, 'One more thing');
      pass();
      await twin.agent.handBack(ticket.id, agent);
      pass();
      const told: Awaited<ReturnType<typeof desk.poll>> = await desk.poll(ticket, cursor);
      const fresh = returned(told.events).map(({ key }) => key);
      expect(
        fresh.filter((key) => !known.has(key)),
        `${agent.name} gave it back`,
      ).toHaveLength(1);
      for (const key of fresh) known.add(key);
      await desk.close(ticket, 'Ended in Baton: returned_to_bot.');
      pass();
      ({ cursor } = await desk.poll(ticket, told.cursor));
    }
  });
}
