// One story for every place where agents work: our own console and an outside desk. What differs between them is how they learn
// of it; what customer and agents see is the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentsSide, consoleSide, twinSide } from '#test/agents-side.ts';
import { deskStage, PNG, type Stage, until } from '#test/desk-stage.ts';
import { stand } from '#test/desk-twins.ts';

const SIDES: [name: string, open: (stage: Stage) => Promise<AgentsSide>][] = [
  ['our console', consoleSide],
  ['the webhook desk', deskSide('webhook', { typing: true, tellsTyping: true })],
  ['Chatwoot', deskSide('chatwoot', { typing: true, tellsTyping: true, keepsNotes: true })],
  ['Freshchat', deskSide('freshchat', { typing: false, tellsTyping: false })],
  ['Freshdesk', deskSide('freshdesk', { typing: false, tellsTyping: false })],
  ['Intercom', deskSide('intercom', { typing: false, tellsTyping: false, keepsNotes: true })],
  ['LiveChat', deskSide('livechat', { typing: true, tellsTyping: false })],
  ['Slack', deskSide('slack', { typing: false, tellsTyping: false })],
  ['Zendesk Messaging', deskSide('zendesk-messaging', { typing: false, tellsTyping: true, untold: true })],
  ['Zendesk Support', deskSide('zendesk-support', { typing: false, tellsTyping: false })],
];

/** The twin of an outside desk, connected with the time limits that people have. */
function deskSide(kind: string, shows: AgentsSide['shows']): (stage: Stage) => Promise<AgentsSide> {
  return async (stage) => {
    const { twin, config } = await stand(kind);
    const { id, inbound } = await stage.connect(kind, 'Desk', { ...config, timeoutSeconds: 15 });
    twin.webhooks.to(inbound);
    return twinSide(id, twin, shows);
  };
}

/** How a handoff is over before its agent answers once more. */
const ENDS = ['returned', 'closed', 'cancelled'] as const;

