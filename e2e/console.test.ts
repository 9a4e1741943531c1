// The agent's console in a real browser on the real server: what single screens do. The whole story is in story.test.ts.
import type { Workspace } from '@baton/protocol';
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from './console/faults.ts';
import { Visitor } from './console/visitor.ts';
import type { Desk } from './story/desk.ts';
import { StoryStage } from './story/stage.ts';

let stage: StoryStage;
/** Of a system that may end any conversation. */
let key: string;
/** Windows and visitors of a test, closed after it. */
const open: { close(): Promise<void> | void }[] = [];

beforeAll(async () => {
  stage = await StoryStage.set();
  // Nothing is offered to an agent who only looks on.
  await stage.client.write('PATCH', '/v1/workspace', stage.admin, { rules: { limits: { offerSeconds: 300 } } });
  const made = await stage.client.write<{ key: string }>('POST', '/v1/keys', stage.admin, {
    name: 'test',
    scopes: ['conversations:write'],
  });
  key = made.key;
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  expect(stage.faults.splice(0)).toEqual([]);
});
afterAll(() => stage?.clear());

/** A busy machine may take its time. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

async function desk(name = 'Dana', options?: BrowserContextOptions): Promise<Desk> {
  const made = await stage.desk(name, options);
  open.push({ close: () => made.context.close() });
  return made;
}

async function visitor(): Promise<Visitor> {
  const made = await Visitor.comes(stage.client, stage.server.site);
  open.push({ close: () => made.leaves() });
  return made;
}

/** A page that nobody is logged in to. */
async function freshPage(): Promise<Page> {
  const context = await stage.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  open.push({ close: () => context.close() });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => stage.faults.push(error.message));
  return page;
}

/** An agent who holds this visitor's conversation, with the field ready. */
async function holding(one: Visitor, agent: Desk): Promise<void> {
  await agent.show('All open');
  await agent.row(one.name).click();
  await agent.press('Take over');
  await agent.box.waitFor();
}

async function waitingVisitor(words = 'Let me talk to a person, please'): Promise<Visitor> {
  const one = await visitor();
  await one.say(words);
  await one.until('queue');
  return one;
}

