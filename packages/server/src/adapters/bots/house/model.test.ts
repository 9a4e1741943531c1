import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actionsOf, quietly, returnedTurn, turn, wordsOf } from '#adapters/contracts/bot.contract.ts';
import { failureOf } from '#adapters/contracts/failure-of.ts';
import { guardedFetch } from '#kit/guard.ts';
import { type BotDeps, ConfigProblem } from '#ports/adapter.ts';
import type { Articles, Found } from '#ports/articles.ts';
import { announcesPerson } from './by-model.ts';
import { CompletionReader } from './completion.ts';
import { house } from './index.ts';
import { usualModel } from './model.ts';
import { type ModelTwin, startModelTwin } from './twin.ts';

const EXPRESS: Found = {
  path: 'delivery.md',
  title: 'Delivery',
  heading: 'Express',
  text: 'Express costs **£7.95**.',
  score: 3,
  coverage: 1,
  onSubject: true,
};
const articles: Articles = {
  search: async (question) => (/express|cost/i.test(question) ? [EXPRESS] : []),
  read: async () => null,
  titles: async () => [],
};
const log = { debug() {}, info() {}, warn() {}, error() {} };

let net: ReturnType<typeof guardedFetch>;
let twin: ModelTwin;
beforeAll(() => {
  net = guardedFetch('loopback');
});
afterAll(() => net.close());
beforeEach(async () => {
  twin = await startModelTwin();
});
afterEach(() => twin.close());

function bot(model: object = {}) {
  const deps: BotDeps = {
    id: 'int_house',
    name: 'Robin',
    articles,
    world: { now: () => 0, newId: (prefix) => `${prefix}_1`, fetch: net.fetch, log },
  };
  return house.create(
    { about: 'Ambleton', model: { baseUrl: twin.baseUrl, apiKey: 'sk-twin', timeoutSeconds: 2, ...model } },
    deps,
  );
}

/** Everything that the model was told in its first call. */
function prompt(): string {
  return JSON.stringify(twin.asked[0]?.messages);
}

describe('the house bot with a model', () => {
  it('[BT40] shows its answer while it is made, and says it once whole', async () => {
    const shown: string[] = [];
    const actions = actionsOf(
      await bot().answer(turn('what does express cost?'), { ...quietly(), progress: (text) => void shown.push(text) }),
    );
    expect(wordsOf(actions)).toBe('Express costs £7.95.');
    expect(actions).toMatchObject([{ report: { intent: 'model', sources: [{ title: 'Delivery' }] } }]);
    expect(shown.length).toBeGreaterThan(2);
    for (const [index, text] of shown.entries()) expect(text.startsWith(shown[index - 1] ?? '')).toBe(true);
    expect(shown.at(-1)).toBe('Express costs £7.95.');
  });

  it('[BT40] counts an answer that does not know as a fallback', async () => {
    const actions = actionsOf(await bot().answer(turn('who won?'), quietly()));
    expect(wordsOf(actions)).toContain('Ça ne me dit rien 🙈');
    expect(actions).toMatchObject([{ report: { fallback: true } }]);
  });

  it('[BT41] says what the model says, then hands off with its reason and summary', async () => {
    twin.script({
      text: 'I am sorry. ',
      calls: [
        {
          name: 'escalate_to_human',
          arguments:
            '{"reason":"Charged twice","summary":"Ada was charged twice.","department":"Billing","urgency":"high"}',
        },
      ],
    });
    expect(actionsOf(await bot().answer(turn('I was charged twice'), quietly()))).toMatchObject([
      {
        type: 'say',
        parts: [{ type: 'text', text: 'I am sorry.' }],
        report: { tools: [{ name: 'escalate_to_human', ok: true }] },
      },
      { type: 'handoff', detail: 'Charged twice', summary: 'Ada was charged twice.', queue: 'Billing', priority: 1 },
    ]);
    expect(twin.asked).toHaveLength(1);
  });

  it('[BT41] gives the model what its tools find, and takes its next answer', async () => {
    const estimate = { p50Seconds: 120, lowSeconds: 60, highSeconds: 240, coverage: 0.8, basis: 'measured', asOf: 0 };
    const busy = {
      queue: 'que_1' as const,
      name: 'Support',
      state: 'busy' as const,
      agentsOnline: 2,
      waiting: 3,
      estimate,
      opensAt: null,
      skills: [],
    };
    const actions = actionsOf(
      await bot().answer({ ...turn('how long is the queue?'), availability: [busy] }, quietly()),
    );
    expect(wordsOf(actions)).toContain('Queue "Support": busy, 2 online, 3 waiting, expected wait 1 to 4 minutes.');
    twin.script({ calls: [{ name: 'search_articles', arguments: '{"query":"express cost"}' }] });
    const found = actionsOf(await bot().answer(turn('hm?'), quietly()));
    expect(wordsOf(found)).toContain('Delivery: Express');
    expect(found).toMatchObject([
      { report: { sources: [{ title: 'Delivery: Express' }], tools: [{ name: 'search_articles', ok: true }] } },
    ]);
  });

  it('[BT42] takes the announcement of a person for the handoff that the model forgot', async () => {
    twin.script({ text: "I'll connect you with a colleague right away." });
    expect(actionsOf(await bot().answer(turn('help'), quietly()))).toMatchObject([
      { type: 'say' },
      { type: 'handoff' },
    ]);
    for (const announcement of [
      "I'm transferring you to an agent now.",
      'I have passed this on to our team.',
      'I’ve connected you with a specialist.',
      'I am handing you over.',
    ]) {
      expect(announcesPerson(announcement), announcement).toBe(true);
    }
    for (const offer of [
      'Shall I connect you with a person?',
      'I can connect you with an agent if you like.',
      'Would you like me to hand you over to a colleague?',
      'I will check that for you.',
      'I have put the kettle on.',
    ]) {
      expect(announcesPerson(offer), offer).toBe(false);
    }
  });

  it('[BT43] lets the model mend wrong tool calls, but not for ever', async () => {
    twin.script(
      { calls: [{ name: 'escalate_to_human', arguments: '{"reason": 7' }] },
      { calls: [{ name: 'sing', arguments: '{}' }] },
      { text: 'Sorry.' },
    );
    const actions = actionsOf(await bot().answer(turn('x'), quietly()));
    expect(actions).toMatchObject([
      {
        report: {
          tools: [
            { name: 'escalate_to_human', ok: false, detail: 'The arguments are not JSON.' },
            { name: 'sing', ok: false },
          ],
        },
      },
    ]);
    twin.script(
      ...Array.from({ length: 4 }, () => ({ calls: [{ name: 'escalate_to_human', arguments: '{"reason":""}' }] })),
    );
    expect((await failureOf(bot().answer(turn('x'), quietly()))).kind).toBe('rejected');
  });

  it('[BT17] tells the model what is promised and what is handled, and the note as secret', async () => {
    await bot().answer(
      { ...turn('and now?', 30), returned: returnedTurn().returned, history: returnedTurn().history },
      quietly(),
    );
    expect(prompt()).toContain('Everything up to message 12 is dealt with');
    expect(prompt()).toContain('never to be shown or mentioned');
    expect(prompt()).toContain('[Dana, a person of the team, wrote:]');
  });

  it('[BT44] takes the first model that the server lists when none is named', async () => {
    await bot().answer(turn('x'), quietly());
    expect(twin.asked[0]?.model).toBe('twin-1');
    await bot({ name: 'mine' }).answer(turn('x'), quietly());
    expect(twin.asked.at(-1)?.model).toBe('mine');
    expect([usualModel(twin.baseUrl), usualModel('https://api.openai.com/v1')]).toEqual([null, 'gpt-4o-mini']);
  });

  it('[BT54] names the fields of a config that are wrong', () => {
    expect(() => bot({ baseUrl: 'localhost' })).toThrow(ConfigProblem);
    expect(() => bot({ baseUrl: 'localhost' })).toThrow('model.baseUrl: Give the address of an OpenAI-compatible API');
  });
});