describe.each(SIDES)('%s', (_, openSide) => {
  // In our console he takes it first: his words alone are refused.
  const ends = openSide === consoleSide ? [] : ENDS;
  let stage: Stage;
  let side: AgentsSide;
  beforeAll(async () => {
    stage = await deskStage();
    side = await openSide(stage);
    await stage.route([side.desk]);
  }, 60_000);
  afterAll(async () => {
    await side.close();
    await stage.stop();
  });

  it('[DS1] a customer is brought there with everything, both ways, and back to the bot with a note', async () => {
    const [dana] = side.agents;
    const visitor = await stage.customer();
    visitor.ask();
    await visitor.event('handoff.queued');
    const ticket = await side.ticketOf(visitor.conversation);
    const seen = side.view(ticket);
    await until(() => seen.texts().join('\n').includes('I was charged twice for order 1001'), 'the transcript');
    // Nobody has joined yet, and nobody is said to have.
    expect(visitor.socket.texts().join('\n')).not.toMatch(/connected|joined/i);
    await visitor.say('Are you there?');
    await until(() => seen.texts().includes('Are you there?'), 'the message there');

    await side.agent.take(ticket, dana);
    if (side.shows.untold) await side.agent.reply(ticket, dana, 'One moment.');
    expect((await visitor.event('handoff.accepted')).event).toMatchObject({ agent: { name: dana.name } });
    await side.agent.reply(ticket, dana, 'Hello, I am Dana.', [{ name: 'refund.png', mime: 'image/png', bytes: PNG }]);
    await visitor.hears('Hello, I am Dana.');
    const [file] = await until(() => visitor.files().length > 0 && visitor.files(), 'the file');
    expect(file).toMatchObject({ name: 'refund.png', mime: 'image/png', size: PNG.length });
    expect(new Uint8Array(await (await fetch(file?.url ?? '')).arrayBuffer())).toEqual(PNG);
    await visitor.sendFile('statement.png');
    await until(() => seen.files().includes('statement.png'), 'the file there');
    await side.agent.note(ticket, dana, 'chargeback risk');

    if (side.shows.tellsTyping) {
      await side.agent.typing(ticket, dana, true);
      await visitor.socket.next('typing', (frame) => frame.who.role === 'agent' && frame.on);
    }
    visitor.typing();
    if (side.shows.typing) await until(() => seen.typing(), 'typing there');

    await side.agent.handBack(ticket, dana, 'Refunded, he only wants the invoice.');
    expect((await visitor.event('handoff.ended')).event).toMatchObject({ outcome: 'returned_to_bot' });
    expect((await visitor.state()).control).toMatchObject({ holder: 'bot' });
    await until(() => !seen.open(), 'the end there');
    expect(JSON.stringify(visitor.socket.frames)).not.toMatch(/he only wants the invoice|chargeback/);
    if (side.shows.keepsNotes) return;
    const { items } = await stage.api('GET', `/v1/conversations/${visitor.conversation}/events?limit=500`);
    expect(JSON.stringify(items)).toContain('he only wants the invoice');
  });

  it('[DS2] put back it waits again; taken by another, closed there is closed here, and the customer can begin anew', async () => {
    const [dana, kim] = side.agents;
    const visitor = await stage.customer();
    visitor.ask();
    const ticket = await side.ticketOf(visitor.conversation);
    await side.agent.take(ticket, dana);
    if (!side.shows.untold) await visitor.event('handoff.accepted');
    await side.agent.reply(ticket, dana, 'One moment.');
    await visitor.hears('One moment.');
    await side.agent.release(ticket, dana);
    if (!side.shows.untold)
      await until(async () => (await visitor.state()).control.holder === 'queue', 'the line again');
    await side.agent.take(ticket, kim);
    if (side.shows.untold) await side.agent.reply(ticket, kim, 'I am Kim.');
    await until(async () => (await visitor.state()).control.agent?.name === kim.name, 'the other agent');
    await side.agent.reply(ticket, kim, 'Done.');
    await side.agent.close(ticket, kim);
    await visitor.event('conversation.closed');
    await visitor.say('Thanks! One more thing');
    expect((await visitor.state()).control).toMatchObject({ holder: 'bot' });
  });

  it.each(ends)('[DS6] an agent who answers after it was %s has control, and what was said since', async (end) => {
    const [dana] = side.agents;
    const visitor = await stage.customer();
    visitor.ask();
    const ticket = await side.ticketOf(visitor.conversation);
    await visitor.event('handoff.queued');
    const seen = side.view(ticket);
    if (end === 'cancelled') visitor.cancel();
    else {
      await side.agent.take(ticket, dana);
      await side.agent.reply(ticket, dana, 'Back to our assistant.');
      await visitor.hears('Back to our assistant.');
      if (end === 'closed') await side.agent.close(ticket, dana);
      else await side.agent.handBack(ticket, dana);
    }
    await visitor.event(end === 'closed' ? 'conversation.closed' : 'handoff.ended');
    await until(() => !seen.open(), 'the end there');
    const asked = 'What are your opening hours?';
    if (end !== 'closed') {
      const heard = visitor.socket.frames.length;
      await visitor.say(asked);
      await until(() => visitor.bots(heard) > 0, 'the bot');
    }
    await side.agent.reply(ticket, dana, 'Sorry, I am back on this.');
    await visitor.hears('Sorry, I am back on this.');
    const held = { holder: 'agent', agent: { name: dana.name } };
    expect((await visitor.state()).control).toMatchObject(held);
    const before = visitor.socket.frames.length;
    await visitor.say('Great, I have a question for you.');
    await until(() => seen.texts().includes('Great, I have a question for you.'), 'the question there');
    if (end !== 'closed') expect(seen.texts().filter((text) => text.includes(asked))).toHaveLength(1);
    await side.agent.reply(ticket, dana, 'Ask me.');
    await visitor.hears('Ask me.');
    expect((await visitor.state()).control).toMatchObject(held);
    expect(visitor.bots(before)).toBe(0);
  });
});