/** Ends what a test left open, whoever holds it, so that it is offered to nobody in the next one. */
async function finish(one: Visitor): Promise<void> {
  const answer = await fetch(`${stage.server.url}/v1/conversations/${one.conversation}/close`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(200);
}

describe('login', () => {
  const enter = async (page: Page, password: string) => {
    await page.getByRole('textbox', { name: 'Email' }).fill(stage.server.owner.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  };

  test('[CN27] leads back to where one wanted to go, and after the logout nothing is left to see', async () => {
    const page = await freshPage();
    await page.goto(`${stage.server.url}/console/inbox/bot`);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Enter your email and your password.').waitFor();
    await enter(page, 'not the password');
    await page.getByText('This email and password do not belong together.').waitFor();
    await enter(page, stage.server.owner.password);
    await page.getByRole('heading', { name: 'With the bot', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Presence and account/ }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to Baton' }).waitFor();
    await page.goto(`${stage.server.url}/console/inbox/queue`);
    await page.getByRole('heading', { name: 'Log in to Baton' }).waitFor();
  });

  test('[CN27] guessing is slowed down, and the wait is named', async () => {
    const page = await freshPage();
    await page.goto(`${stage.server.url}/console/`);
    for (let guess = 0; guess < 6; guess++) {
      await page.getByRole('textbox', { name: 'Email' }).fill('nobody@example.com');
      await page.getByRole('textbox', { name: 'Password' }).fill(`guess ${guess}`);
      const answer = page.waitForResponse(
        (response) => response.url().endsWith('/v1/session') && response.request().method() === 'POST',
      );
      await page.getByRole('button', { name: 'Log in' }).click();
      await answer;
    }
    await page.getByText(/Too many attempts\. Try again in \d+ minutes\./).waitFor();
  });

  test('[CN27] a session that ends elsewhere leads to the login, which says so', async () => {
    const page = await freshPage();
    await page.goto(`${stage.server.url}/console/`);
    await enter(page, stage.server.owner.password);
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.context().clearCookies();
    // A list may be known already; a report is asked for. If something else was asked first, the login is there already.
    const reports = page.getByRole('link', { name: 'Reports' });
    const ended = page.getByText('Your session has ended.');
    await reports.or(ended).first().waitFor();
    if (await reports.isVisible()) await reports.click({ timeout: 5_000 }).catch(() => {});
    await ended.waitFor();
  });
});

describe('lists', () => {
  test('[CN28] a conversation appears, moves and leaves without a reload; an empty list says what belongs there', async () => {
    const dana = await desk();
    await dana.be('Away', 3);
    await dana.show('Queue');
    await dana.page.getByText('You are away: nothing is offered to you.').first().waitFor();
    await dana.show('With the bot');
    const one = await visitor();
    await one.say('How long does delivery take?');
    await dana.row(one.name).waitFor();
    await dana.page.getByRole('link', { name: /^With the bot.*1/ }).waitFor();
    await one.say('I want to talk to a person');
    await dana.row(one.name).waitFor({ state: 'hidden' });
    await dana.show('Queue');
    await dana.row(one.name).getByText('Asked for a person').waitFor();
    await dana
      .row(one.name)
      .getByText(/^\d+:\d\d$/)
      .waitFor();
    await finish(one);
    await dana.row(one.name).waitFor({ state: 'hidden' });
    await dana.show('Closed');
    await dana.row(one.name).waitFor();
    await dana.page.getByRole('textbox', { name: 'Filter: Closed' }).fill('nobody of this name');
    await dana.page.getByText('Nothing matches').waitFor();
  });

  test('[CN23] keys walk through lists and conversations, and are letters where one types', async () => {
    const [one, two] = [await visitor(), await visitor()];
    // One after the other, each with its answer: what moved last stands first.
    await one.say('How do I return something?');
    await one.answered();
    await two.say('Do you deliver to Norway?');
    await two.answered();
    const dana = await desk();
    const { keyboard } = dana.page;
    await keyboard.press('g');
    await keyboard.press('b');
    await dana.page.getByRole('heading', { name: 'With the bot', level: 1 }).waitFor();
    await dana.row(two.name).waitFor();
    await keyboard.press('j');
    await dana.page.getByRole('region', { name: two.name }).waitFor();
    await keyboard.press('j');
    await dana.page.getByRole('region', { name: one.name }).waitFor();
    await keyboard.press('k');
    await dana.page.getByRole('region', { name: two.name }).waitFor();
    await keyboard.press('n');
    await keyboard.type('jkt are letters here');
    await eventually(() => dana.page.getByRole('textbox', { name: /^A note for your team/ }).inputValue()).toBe(
      'jkt are letters here',
    );
    await keyboard.press('Escape');
    await keyboard.press('Control+k');
    await keyboard.type('take');
    await keyboard.press('Enter');
    await dana.box.waitFor();
    await keyboard.press('Escape');
    await keyboard.press('?');
    await dana.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Return to bot').waitFor();
    await keyboard.press('Escape');
    await finish(one);
    await finish(two);
  });
});

describe('offers', () => {
  test('[CN29] an offer shows who, why and since when; A accepts and leads to the reply', async () => {
    const dana = await desk();
    await dana.be('Online', 3);
    const one = await waitingVisitor('This is ridiculous. Let me talk to a human!');
    await dana.offer.getByRole('heading', { name: one.name }).waitFor();
    await dana.offer.getByText('Asked for a person', { exact: true }).waitFor();
    await dana.offer.locator('mark').first().waitFor();
    await dana.offer.getByRole('timer').waitFor();
    await eventually(() => dana.page.title()).toBe(`(1) ${one.name} is waiting`);
    await dana.page.keyboard.press('a');
    await eventually(() => dana.box.evaluate((box) => box === document.activeElement)).toBe(true);
    await dana.page.keyboard.type('Hello, how can I help?');
    await dana.page.keyboard.press('Enter');
    await one.hears('Hello, how can I help?');
    await dana.offer.waitFor({ state: 'hidden' });
    await dana.be('Away', 3);
    await finish(one);
  });

  test('[CN29] D declines: the customer stays in the queue', async () => {
    const dana = await desk();
    await dana.be('Online', 3);
    const one = await waitingVisitor();
    await dana.offer.waitFor();
    await dana.page.keyboard.press('d');
    await dana.offer.waitFor({ state: 'hidden' });
    await dana.be('Away', 3);
    await dana.show('Queue');
    await dana.row(one.name).click();
    await dana.page.getByText('You declined').waitFor();
    await finish(one);
  });
});

describe('a conversation', () => {
  test('[CN30, CN32] who does not hold it reads along, whispers, barges in and takes over', async () => {
    const one = await visitor();
    await one.say('How long does delivery take?');
    const dana = await desk();
    await dana.show('With the bot');
    await dana.row(one.name).click();
    await dana.page.getByText('The bot answers here.').waitFor();
    expect(await dana.box.count()).toBe(0);
    await dana.press('Watch');
    await dana.page.getByText('You started watching').waitFor();
    await one.say('And to Norway?');
    await dana.page.getByRole('article').getByText('And to Norway?').waitFor();
    await dana.page.getByRole('tab', { name: 'Whisper' }).click();
    await dana.page.getByRole('textbox', { name: /^Tell the bot/ }).fill('Mention the free returns.');
    await dana.page.keyboard.press('Enter');
    await dana.page.getByRole('article').getByText('Mention the free returns.').waitFor();
    await dana.page.getByRole('tab', { name: 'Barge in' }).click();
    await dana.page.getByRole('textbox', { name: /^One message to/ }).fill('A colleague here: Norway takes a week.');
    await dana.page.keyboard.press('Enter');
    await one.hears('Norway takes a week.');
    await dana.page.getByText('The bot answers here.').waitFor();
    expect(one.texts().join()).not.toContain('free returns');
    await dana.press('Take over');
    await dana.reply('I have it now.');
    await one.hears('I have it now.');
    await dana.page.getByText('You took over').waitFor();
    await finish(one);
  });

  test('[CN30] taking from another agent is asked twice, and what he was writing is kept with the reason', async () => {
    const one = await visitor();
    await one.say('Hello, is somebody there?');
    const [dana, sam] = [await desk('Dana'), await desk('Sam')];
    await holding(one, dana);
    await sam.show('All open');
    await sam.row(one.name).click();
    await sam.page.getByText('Dana Reyes answers here.').waitFor();
    // Dana writes while her line is down; meanwhile Sam takes it.
    await dana.context.setOffline(true);
    await dana.reply('I am just looking at it.');
    await sam.press('Take over');
    const dialog = sam.page.getByRole('dialog', { name: 'Take over from Dana Reyes?' });
    await dialog.getByRole('button', { name: 'Take over' }).click();
    await sam.box.waitFor();
    await dana.context.setOffline(false);
    await dana.page.getByText(/^Not sent:/).waitFor({ timeout: 40_000 });
    await dana.page.getByText('Sam Okafor answers here.').waitFor();
    expect(one.texts()).not.toContain('I am just looking at it.');
    await dana.page.getByRole('button', { name: 'Keep as a note' }).click();
    await sam.page.getByRole('article').getByText('I am just looking at it.').waitFor();
    await finish(one);
  });

  test('[CN31] notes, flags, hold, transfer, return and resolve, each seen by everybody of the staff', async () => {
    const one = await waitingVisitor();
    const [dana, sam] = [await desk('Dana'), await desk('Sam')];
    await sam.be('Away', 3);
    await holding(one, dana);
    await dana.page.getByRole('tab', { name: 'Note' }).click();
    await dana.page.getByRole('textbox', { name: /^A note for your team/ }).fill('Ask finance.');
    await dana.page.keyboard.press('Enter');
    await dana.page.getByRole('article').getByText('Ask finance.').waitFor();
    const more = async (deed: string) => {
      await dana.page.getByRole('button', { name: 'More actions' }).click();
      await dana.page.getByRole('menuitem', { name: deed }).click();
    };
    await more('Flag');
    await dana.page.getByRole('textbox', { name: 'Flag' }).fill('vip');
    await dana.page.keyboard.press('Enter');
    await dana.details.getByText('vip', { exact: true }).waitFor();
    await dana.page.getByRole('button', { name: 'Remove flag: vip' }).click();
    await dana.details.getByText('vip', { exact: true }).waitFor({ state: 'hidden' });
    await more('Hold');
    await dana.page.getByText('You put it on hold').waitFor();
    await more('Resume');
    await dana.page.getByText('You resumed').waitFor();
    await more('Transfer');
    const transfer = dana.page.getByRole('dialog', { name: 'Transfer' });
    await transfer.getByRole('combobox', { name: 'To' }).click();
    await dana.page.getByRole('option', { name: /^Sam Okafor/ }).click();
    await transfer.getByRole('textbox', { name: 'Note for whoever takes it' }).fill('You know the lamps.');
    await transfer.getByRole('button', { name: 'Transfer' }).click();
    await dana.page.getByText('You passed it to Sam Okafor').waitFor();
    await sam.show('Mine');
    await sam.row(one.name).click();
    await sam.page.getByText('You know the lamps.').waitFor();
    await sam.returnToBot('Refunded. She may ask about deliveries.');
    await sam.page.getByText('The bot answers here.').waitFor();
    await dana.page.getByText('Sam Okafor returned it to the bot').waitFor();
    await dana.press('Take over');
    await dana.resolve();
    await sam.page.getByText('This conversation is closed.').waitFor();
    // Nothing of it was for the customer.
    expect(one.texts().join('\n')).not.toMatch(/Ask finance|You know the lamps|She may ask/);
  });

  test('[CN58] one key resolves, and is taken back for a moment: by another key, and by the customer who writes', async () => {
    const one = await visitor();
    await one.say('Hello');
    const dana = await desk();
    await holding(one, dana);
    const { page } = dana;
    const undo = page.getByRole('button', { name: 'Undo' });
    await dana.box.press('Escape');
    await page.keyboard.press('e');
    await undo.waitFor();
    await page.keyboard.press('z');
    await undo.waitFor({ state: 'hidden' });
    await page.keyboard.press('e');
    await undo.waitFor();
    await one.say('Wait, one more thing');
    await undo.waitFor({ state: 'hidden' });
    await dana.box.press('Escape');
    await page.keyboard.press('e');
    await page.getByText('This conversation is closed.').waitFor();
    await one.until('event', ({ event }) => event.type === 'conversation.closed');
  });

  test('[CN19, CN13] the agent sees that the customer writes and has read', async () => {
    const one = await visitor();
    await one.say('Hello');
    const dana = await desk();
    await holding(one, dana);
    await dana.reply('Good morning!');
    const seq = await one.hears('Good morning!');
    await dana.page.getByText('Sent', { exact: true }).waitFor();
    one.reads(seq);
    await dana.page.getByText('Seen', { exact: true }).waitFor();
    one.types();
    await dana.page.getByText(`${one.name} is typing`).first().waitFor();
    await one.say('I have a question');
    await dana.page.getByText(`${one.name} is typing`).first().waitFor({ state: 'hidden' });
    await finish(one);
  });

  test('[CN21] nothing that is written becomes markup', async () => {
    const one = await visitor();
    await one.say(
      '<img src=x onerror="document.title=\'owned\'"><b>bold</b> **stars** javascript:alert(1) https://example.com/a',
    );
    const dana = await desk();
    await dana.show('All open');
    await dana.row(one.name).click();
    const message = dana.page.getByRole('article').first();
    await message.getByText('<b>bold</b> **stars**').waitFor();
    expect(await message.locator('img, b, strong').count()).toBe(0);
    expect(await message.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/a',
    ]);
    expect(await dana.page.title()).not.toBe('owned');
    await finish(one);
  });

  test('[CN16] a draft is there again after leaving, and after a reload', async () => {
    const [one, two] = [await visitor(), await visitor()];
    await one.say('First');
    await two.say('Second');
    const dana = await desk();
    await holding(two, dana);
    await holding(one, dana);
    await dana.box.fill('Half a sentence');
    await dana.row(two.name).click();
    await dana.page.getByRole('region', { name: two.name }).waitFor();
    await eventually(() => dana.box.inputValue()).toBe('');
    await dana.row(one.name).click();
    await eventually(() => dana.box.inputValue()).toBe('Half a sentence');
    await dana.page.reload();
    await eventually(() => dana.box.inputValue()).toBe('Half a sentence');
    await finish(one);
    await finish(two);
  });

  test('[CN33] a broken line is told, and its return; what was written meanwhile is sent once', async () => {
    const one = await visitor();
    await one.say('Hello');
    const dana = await desk();
    // By way of a network that can be lost: a browser that is told to be offline keeps its socket, and finds out half a minute later.
    await dana.page.goto(`${stage.network.url}/console/inbox/queue`);
    await holding(one, dana);
    stage.network.lose();
    await dana.context.setOffline(true);
    await dana.reply('Written while the line was down');
    await dana.page.getByText(/What you write is kept and sent once\./).waitFor();
    await one.say('Said while she was away');
    stage.network.find();
    await dana.context.setOffline(false);
    await one.hears('Written while the line was down');
    await dana.page.getByText('Back. Everything is caught up.').waitFor();
    await dana.page.getByRole('article').getByText('Said while she was away').waitFor();
    expect(one.texts().filter((text) => text === 'Written while the line was down')).toHaveLength(1);
    expect(await dana.page.getByRole('article').getByText('Written while the line was down').count()).toBe(1);
    await finish(one);
  });

  test('[CN37] who reads at the end stays there; who has scrolled up stays where he is, and gets back', async () => {
    const one = await visitor();
    await one.say('Hello');
    const dana = await desk();
    await holding(one, dana);
    for (let at = 1; at <= 12; at++)
      await one.say(`Line ${at}: ${'something that takes more than one line to say, '.repeat(3)}`);
    const inSight = (text: string) => dana.page.getByRole('article').getByText(text).first();
    const isInSight = async (text: string) => {
      const box = await dana.page.getByRole('region', { name: 'Timeline' }).boundingBox();
      const place = await inSight(text).boundingBox();
      return place !== null && box !== null && place.y >= box.y && place.y + place.height <= box.y + box.height + 1;
    };
    await eventually(() => isInSight('Line 12:')).toBe(true);
    await one.say('A new one');
    await eventually(() => isInSight('A new one')).toBe(true);
    await dana.page.getByRole('region', { name: 'Timeline' }).hover();
    await dana.page.mouse.wheel(0, -2_000);
    await eventually(() => isInSight('A new one')).toBe(false);
    await one.say('Two more');
    await one.say('And this one');
    await dana.page.getByRole('button', { name: '2 new messages' }).click();
    await eventually(() => isInSight('And this one')).toBe(true);
    await dana.page.mouse.wheel(0, -2_000);
    await eventually(() => isInSight('And this one')).toBe(false);
    await dana.reply('I have read it all.');
    await eventually(() => isInSight('I have read it all.')).toBe(true);
    await finish(one);
  });

  test('[CN18] a quote leads to the message that it is from, however far back', async () => {
    const one = await waitingVisitor('I want to talk to a person about something');
    const dana = await desk();
    await holding(one, dana);
    // Much more is said after it.
    await Promise.all(Array.from({ length: 260 }, (_, at) => one.say(`Line ${at + 1} of a talk`)));
    await dana.page.getByRole('article').getByText('Line 260 of a talk').waitFor();
    await dana.page.reload();
    await dana.page.getByRole('article').getByText('Line 260 of a talk').waitFor();
    const asked = dana.page.getByRole('article').getByText('I want to talk to a person about something');
    expect(await asked.count()).toBe(0);
    await dana.details.getByRole('region', { name: 'Why a person' }).getByRole('button').first().click();
    await asked.waitFor();
    await finish(one);
  });

  test('[CN20] a long conversation opens at its end with few elements, and its beginning can be reached', async () => {
    const transcript = Array.from({ length: 3_000 }, (_, at) => ({
      role: at % 2 ? 'bot' : 'customer',
      text: `Line ${at + 1} of a long talk`,
    }));
    const { conversation } = await stage.client.write<{ conversation: { id: string } }>(
      'POST',
      '/v1/handoffs',
      stage.admin,
      { customer: { name: 'Grace Long' }, transcript },
    );
    const dana = await desk();
    await dana.be('Away', 3);
    await dana.show('Queue');
    await dana.row('Grace Long').click();
    await dana.page.getByRole('article').getByText('Line 3000 of a long talk').waitFor();
    expect(await dana.page.getByRole('article').count()).toBeLessThan(60);
    const timeline = dana.page.getByRole('region', { name: 'Timeline' });
    await timeline.hover();
    const beginning = dana.page.getByText('Line 1 of a long talk', { exact: true });
    await expect
      .poll(
        async () => {
          await timeline.evaluate((box) => box.scrollBy(0, -20_000));
          return beginning.isVisible();
        },
        { timeout: 60_000, interval: 60 },
      )
      .toBe(true);
    expect(await dana.page.getByRole('article').count()).toBeLessThan(60);
    await stage.client.write('POST', `/v1/conversations/${conversation.id}/close`, stage.admin, {});
  });
});

describe('settings', () => {
  async function admin(section: string): Promise<Page> {
    const page = await freshPage();
    const [name = '', value = ''] = stage.admin.cookie.split('=');
    await page.context().addCookies([{ name, value, url: stage.server.url }]);
    await page.goto(`${stage.server.url}/console/settings/${section}`);
    return page;
  }

  test('[CN36] an admin changes when a conversation goes to a person, and it is in force', async () => {
    const page = await admin('escalation');
    await page.getByRole('radiogroup', { name: 'Repeats a question: Then' }).getByText('Hand off').click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const { rules } = await stage.client.get<Workspace>('/v1/workspace', stage.admin);
    expect(rules.escalation.signals.repeated_question.action).toBe('handoff');
    const one = await visitor();
    await one.say('Where is the invoice for my last order?');
    await one.answered();
    await one.say('Where is the invoice for my last order?');
    await one.until('queue');
    await finish(one);
  });

  test('[CN36] a key is shown once; an agent is added with a link that logs him in', async () => {
    const page = await admin('keys');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('textbox', { name: 'What it is for' }).fill('Order system');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const made = (await page.getByRole('dialog', { name: 'Your new key' }).locator('pre').textContent()) ?? '';
    const answer = await fetch(`${stage.server.url}/v1/availability`, { headers: { authorization: `Bearer ${made}` } });
    expect(answer.status).toBe(200);
    await page.reload();
    await page.getByText('Order system').waitFor();
    expect(await page.content()).not.toContain(made);

    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'Add agent' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Mei Lindqvist');
    await page.getByRole('textbox', { name: 'Email' }).fill('mei@example.com');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const link = (await page.getByRole('dialog', { name: 'Login link' }).locator('pre').textContent()) ?? '';
    const mei = await freshPage();
    await mei.goto(link);
    await mei.getByRole('button', { name: /^Presence and account: Mei Lindqvist/ }).waitFor();
    await mei.goto(`${stage.server.url}/console/settings/agents`);
    await mei.getByRole('heading', { name: 'Your profile' }).waitFor();
    expect(await mei.getByRole('link', { name: 'API keys' }).count()).toBe(0);
  });
});

describe('a part that cannot be loaded', () => {
  test('[CN59] says so beside all that lives on, and is there when the server answers again', async () => {
    const dana = await desk();
    const { page } = dana;
    let cut = true;
    const answer = async (route: Route) => (cut ? route.abort() : route.continue());
    await page.route(/\/console\/assets\/|\/v1\/session$/, answer);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('This part of the console could not be loaded.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server cannot be reached.').waitFor();
    await page.getByRole('link', { name: /^Queue/ }).click();
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
    cut = false;
    // By itself, as after an update: the page is loaded anew where it was to go.
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Your profile' }).waitFor();
  });
});

describe('for everybody', () => {
  const WIDE = { viewport: { width: 1440, height: 900 } };
  const NARROW = { viewport: { width: 390, height: 844 } };

  test.each([
    ['light and wide', { ...WIDE, colorScheme: 'light' }],
    ['dark and wide', { ...WIDE, colorScheme: 'dark' }],
    ['light and narrow', { ...NARROW, colorScheme: 'light' }],
  ] as const)('[CN34] no faults that axe finds: %s', async (_, options) => {
    const one = await waitingVisitor('This is ridiculous! Let me talk to a human');
    const dana = await desk('Dana', options);
    const { page } = dana;
    await page.goto(`${stage.server.url}/console/inbox/queue`);
    await dana.row(one.name).waitFor();
    expect(await faultsOf(page), 'list').toEqual([]);
    await dana.row(one.name).click();
    await dana.press('Take over');
    await dana.reply('Hello!');
    await page.getByText('Sent', { exact: true }).waitFor();
    expect(await faultsOf(page), 'conversation').toEqual([]);
    await page.getByRole('textbox').last().press('Escape');
    await page.keyboard.press('Shift+E');
    await page.getByRole('dialog', { name: 'Resolve' }).waitFor();
    expect(await faultsOf(page), 'dialog').toEqual([]);
    await page.keyboard.press('Escape');
    await finish(one);
  });

  test('[CN34] no faults that axe finds: login, palette and settings', async () => {
    const login = await freshPage();
    await login.goto(`${stage.server.url}/console/`);
    await login.getByRole('heading', { name: 'Log in to Baton' }).waitFor();
    expect(await faultsOf(login), 'login').toEqual([]);
    const page = await freshPage();
    const [name = '', value = ''] = stage.admin.cookie.split('=');
    await page.context().addCookies([{ name, value, url: stage.server.url }]);
    await page.goto(`${stage.server.url}/console/`);
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    expect(await faultsOf(page), 'palette').toEqual([]);
    for (const [section, sign] of [
      ['profile', 'Change password'],
      ['agents', 'Dana Reyes'],
      ['queues', 'Billing'],
      ['escalation', 'Add topic'],
      ['timing', 'An agent has to answer an offer within'],
      ['widget', 'Identity secret'],
      ['bots', 'House bot'],
      ['keys', 'First key'],
    ] as const) {
      await page.goto(`${stage.server.url}/console/settings/${section}`);
      await page.getByText(sign).first().waitFor();
      expect(await faultsOf(page), section).toEqual([]);
    }
  });

  test('[CN38] [CN34] reports tell an admin what happened; who is no admin has none', async () => {
    const one = await waitingVisitor();
    await finish(one);
    const page = await freshPage();
    const [name = '', value = ''] = stage.admin.cookie.split('=');
    await page.context().addCookies([{ name, value, url: stage.server.url }]);
    await page.goto(`${stage.server.url}/console/`);
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('heading', { name: 'By day' }).waitFor();
    expect(await faultsOf(page), 'overview').toEqual([]);
    await page.getByRole('link', { name: 'Waits' }).click();
    await page.getByRole('heading', { name: 'Calibration' }).waitFor();
    expect(await faultsOf(page), 'waits').toEqual([]);
    await page.getByRole('link', { name: 'Planning' }).click();
    await page.getByRole('button', { name: 'Play 5 days' }).click();
    await page.getByRole('heading', { name: 'What would happen' }).waitFor();
    expect(await faultsOf(page), 'planning').toEqual([]);
    const dana = await desk('Dana');
    expect(await dana.page.getByRole('link', { name: 'Reports' }).count()).toBe(0);
    await dana.page.goto(`${stage.server.url}/console/reports/waits`);
    await dana.page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
  });

  test('[CN35, CN57] on a phone list, conversation and details have the screen to themselves, and nothing is out of reach', async () => {
    const one = await visitor();
    await one.say('How long does delivery take?');
    const dana = await desk('Dana', { ...NARROW, hasTouch: true });
    const { page } = dana;
    await page.getByRole('link', { name: /^With the bot/ }).click();
    await dana.row(one.name).click();
    await page.getByText('The bot answers here.').waitFor();
    expect(await page.getByRole('heading', { name: 'With the bot', level: 1 }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('dialog', { name: 'Details' }).getByText('What the bot tried').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('heading', { name: 'With the bot', level: 1 }).waitFor();
    expect(await page.getByText('The bot answers here.').isVisible()).toBe(false);
    await finish(one);
    await dana.be('Away', 3);
    await page.getByRole('button', { name: 'Go online' }).click();
    await page.getByText('nothing is offered to you').first().waitFor({ state: 'hidden' });
    await page.keyboard.press('Shift+O');
    await page.getByText('You are away: nothing is offered to you.').first().waitFor();
    await page.getByRole('button', { name: /^Presence and account/ }).click();
    await dana.account.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Your profile' }).waitFor();
  });
});