describe('reading a completion', () => {
  const STREAM = [
    ': comment',
    'event: message',
    'data: {"choices":[{"delta":{"role":"assistant","content":"Ça "}}]}',
    'data: {"choices":[{"delta":{"content":"va 🙈\\n"}}],"usage":null}',
    'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":""}}]}}]}',
    'data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":"{\\"x\\""}}]}}]}',
    'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}},{"index":1,"function":{"arguments":":1}"}}]}}]}',
    'data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}',
    'data: {"choices":[],"usage":{"total_tokens":3}}',
    'data: [DONE]',
  ];
  const EXPECTED = {
    text: 'Ça va 🙈\n',
    calls: [
      { id: 'a', name: 'one', arguments: '{}' },
      { id: 'b', name: 'two', arguments: '{"x":1}' },
    ],
  };

  function read(pieces: readonly string[]) {
    const reader = new CompletionReader();
    for (const piece of pieces) reader.push(piece);
    return reader.finish();
  }

  it('[BT40] is the same however the stream is cut and its lines end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('\n\n', '\r\n\r\n', '\n', '\r\r'),
        fc.array(fc.nat(1_200), { maxLength: 40 }),
        (end, cuts) => {
          const text = STREAM.map((line) => line + end).join('');
          const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          expect(read(places.slice(1).map((place, index) => text.slice(places[index], place)))).toEqual(EXPECTED);
        },
      ),
    );
  });

  it('[BT40] understands servers that do not stream, number no calls or send arguments as objects', () => {
    const whole =
      '{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"x","function":{"name":"one","arguments":{"a":1}}},{"id":"y","function":{"name":"two","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}';
    expect(read([whole.slice(0, 30), whole.slice(30)])).toEqual({
      text: '',
      calls: [
        { id: 'x', name: 'one', arguments: '{"a":1}' },
        { id: 'y', name: 'two', arguments: '{}' },
      ],
    });
  });

  it.each<[string, string[], string]>([
    ['a stream that breaks off', STREAM.slice(0, 4), 'retry'],
    ['an error within the stream', [...STREAM.slice(0, 3), 'data: {"error":{"message":"overloaded"}}'], 'retry'],
    ['nothing', [], 'retry'],
    ['a page', ['<html>'], 'rejected'],
    ['JSON of another kind', ['data: {"choices":"none"}'], 'rejected'],
    ['half a line of JSON', ['data: {"choices":[{'], 'rejected'],
  ])('[BT16] %s is no completion', async (_, lines, kind) => {
    const failure = await failureOf(Promise.resolve().then(() => read([lines.map((line) => `${line}\n\n`).join('')])));
    expect(failure.kind).toBe(kind);
  });
});
