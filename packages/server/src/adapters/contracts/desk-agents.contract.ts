import { expect, it } from 'vitest';
import { hear, opened, said, states } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';
import { failureOf } from './failure-of.ts';

/** What agents do there. */
export function agents(get: Get): void {
  it('[DK9] hears what an agent says, who it was, and nothing that he notes', async () => {
    const { twin } = get();
    const ticket = await opened(get());
    const [dana] = twin.agents;
    const text = 'Is 3 < 5 & "so on"?\nYes.\n\nLine *four*';
    const id = await twin.agent.reply(ticket.id, dana, text);
    await twin.agent.note(ticket.id, dana, 'chargeback risk');
    const heard = said(await hear(get(), ticket));
    expect(heard).toMatchObject([{ ticket: ticket.id, agent: { id: dana.id, name: dana.name }, text, files: [] }]);
    expect(heard[0]?.externalId).toBe(id);
    expect(JSON.stringify(heard)).not.toContain('chargeback');
  });

  it('[DK9] keeps the order in which agents spoke', async () => {
    const { twin } = get();
    const ticket = await opened(get());
    for (let index = 0; index < 5; index++)
      await twin.agent.reply(ticket.id, twin.agents[index % 2 ? 1 : 0], `no. ${index}`);
    const heard = said(await hear(get(), ticket));
    expect(heard.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((index) => `no. ${index}`));
    expect(heard.map(({ agent }) => agent.id)).toEqual([0, 1, 0, 1, 0].map((index) => twin.agents[index]?.id));
    // A vendor's clock may tick in seconds only, but it never goes back.
    const times = heard.flatMap(({ at }) => (at === undefined ? [] : [at]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('[DK10] tells assigned, put back, transferred, closed and reopened apart', async () => {
    const { desk, twin, deps } = get();
    const ticket = await opened(get());
    const [dana, kim] = twin.agents;
    await hear(get(), ticket);
    const step = async (
      act: Promise<void>,
      type: 'assigned' | 'unassigned' | 'closed' | 'reopened',
      agent?: string,
    ) => {
      await act;
      deps.clock.now += 2_000;
      const heard = states(await hear(get(), ticket));
      if (!desk.can.tells.includes(type)) return expect(heard.map((one) => one.type)).not.toContain(type);
      expect(
        heard.map((one) => one.type),
        `${type} is told`,
      ).toEqual([type]);
      if (agent !== undefined) expect(heard[0]).toMatchObject({ agent: { id: agent } });
    };
    await step(twin.agent.take(ticket.id, dana), 'assigned', dana.id);
    await step(twin.agent.release(ticket.id, dana), 'unassigned');
    await step(twin.agent.take(ticket.id, dana), 'assigned', dana.id);
    await step(twin.agent.take(ticket.id, kim), 'assigned', kim.id);
    await step(twin.agent.close(ticket.id, kim), 'closed');
    await step(twin.agent.reopen(ticket.id, kim), 'reopened');
  });

  it('[DK10] hears that an agent gives it back to the bot, and that is no close', async () => {
    const { desk, twin } = get();
    if (desk.can.handBack === null) return;
    const ticket = await opened(get());
    await twin.agent.take(ticket.id, twin.agents[0]);
    await hear(get(), ticket);
    await twin.agent.handBack(ticket.id, twin.agents[0], 'He only wants the invoice.');
    const heard = states(await hear(get(), ticket)).map(({ type }) => type);
    expect(heard).toContain('returned');
    // What a vendor does besides (unassign, resolve) comes after and finds the handoff ended.
    expect(heard[0]).toBe('returned');
  });

  it('[DK9] hears an agent who answers where nobody expected it: closed, unassigned', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await desk.close(ticket, 'Ended in Baton: returned_to_bot.');
    await hear(get(), ticket);
    await twin.agent.reply(ticket.id, twin.agents[1], 'One more thing');
    expect(said(await hear(get(), ticket))).toMatchObject([
      { text: 'One more thing', agent: { id: twin.agents[1].id } },
    ]);
  });

  it('[DK15] brings an agent’s files home', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const bytes = new Uint8Array([1, 2, 3, 0, 254]);
    await twin.agent.reply(ticket.id, twin.agents[0], 'See this', [
      { name: 'a b.pdf', mime: 'application/pdf', bytes },
    ]);
    const heard = said(await hear(get(), ticket));
    const [file] = heard.flatMap(({ files }) => files);
    expect(heard.map(({ text }) => text).filter((text) => text !== '')).toEqual(['See this']);
    expect(file).toMatchObject({ name: 'a b.pdf' });
    if (!file) return;
    expect([...(await desk.fetchFile(file, 1_000)).bytes]).toEqual([...bytes]);
    expect((await failureOf(desk.fetchFile(file, 3))).kind).toBe('rejected');
    const inner = { ...file, url: 'http://169.254.169.254/latest/meta-data' };
    expect((await failureOf(desk.fetchFile(inner, 1_000))).kind).toBe('rejected');
  });
}
