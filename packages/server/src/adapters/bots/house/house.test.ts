import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionsOf, botContract, quietly, returnedTurn, turn, wordsOf } from '#adapters/contracts/bot.contract.ts';
import { loadArticles } from '#hub/load-articles.ts';
import { guardedFetch } from '#kit/guard.ts';
import type { BotDeps } from '#ports/adapter.ts';
import type { Articles } from '#ports/articles.ts';
import type { Bot, BotAction, BotTurn, HistoryItem } from '#ports/bot.ts';
import { articlesOf } from '#store/articles.ts';
import { type TestDatabase, testDatabase } from '#test/database.ts';
import { house } from './index.ts';
import { startModelTwin } from './twin.ts';

const DEMO = fileURLToPath(new URL('../../../../../../demo/', import.meta.url));
const log = { debug() {}, info() {}, warn() {}, error() {} };

let database: TestDatabase;
let pool: pg.Pool;
let articles: Articles;
let bot: Bot;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString });
  await pool.query("insert into workspaces (id, name) values ('wsp_1', 'Ambleton')");
  await loadArticles(pool, 'wsp_1', `${DEMO}articles`, log);
  articles = articlesOf(pool, 'wsp_1', () => 0);
  bot = house.create({}, deps(fetch));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function deps(fetch: typeof globalThis.fetch): BotDeps {
  return {
    id: 'int_house',
    name: 'Robin',
    articles,
    world: { now: () => 0, newId: (prefix) => `${prefix}_1`, fetch, log },
  };
}

botContract('the house bot without a model', {
  outside: false,
  question: 'how long does express delivery take?',
  create: async () => ({ bot, close: async () => {} }),
});

botContract('the house bot with a model', {
  outside: true,
  question: 'how long does express delivery take?',
  async create(timeoutSeconds) {
    const net = guardedFetch('loopback');
    const twin = await startModelTwin();
    const model = { baseUrl: twin.baseUrl, apiKey: 'sk-twin', timeoutSeconds };
    return {
      bot: house.create({ about: 'Ambleton, a shop for things for the home', model }, deps(net.fetch)),
      twin: { fault: twin.fault, told: () => JSON.stringify(twin.asked.at(-1)?.messages) },
      async close() {
        await twin.close();
        await net.close();
      },
    };
  },
});

/** A conversation with the bot: says each line in turn and gives what the bot answered to each. `Dana: ...` is an agent. */
async function talk(...lines: (string | Partial<BotTurn>)[]): Promise<BotAction[][]> {
  const history: HistoryItem[] = [];
  const answers: BotAction[][] = [];
  let seq = 0;
  let fallbacks = 0;
  for (const line of lines) {
    seq++;
    if (typeof line === 'string' && line.startsWith('Dana: ')) {
      history.push({ seq, role: 'agent', name: 'Dana', text: line.slice(6) });
      continue;
    }
    const asked =
      typeof line === 'string'
        ? turn(line, seq)
        : {
            ...turn(line.message?.text ?? '', seq),
            ...line,
            message: line.message === undefined ? turn('', seq).message : line.message && { ...line.message, seq },
          };
    const actions = actionsOf(await bot.answer({ ...asked, history: [...history], fallbacks }, quietly()));
    answers.push(actions);
    if (asked.message) history.push({ seq, role: 'customer', text: asked.message.text });
    for (const action of actions) {
      if (action.type !== 'say') continue;
      seq++;
      history.push({ seq, role: 'bot', text: wordsOf([action]) });
      fallbacks = action.report?.fallback ? fallbacks + 1 : 0;
    }
  }
  return answers;
}

function reportOf(actions: readonly BotAction[] | undefined) {
  const say = actions?.find((action) => action.type === 'say');
  return say?.type === 'say' ? (say.report ?? {}) : {};
}

function choicesOf(actions: readonly BotAction[] | undefined): { id: string; label: string }[] {
  return (actions ?? [])
    .flatMap((action) => (action.type === 'say' ? action.parts : []))
    .flatMap((part) => (part.type === 'choices' ? part.choices : []));
}

