import { type Command, type Conversation, decide, defaultRules, evolve, type Logged } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { commandsFor, type DeskNews, type Place } from './desk-commands.ts';

const RULES = { ...defaultRules('que_1'), queues: { que_1: { desks: ['int_desk' as const, null], limits: {} } } };
const DANA = { id: 'a1', name: 'Dana' };
const KIM = { id: 'a2', name: 'Kim' };

/** What a desk says, without where and which. */
type News = DeskNews extends infer N ? (N extends DeskNews ? Omit<N, 'ticket' | 'key'> : never) : never;

/** A conversation whose commands are decided by the core, as the ledger does it. */
function side() {
  let state: Conversation | null = null;
  let made = 0;
  const log: Logged[] = [];
  const commit = (command: Command): boolean => {
    const decided = decide(
      state,
      { ...command, key: `k${++made}` },
      { at: made * 1_000, newId: (prefix) => `${prefix}_${++made}`, rules: RULES },
    );
    if (!('events' in decided)) return false;
    for (const logged of decided.events as Logged[]) {
      log.push(logged);
      state = evolve(state, logged);
    }
    return true;
  };
  const now = () => state as unknown as Conversation;
  commit({ type: 'open', id: 'cnv_1', workspace: 'wsp_1', channel: 'int_web', customer: 'cus_1', bot: 'int_bot' });
  const ask = () => {
    commit({ type: 'request-handoff', by: { role: 'customer', id: 'cus_1' }, reason: 'customer_asked' });
    const handoff = now().handoff?.id ?? 'hnd_none';
    commit({ type: 'acknowledge', handoff, desk: 'int_desk', ticket: { id: handoff }, outlook: null });
    return handoff;
  };
  const hear = (news: News, handoff: Place['handoff'], overtaken = false) => {
    const place: Place = { desk: 'int_desk', handoff, ticket: { id: handoff }, overtaken };
    for (const command of commandsFor(now(), place, { ...news, ticket: handoff, key: 'k' } as DeskNews, []))
      commit(command);
  };
  const words = () =>
    log.flatMap(({ event }) =>
      event.type === 'message' && event.message.author.role === 'agent'
        ? event.message.parts.map((part) => (part.type === 'text' ? part.text : ''))
        : [],
    );
  return { ask, hear, now, words, commit };
}

const said = (text: string, agent = DANA): News => ({ type: 'agent.said', agent, text, files: [] });

describe('what a desk tells', () => {
  it('[DS11] whoever answers has control, waiting or with the bot or closed', () => {
    const { ask, hear, now, words } = side();
    const handoff = ask();
    hear(said('Hello'), handoff);
    expect(now().control).toMatchObject({ holder: 'agent', agent: { id: 'a1', desk: 'int_desk' } });
    hear(said('I take over', KIM), handoff);
    expect(now().control).toMatchObject({ agent: { id: 'a2' } });
    hear({ type: 'returned', agent: KIM }, handoff);
    expect(now().control.holder).toBe('bot');
    hear(said('One more thing'), handoff);
    expect(now().control).toMatchObject({ agent: { id: 'a1' } });
    hear({ type: 'closed', agent: DANA }, now().handoff?.id ?? 'hnd_none');
    expect(now().status).toBe('closed');
    hear(said('And another'), now().ended?.id ?? 'hnd_none');
    expect(now()).toMatchObject({ status: 'open', control: { agent: { id: 'a1' } } });
    expect(words()).toEqual(['Hello', 'I take over', 'One more thing', 'And another']);
  });

  it('[DS11] words that come after the end that they belong before are brought, and it stays the end', () => {
    const { ask, hear, now, words } = side();
    const handoff = ask();
    hear(said('Hello'), handoff);
    hear({ type: 'returned', agent: DANA }, handoff);
    hear(said('Back to our assistant.'), handoff, true);
    expect(now().control.holder).toBe('bot');
    const again = ask();
    hear(said('Hello again'), again);
    hear({ type: 'closed', agent: DANA }, again);
    hear(said('Good bye.'), again, true);
    expect(now().status).toBe('closed');
    expect(words()).toEqual(['Hello', 'Back to our assistant.', 'Hello again', 'Good bye.']);
  });

  it('[DS11] what is older than what is known moves nothing', () => {
    const { ask, hear, now } = side();
    const handoff = ask();
    hear({ type: 'assigned', agent: KIM }, handoff);
    hear({ type: 'assigned', agent: DANA }, handoff, true);
    hear({ type: 'unassigned' }, handoff, true);
    hear({ type: 'closed', agent: DANA }, handoff, true);
    expect(now().control).toMatchObject({ agent: { id: 'a2' } });
    hear(said('Late words of the one before'), handoff, true);
    expect(now().control).toMatchObject({ agent: { id: 'a2' } });
  });

  it('[DS11] an old ticket moves nothing in a new handoff, but its words are brought', () => {
    const { ask, hear, now, words } = side();
    const old = ask();
    hear({ type: 'returned', agent: DANA }, old);
    const next = ask();
    for (const type of ['closed', 'returned', 'assigned'] as const) hear({ type, agent: DANA } as News, old);
    expect(now()).toMatchObject({ handoff: { id: next, phase: 'queued' }, control: { holder: 'queue' } });
    hear(said('About the old one'), old);
    expect(now().control.holder).toBe('queue');
    expect(words()).toEqual(['About the old one']);
  });

  it('[DS11] a desk that was left moves nothing, though the handoff is the same', () => {
    const { ask, hear, now, words, commit } = side();
    const handoff = ask();
    hear(said('Hello'), handoff);
    commit({ type: 'take', agent: { id: 'agt_1', name: 'Robin' }, force: true });
    for (const type of ['closed', 'returned', 'assigned', 'unassigned'] as const)
      hear({ type, agent: DANA } as News, handoff);
    hear(said('By the way'), handoff);
    expect(now().control).toMatchObject({ holder: 'agent', agent: { id: 'agt_1' } });
    expect(words()).toEqual(['Hello', 'By the way']);
  });

  it('[DS11] closed or given back before anybody answered, the customer is not left with nothing', () => {
    for (const type of ['closed', 'returned'] as const) {
      const { ask, hear, now } = side();
      hear({ type, agent: null } as News, ask());
      expect(now()).toMatchObject({ status: 'open', control: { holder: 'bot' }, handoff: null });
    }
  });
});