describe('the house bot without a model', () => {
  it('[BT30] answers with the passage that fits, and tells staff where it is from', async () => {
    const [answer] = await talk('Hi there, quick question: can I put the cast iron pan in the dishwasher?');
    expect(wordsOf(answer ?? [])).toContain('Never put it in the dishwasher');
    expect(reportOf(answer)).toMatchObject({
      intent: 'article',
      sources: [{ title: 'How to care for your things: Cast iron' }],
    });
    expect(reportOf(answer).fallback).toBeUndefined();
  });

  it('[BT30] understands slips of the pen', async () => {
    const [answer] = await talk('how can i cancle my odrer');
    expect(wordsOf(answer ?? [])).toContain('You can cancel an order yourself');
  });

  it('[BT30] answers two questions in one message', async () => {
    const [answer] = await talk('How much is express delivery? And do you take paypal?');
    expect(wordsOf(answer ?? [])).toContain('£7.95');
    expect(wordsOf(answer ?? [])).toContain('PayPal');
  });

  it('[BT30] understands what leans on the question before', async () => {
    const [, answer] = await talk('what does delivery cost?', 'and to ireland?');
    expect(wordsOf(answer ?? [])).toContain('£12.95');
  });

  it('[BT31] says that it does not know, and the second time asks whether to fetch a person', async () => {
    const [first, second] = await talk('do you have gluten free pizza', 'who won the football yesterday');
    expect(wordsOf(first ?? [])).toMatch(/don't know|found nothing/);
    expect(reportOf(first).fallback).toBe(true);
    expect(choicesOf(first)).toEqual([]);
    expect(reportOf(second).fallback).toBe(true);
    expect(choicesOf(second).map(({ id }) => id)).toEqual(['handoff:yes', 'handoff:no']);
  });

  it('[BT31] hands off when its own question is answered with yes, and stays with no', async () => {
    const [, , yes] = await talk('gluten free pizza', 'who won the football', 'yes please');
    expect(yes).toMatchObject([
      { type: 'handoff', reason: 'customer_asked', summary: expect.stringContaining('gluten free pizza') },
    ]);
    const [, , no] = await talk('gluten free pizza', 'who won the football', 'no thanks');
    expect(wordsOf(no ?? [])).toMatch(/^All right/);
  });

  it('[BT31] does not ask again at once', async () => {
    const [, , third] = await talk('gluten free pizza', 'who won the football', 'is it going to rain');
    expect(choicesOf(third)).toEqual([]);
    expect(reportOf(third).fallback).toBe(true);
  });

  it('[BT32] never says the same passage twice in a row', async () => {
    const [first, second] = await talk('where is my order?', 'where is my order??');
    expect(reportOf(first).intent).toBe('article');
    expect(reportOf(second)).toMatchObject({ intent: 'repeated', fallback: true });
    expect(wordsOf(second ?? [])).not.toContain('tracking link');
    expect(choicesOf(second).map(({ id }) => id)).toContain('handoff:yes');
  });

  it('[BT33] quotes what a person told this customer rather than the general rule', async () => {
    const [answer] = await talk(
      'Dana: I have refunded the second charge. You will see it within 5 days.',
      'when do I get my refund?',
    );
    expect(wordsOf(answer ?? [])).toBe(
      'Dana told you: “I have refunded the second charge. You will see it within 5 days.”',
    );
  });

  it('[BT33] quotes once, and not where an article fits the question better', async () => {
    const dana = 'Dana: I have refunded the second charge to your card.';
    const [, again] = await talk(dana, 'when do I get my refund?', 'when do I get my refund?');
    expect(reportOf(again).intent).not.toBe('told_before');
    const [amex] = await talk(dana, 'do you take amex card');
    expect(wordsOf(amex ?? [])).toContain('American Express');
  });

  it('[BT33] answers another question from the articles', async () => {
    const [answer] = await talk('Dana: I have refunded the second charge.', 'how do I wash linen sheets?');
    expect(reportOf(answer).intent).toBe('article');
  });

  it.each([
    ['hi', /^Hello Ada/],
    ['HELLO!!! good morning', /^Hello/],
    ['thank you so much drew', /welcome|pleasure/i],
    ['ok thanks, bye', /^Goodbye/],
    ['are you a real person?', /I'm a bot/],
    ['who am i talking to', /Robin/],
    ['no thats all', /^All right/],
    ['👍', /glad|thank/i],
    ['lol', /help/],
  ])('[BT34] answers "%s" as small talk, which is no fallback', async (said, reply) => {
    const [answer] = await talk(said);
    expect(wordsOf(answer ?? [])).toMatch(reply);
    expect(reportOf(answer).fallback).toBeUndefined();
  });

  it('[BT34] shows what can be asked', async () => {
    const [answer] = await talk('what can you do?');
    const [choice] = choicesOf(answer);
    const [picked] = await talk({
      message: { id: 'msg_1', seq: 1, text: choice?.label ?? '', parts: [], choice: choice?.id ?? '' },
    });
    expect(reportOf(picked).sources).toEqual([{ title: choice?.label }]);
  });

  it('[BT34] does not pretend to look things up', async () => {
    for (const said of ['AM204518', 'my order number is 204518', 'ada@example.org']) {
      const [answer] = await talk(said);
      expect(reportOf(answer)).toMatchObject({ intent: 'reference', fallback: true });
      expect(choicesOf(answer).map(({ id }) => id)).toContain('handoff:yes');
    }
  });

  it('[BT35] asks which is meant when it is not sure', async () => {
    const [answer] = await talk('how do I change my seat on the plane');
    expect(reportOf(answer)).toMatchObject({ intent: 'unsure', fallback: true });
    expect(choicesOf(answer).at(-1)).toEqual({ id: 'article:none', label: 'None of these' });
  });

  it('[BT35] says that it does not read other scripts or files', async () => {
    const [foreign] = await talk('где мой заказ?');
    expect(wordsOf(foreign ?? [])).toContain('only understand English');
    const file = {
      type: 'file' as const,
      file: { id: 'fil_1' as const, name: 'a.png', mime: 'image/png', size: 1, url: '/f' },
    };
    const [photo] = await talk({ message: { id: 'msg_1', seq: 1, text: '[a.png]', parts: [file] } });
    expect(wordsOf(photo ?? [])).toContain("can't look at files");
  });

  it('[BT18] says what is meant to be said, in its own voice', async () => {
    const whispers = ['Say: Your parcel is at the depot.', 'he is a regular'];
    const [answer] = await talk({ ...turn('where is it?'), whispers });
    expect(wordsOf(answer ?? [])).toBe('Your parcel is at the depot.');
  });

  it('[BT18] takes any other whisper as a hint of the subject', async () => {
    const [without] = await talk({ ...turn('and how much is that?') });
    const [hinted] = await talk({ ...turn('and how much is that?'), whispers: ['he means express delivery'] });
    expect(reportOf(without).fallback).toBe(true);
    expect(wordsOf(hinted ?? [])).toContain('£7.95');
  });

  it('[BT39] repeats only promises that the customer was told', async () => {
    const [answer] = await talk(returnedTurn());
    expect(wordsOf(answer ?? [])).toContain('within 5 days');
    const { returned } = returnedTurn();
    const cancelled = returned && {
      ...returned,
      outcome: 'cancelled_by_customer' as const,
      agent: null,
      said: [],
      promised: [],
    };
    expect((await talk({ ...returnedTurn(), returned: cancelled }))[0]).toEqual([{ type: 'noop' }]);
  });

  it('[BT36] finds the article for what people really ask, and is silent about everything else', async () => {
    const tally = {
      right: 0,
      asked: 0,
      unknown: 0,
      wrong: [] as string[],
      offTopic: 0,
      answeredOffTopic: [] as string[],
    };
    for (const line of readFileSync(`${DEMO}questions.txt`, 'utf8').split('\n')) {
      const [expected, question] = line.split(' | ');
      if (line.startsWith('#') || expected === undefined || question === undefined) continue;
      const [answer] = await talk(question);
      const { intent, sources } = reportOf(answer);
      if (expected === '-') {
        tally.offTopic++;
        if (intent === 'article') tally.answeredOffTopic.push(question);
        continue;
      }
      const titles = await Promise.all(
        expected.split(',').map(async (path) => (await articles.read(`${path}.md`, null))?.title ?? path),
      );
      const fits = (title: string) => titles.some((one) => title === one || title.startsWith(`${one}: `));
      if (intent === 'article' && sources?.some(({ title }) => fits(title))) tally.right++;
      else if (intent === 'article') tally.wrong.push(question);
      else if (choicesOf(answer).length > 0) tally.asked++;
      else tally.unknown++;
    }
    const asked = tally.right + tally.asked + tally.unknown + tally.wrong.length;
    expect(asked).toBeGreaterThan(150);
    expect(tally.right / asked, JSON.stringify(tally)).toBeGreaterThan(0.85);
    expect(tally.wrong.length / asked, JSON.stringify(tally)).toBeLessThan(0.05);
    expect(tally.answeredOffTopic.length / tally.offTopic, JSON.stringify(tally)).toBeLessThan(0.1);
  });
});
