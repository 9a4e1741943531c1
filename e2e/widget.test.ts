import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { windowWords } from '@baton/core';
import { type Bundle, buildWidget } from '@baton/widget/test/bundle.ts';
import { FakeServer } from '@baton/widget/test/fake-server.ts';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';

let bundle: Bundle;
let browser: Browser;
let context: BrowserContext;
let server: FakeServer;
let page: Page;
/** Faults that the page's own console tells. */
let faults: string[];

beforeAll(async () => {
  [bundle, browser] = await Promise.all([buildWidget(), launchBrowser()]);
});
afterAll(() => browser?.close());
beforeEach(async () => {
  server = new FakeServer(bundle);
  faults = [];
  await server.up();
});
afterEach(async () => {
  await context?.close();
  await server.down();
});

async function visit(options: BrowserContextOptions = {}): Promise<void> {
  context = await browser.newContext({
    viewport: { width: 1100, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  page = await newPage();
  await page.goto(server.origin);
}

async function newPage(): Promise<Page> {
  const fresh = await context.newPage();
  fresh.setDefaultTimeout(30_000);
  fresh.on('pageerror', (error) => faults.push(error.message));
  fresh.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('WebSocket connection')) faults.push(message.text());
  });
  return fresh;
}

/** A busy machine may take its time; a lost socket up to 15 s to come back. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

const launcher = () => page.getByRole('button', { name: /^Open chat/ });
const panel = () => page.getByRole('dialog');
const box = () => page.getByRole('textbox', { name: 'Message' });
const bubbles = () => page.locator('.bubble.text').allTextContents();
/** The last frame of a type: others may come after it at any time, such as what is read. */
const lastOf = (type: string) => server.received.findLast((frame) => frame.type === type);

async function openPanel(): Promise<void> {
  await launcher().click();
  await panel().waitFor();
}

async function say(text: string): Promise<void> {
  await box().fill(text);
  await box().press('Enter');
}

async function visitAndOpen(options?: BrowserContextOptions): Promise<void> {
  await visit(options);
  await openPanel();
}

describe('talking', () => {
  test('[WG7] the first message opens the conversation, and those behind it follow into it in order', async () => {
    await visitAndOpen();
    await say('one');
    await say('two');
    await say('three');
    await eventually(() => server.said).toEqual(['one', 'two', 'three']);
    const says = server.received.filter((frame) => frame.type === 'say');
    expect(says.map((frame) => frame.conversation)).toEqual([undefined, 'cnv_1', 'cnv_1']);
    expect(says[0]).toMatchObject({ page: { url: `${server.origin}/`, title: 'Harbour Lights' } });
    await page.getByText('Sent').waitFor();
    expect(await bubbles()).toEqual(['one', 'two', 'three']);
  });

  test('[WG3] a choice is picked once, and stays to be seen', async () => {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.says(server.bot, 'Which?', {
      type: 'choices',
      choices: [
        { id: 'a', label: 'Apples' },
        { id: 'b', label: 'Pears' },
      ],
    });
    await page.getByRole('button', { name: 'Pears' }).click();
    await eventually(() => server.said).toEqual(['hello', 'Pears']);
    expect(lastOf('say')).toMatchObject({ parts: [{ text: 'Pears', choice: 'b' }] });
    await eventually(() => page.getByRole('button', { name: 'Apples' }).isDisabled()).toBe(true);
  });

  test('[WG9, WG10] the agent sees that the customer writes and has read; the customer sees the same of him', async () => {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.queue(1, 'You are next.');
    server.accept();
    await page.getByText('Dana Whitfield joined').first().waitFor();
    const conversation = 'cnv_1' as const;
    server.send({ type: 'typing', conversation, who: { role: 'agent', id: 'agt_dana', name: 'Dana' }, on: true });
    await page.getByRole('img', { name: 'Dana is typing' }).waitFor();
    server.says(server.dana, 'Hi, how can I help?');
    await page.getByText('Hi, how can I help?').first().waitFor();
    await page.getByRole('img', { name: 'Dana is typing' }).waitFor({ state: 'detached' });
    await eventually(() => server.received).toContainEqual({ type: 'read', conversation, seq: server.log.length });
    await box().pressSequentially('My bill');
    await eventually(() => server.received).toContainEqual({ type: 'typing', conversation, on: true });
    server.send({ type: 'read', conversation, who: 'agent', seq: 99 });
    await page.getByText('Seen').waitFor();
  });

  test('[WG9] the answer of a bot that streams grows, and the message takes its place', async () => {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    const typing = { type: 'typing', conversation: 'cnv_1', who: { role: 'bot', id: 'int_bot' }, on: true } as const;
    server.send({ ...typing, text: 'Let me' });
    server.send({ ...typing, text: 'Let me look' });
    await eventually(bubbles).toEqual(['hello', 'Let me look']);
    server.says(server.bot, 'Let me look that up.');
    await eventually(bubbles).toEqual(['hello', 'Let me look that up.']);
  });

  test('[WG15] words are words: nothing in them becomes HTML, and links open apart', async () => {
    await visitAndOpen();
    const nasty = '<img src=x onerror="document.title=1"><b>bold</b> https://example.com/?a=1&b=<script>';
    await say(nasty);
    await eventually(bubbles).toEqual([nasty]);
    const link = page.locator('.bubble a');
    expect(await link.getAttribute('href')).toBe('https://example.com/?a=1&b=');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await page.title()).toBe('Harbour Lights');
  });

  test('[WG18] too much text is told while it is written, and not sent', async () => {
    await visitAndOpen();
    await box().fill('x'.repeat(7_600));
    await page.getByText('400 characters left').waitFor();
    await box().fill('x'.repeat(8_003));
    await page.getByText('Too long by 3 characters').waitFor();
    await box().press('Enter');
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await box().fill('x'.repeat(8_000));
    await box().press('Enter');
    await eventually(() => server.said.map((text) => text.length)).toEqual([8_000]);
  });

  test('[WG19] Shift+Enter is a new line, and Enter belongs to the input method while it composes', async () => {
    await visitAndOpen();
    await box().fill('one');
    await box().press('Shift+Enter');
    await box().pressSequentially('two');
    await box().evaluate((element) => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }));
    });
    expect(server.said).toEqual([]);
    await box().press('Enter');
    await eventually(() => server.said).toEqual(['one\ntwo']);
  });

  test('[WG7] a file goes up before it is said; one that is too large is refused here', async () => {
    await visitAndOpen();
    const files = page.locator('input[type=file]');
    await files.setInputFiles({ name: 'big.txt', mimeType: 'text/plain', buffer: Buffer.alloc(1_000_001) });
    await page.getByText('big.txt is too large. The limit is 1 MB.').waitFor();
    await files.setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('49 euros') });
    await page.getByText('receipt.txt').waitFor();
    await say('Here it is');
    await eventually(() => server.said).toEqual(['Here it is', '[file]']);
    await page.getByRole('link', { name: /8 byte/ }).waitFor();
  });

  test('[WG7] a picture that is pasted goes up; the picture that Word puts beside its text does not', async () => {
    await visitAndOpen();
    const paste = (type: string) =>
      box().evaluate((field, type) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData(type, 'the text');
        clipboardData.items.add(new File(['picture'], 'image.png', { type: 'image/png' }));
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, type);
    await paste('text/rtf');
    await paste('text/html');
    await page.getByText('image.png').waitFor();
    expect(await page.getByText('image.png').count()).toBe(1);
  });

  test('[WG7] a file that is cut off on its way may be sent up again, and is not forgotten when words go out', async () => {
    await visitAndOpen();
    server.losing = 'files';
    const files = page.locator('input[type=file]');
    // Those that are refused here are told of and do not count.
    const refused = { mimeType: 'text/html', buffer: Buffer.from('<p>') };
    await files.setInputFiles(['a.html', 'b.html', 'c.html'].map((name) => ({ name, ...refused })));
    await page.getByText('Files of this kind cannot be sent: c.html').waitFor();
    await files.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.alloc(300_000) });
    await page.getByText('photo.png could not be uploaded.').waitFor();
    await say('It does not go');
    await eventually(() => server.said).toEqual(['It does not go']);
    server.losing = 'nothing';
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('photo.png', { exact: true }).waitFor();
    await eventually(() => page.getByRole('progressbar').count()).toBe(0);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await eventually(() => server.said).toEqual(['It does not go', '[file]']);
  });
});

describe('the line', () => {
  test('[WG8] place and wait stand in the banner, over a reload too, until an agent accepts', async () => {
    await visitAndOpen();
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    const banner = page.getByRole('region', { name: 'You are in the line' });
    await banner.getByText('2 people are ahead of you, about 2 to 4 minutes.').waitFor();
    expect(await banner.textContent()).toContain('Your place in the line: 3');
    expect(await page.getByRole('button', { name: 'Talk to a person' }).count()).toBe(0);
    await page.reload();
    await panel().waitFor();
    await banner.getByText('2 people are ahead of you').waitFor();
    server.queue(2, '1 person is ahead of you, about 2 minutes.');
    await banner.getByText('1 person is ahead of you').waitFor();
    server.accept();
    await banner.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Dana Whitfield' }).waitFor();
  });

  test('[WG8] the customer can leave it', async () => {
    await visitAndOpen();
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    await page.getByRole('button', { name: 'Leave the line' }).click();
    await page.getByRole('region', { name: 'You are in the line' }).waitFor({ state: 'detached' });
    expect(lastOf('cancel')).toMatchObject({ conversation: 'cnv_1' });
    await page.getByRole('button', { name: 'Talk to a person' }).waitFor();
  });
});

describe('outages', () => {
  test('[WG13] what is said while the server is away goes out when it is back: once, and in order', async () => {
    await visitAndOpen();
    await say('before');
    await eventually(() => server.said).toEqual(['before']);
    await server.down();
    await say('first');
    await say('second');
    await page.getByText('Connection lost').waitFor();
    await page.getByText('Goes out when you are back online').waitFor();
    await server.up();
    await eventually(() => server.said).toEqual(['before', 'first', 'second']);
    await eventually(bubbles).toEqual(['before', 'first', 'second']);
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
  });

  test.each(['frames', 'answers'] as const)(
    '[WG13] lost %s: after a reload it is sent again, and is there once',
    async (losing) => {
      await visitAndOpen();
      await say('before');
      await eventually(() => server.said).toEqual(['before']);
      server.losing = losing;
      await say('mine');
      await eventually(() => server.received.filter((frame) => frame.type === 'say')).toHaveLength(2);
      server.losing = 'nothing';
      await page.reload();
      await eventually(() => server.said).toEqual(['before', 'mine']);
      await eventually(bubbles).toEqual(['before', 'mine']);
      await page.getByText('Sent').waitFor();
      await page.reload();
      await eventually(bubbles).toEqual(['before', 'mine']);
      expect(server.received.filter((frame) => frame.type === 'say')).toHaveLength(3);
    },
  );

  test('[WG1] what happened meanwhile is there after the outage, once', async () => {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    await server.down();
    server.says(server.bot, 'while you were away');
    await server.up();
    await eventually(bubbles).toEqual(['hello', 'while you were away']);
  });

  test('[WG5] a refused message stays, says why, and can be sent again', async () => {
    await visitAndOpen();
    server.refuse = { code: 'not_allowed', message: 'Not like this.' };
    await say('mine');
    await page.getByText('Not sent: Not like this.').waitFor();
    server.refuse = null;
    await page.getByRole('button', { name: 'Send again' }).click();
    await eventually(() => server.said).toEqual(['mine']);
    await page.getByText('Not sent').waitFor({ state: 'detached' });
  });

  test('[WG5] a server that asks for a pause gets one, and then the message', async () => {
    await visitAndOpen();
    server.refuse = { code: 'rate_limited', message: 'Slower.', retryAfterMs: 300 };
    await say('quick');
    await eventually(() => server.received.filter((frame) => frame.type === 'say').length).toBeGreaterThan(1);
    server.refuse = null;
    await eventually(() => server.said).toEqual(['quick']);
    expect(await page.getByText('Not sent').count()).toBe(0);
  });

  test('[WG21] where WebSockets are blocked, everything works over the stream', async () => {
    server.blockSockets = true;
    await visitAndOpen();
    await say('by post');
    await eventually(() => server.said).toEqual(['by post']);
    server.says(server.bot, 'by stream');
    await eventually(bubbles).toEqual(['by post', 'by stream']);
  });

  test('[WG14] where storage is blocked, it works as long as the page is open', async () => {
    context = await browser.newContext();
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('Blocked.', 'SecurityError');
          },
        });
      }
    });
    page = await newPage();
    await page.goto(server.origin);
    await openPanel();
    await say('hello');
    await eventually(() => server.said).toEqual(['hello']);
    expect(faults).toEqual([]);
  });
});

describe('coming back', () => {
  test('[WG1] after a reload the conversation and the half-written message are there', async () => {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.says(server.bot, 'good day');
    await eventually(bubbles).toEqual(['hello', 'good day']);
    await box().fill('I was about to');
    await page.reload();
    await panel().waitFor();
    await eventually(bubbles).toEqual(['hello', 'good day']);
    await eventually(() => box().inputValue()).toBe('I was about to');
    expect(server.sessions.at(-1)).toMatchObject({ siteKey: 'site_test', visitorToken: 'tok_1' });
  });

  test('[WG12] two tabs show the same conversation', async () => {
    await visitAndOpen();
    const first = page;
    page = await newPage();
    await page.goto(server.origin);
    await openPanel();
    await say('from the second');
    await eventually(() => first.locator('.bubble.text').allTextContents()).toEqual(['from the second']);
  });

  test('[WG24] of a long conversation the end is there at once, the rest when it is scrolled to', async () => {
    server.begin();
    for (let count = 1; count <= 230; count++) server.says(server.bot, `message ${count}`);
    await visitAndOpen();
    await page.getByText('message 230', { exact: true }).first().waitFor();
    expect((await bubbles())[0]).toBe('message 131');
    const scroll = page.getByRole('region', { name: 'Messages' });
    const top = () => page.getByText('message 131', { exact: true }).first();
    const [message, content] = await Promise.all([top().boundingBox(), page.locator('.content').boundingBox()]);
    await scroll.evaluate((element) => element.scrollTo(0, 0));
    await eventually(async () => (await bubbles()).length).toBe(150);
    // What was at the top of the screen when the scrolling got there has stayed where it was.
    const place = (await scroll.boundingBox())!.y + message!.y - content!.y;
    await eventually(async () => Math.abs(((await top().boundingBox())?.y ?? 0) - place)).toBeLessThan(3);
    await eventually(async () => {
      await scroll.evaluate((element) => element.scrollTo(0, 0));
      return (await bubbles()).length;
    }).toBe(230);
    expect((await bubbles())[0]).toBe('message 1');
  });

  test('[WG22] what comes while the panel is closed is counted, previewed and told to the page', async () => {
    await visit();
    await launcher().waitFor();
    await page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      const baton = Reflect.get(window, 'Baton');
      for (const name of ['message', 'unread', 'open', 'close'])
        baton.on(name, (what: unknown) => told.push([name, what]));
      baton.open();
    });
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    await page.evaluate(() => Reflect.get(window, 'Baton').close());
    server.says(server.bot, 'Hello **there**');
    await page.getByRole('button', { name: 'Open chat, unread messages: 1' }).waitFor();
    await page.getByRole('button', { name: /Robin Hello there/ }).click();
    await panel().waitFor();
    await page.getByRole('button', { name: 'Close chat' }).first().click();
    await page.getByRole('button', { name: 'Open chat', exact: true }).waitFor();
    expect(await page.evaluate(() => Reflect.get(window, 'told'))).toEqual([
      ['open', undefined],
      ['close', undefined],
      ['unread', 1],
      ['message', { conversation: 'cnv_1', author: { role: 'bot', name: 'Robin' }, text: 'Hello there' }],
      ['open', undefined],
      ['unread', 0],
      ['close', undefined],
    ]);
  });
});

describe('the end', () => {
  async function untilClosed(): Promise<void> {
    await visitAndOpen();
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.queue(1, 'You are next.');
    server.accept();
    server.says(server.dana, 'Done.');
    server.close();
    await page.getByRole('group', { name: 'How did we do?' }).waitFor();
  }

  test('[WG11] the customer rates with stars and a word, once', async () => {
    await untilClosed();
    await page.getByRole('radio', { name: '4 of 5' }).check({ force: true });
    await page.getByRole('textbox', { name: /Anything you would like to add/ }).fill('Quick!');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await page.getByText('Thank you for your feedback.').waitFor();
    expect(lastOf('rate')).toMatchObject({ score: 4, comment: 'Quick!' });
    await page.reload();
    await page.getByText('Thank you for your feedback.').waitFor();
  });

  test('[WG12] a new conversation begins empty, and the old one does not come back', async () => {
    await untilClosed();
    await page.getByRole('button', { name: 'Start a new conversation' }).click();
    await page.getByText('Hi! What can we do for you?').waitFor();
    await say('something else');
    await eventually(() => server.conversation).toBe('cnv_2');
    await page.reload();
    await eventually(bubbles).toEqual(['something else']);
  });

  test('[WG6] a conversation that ended too long ago: what is said begins a new one, in order', async () => {
    await untilClosed();
    server.over = 'cnv_1';
    await say('still there?');
    await say('hello?');
    await eventually(() => server.said).toEqual(['still there?', 'hello?']);
    expect(server.conversation).toBe('cnv_2');
    await eventually(bubbles).toEqual(['still there?', 'hello?']);
  });

  test('[WG12] writing into the closed conversation opens it again', async () => {
    await untilClosed();
    await say('one more thing');
    await page.getByText('Conversation opened again').first().waitFor();
    expect(lastOf('say')).toMatchObject({ conversation: 'cnv_1' });
  });
});

describe('for everybody', () => {
  async function everything(): Promise<void> {
    server.begin();
    server.says(server.bot, 'A **link**: https://example.com', {
      type: 'choices',
      choices: [
        { id: 'a', label: 'Apples' },
        { id: 'b', label: 'Pears' },
      ],
    });
    server.says(server.dana, { type: 'card', title: 'Order 7', text: 'Two lamps', url: 'https://example.com' });
    server.says(server.dana, { type: 'form', fields: [{ name: 'mail', label: 'E-mail', kind: 'email' }] });
    server.queue(2, '1 person is ahead of you.');
  }

  test.each(['light', 'dark'] as const)('[WG19] axe finds nothing wrong in %s', async (colorScheme) => {
    await everything();
    await visitAndOpen({ colorScheme });
    await say('and my own');
    await page.getByText('Sent').waitFor();
    const check = async () =>
      (
        await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .include('#baton-widget')
          .analyze()
      ).violations;
    expect(await check()).toEqual([]);
    server.accept();
    server.close();
    await page.getByRole('radio', { name: '4 of 5' }).check({ force: true });
    await page.getByRole('button', { name: 'More' }).click();
    expect(await check()).toEqual([]);
  });

  test('[WG19] by keyboard alone: in, around within, out with Escape, and back where one was', async () => {
    await visit();
    await launcher().focus();
    await page.keyboard.press('Enter');
    await panel().waitFor();
    const focused = () =>
      page.evaluate(() => {
        const inner = document.getElementById('baton-widget')?.shadowRoot?.activeElement;
        return inner?.getAttribute('aria-label') ?? inner?.textContent?.trim();
      });
    await eventually(focused).toBe('Message');
    const stops: (string | undefined)[] = [];
    for (let count = 0; count < 12; count++) {
      stops.push(await focused());
      await page.keyboard.press('Tab');
    }
    expect(new Set(stops)).toEqual(
      new Set(['Message', 'Attach a file', 'Talk to a person', 'More', 'Close chat', 'Messages']),
    );
    await page.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await eventually(focused).toBe('Talk to a person');
    await page.keyboard.press('ArrowDown');
    await eventually(focused).toBe('Turn sound on');
    await page.keyboard.press('Escape');
    await eventually(focused).toBe('More');
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    await eventually(focused).toBe('Open chat');
  });

  test('[WG19] what goes when it is pressed does not take the focus out of the window', async () => {
    server.begin();
    const choices = [{ id: 'a', label: 'Apples' }];
    server.says(server.bot, 'Which?', { type: 'choices', choices });
    await visitAndOpen();
    const writing = () => eventually(() => box().evaluate((field) => field.matches(':focus')));
    for (const name of ['Talk to a person', 'Leave the line']) {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name }).waitFor({ state: 'detached' });
      await writing().toBe(true);
    }
    server.says(server.bot, 'Which?', { type: 'choices', choices });
    const choice = page.getByRole('button', { name: 'Apples' }).last();
    await choice.focus();
    await page.keyboard.press('Enter');
    await writing().toBe(true);
  });

  test("[WG19] the focus goes back to the page's own button, and stays in the page where it is", async () => {
    server.page = '<button onclick="Baton.open()">Help</button><input aria-label="Search" autofocus>';
    await visit();
    await launcher().waitFor();
    const own = page.getByRole('button', { name: 'Help' });
    const search = page.getByRole('textbox', { name: 'Search' });
    const focused = (part: Locator) => eventually(() => part.evaluate((one) => one === document.activeElement));
    await own.focus();
    await page.keyboard.press('Enter');
    await eventually(() => box().evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.keyboard.press('Escape');
    await focused(own).toBe(true);
    // Who writes in the page is not taken from it, neither when it closes nor when it is open on the next page.
    await page.keyboard.press('Enter');
    await panel().waitFor();
    await search.focus();
    await page.evaluate(() => Reflect.get(window, 'Baton').close());
    await panel().waitFor({ state: 'detached' });
    await focused(search).toBe(true);
    await page.evaluate(() => Reflect.get(window, 'Baton').open());
    await panel().waitFor();
    await page.reload();
    await panel().waitFor();
    await focused(search).toBe(true);
  });

  test('[WG19] what arrives is said to a screen reader; history is not', async () => {
    server.begin();
    server.says(server.bot, 'history');
    await visitAndOpen();
    await eventually(bubbles).toEqual(['history']);
    const long = `${'word '.repeat(100)}end`;
    server.queue(1, 'You are next.');
    server.accept();
    server.says(server.dana, long, { type: 'choices', choices: [{ id: 'a', label: 'Apples' }] });
    server.close();
    const live = page.getByRole('log', { name: 'New messages' }).locator('p');
    await eventually(() => live.allTextContents()).toEqual([
      'Dana Whitfield joined',
      `Dana Whitfield: ${long} Apples`,
      'Conversation ended',
    ]);
  });

  test('[WG20] from right to left: own words on the left, and the launcher where the site wants it', async () => {
    server.html = 'lang="ar" dir="rtl"';
    server.theme.position = 'left';
    await visitAndOpen();
    await say('مرحبا');
    const bubble = await page.locator('.mine .bubble').boundingBox();
    const whole = await panel().boundingBox();
    expect(bubble!.x - whole!.x).toBeLessThan(40);
    expect(whole!.x).toBeLessThan(40);
    expect(await page.locator('#baton-widget').getAttribute('dir')).toBe('rtl');
  });

  test('[WG20] on a phone the panel is the screen, and long words do not widen it', async () => {
    await visitAndOpen({ viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true });
    await say('w'.repeat(400));
    await page.getByText('Sent').waitFor();
    expect(await panel().boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    const widths = await page
      .getByRole('region', { name: 'Messages' })
      .evaluate((element) => [element.scrollWidth, element.clientWidth]);
    expect(widths[0]).toBe(widths[1]);
    await page.getByRole('button', { name: 'Close chat' }).click();
    await launcher().waitFor();
  });
});

describe('where there is little room', () => {
  const phone = { isMobile: true, hasTouch: true, viewport: { width: 360, height: 640 } };
  const region = () => page.getByRole('region', { name: 'Messages' });
  const bottomOf = async (part: Locator) => {
    const box = await part.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };

  test('[WG20] above the keyboard of a phone what was said has room, and its end stays in sight', async () => {
    await visitAndOpen(phone);
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.queue(2, '1 person is ahead of you, about 2 to 4 minutes. It is taking longer than expected.');
    for (let count = 1; count <= 8; count++) server.says(server.bot, `answer ${count}`);
    const last = page.getByText('answer 8').last();
    await last.waitFor();
    await page.setViewportSize({ width: 360, height: 340 });
    await eventually(async () => (await region().boundingBox())?.height).toBeGreaterThan(120);
    const inSight = async () => (await bottomOf(region())) - (await bottomOf(last));
    await eventually(inSight).toBeGreaterThan(0);
    await box().fill('a line\n'.repeat(12));
    await eventually(async () => (await box().boundingBox())?.height).toBeGreaterThan(60);
    await eventually(inSight).toBeGreaterThan(0);
  });

  test('[WG20] long words of another language leave send on the screen, and the wait its room', async () => {
    const { person, leaveLine } = windowWords('de');
    server.strings = { person: person ?? '', leaveLine: leaveLine ?? '' };
    await visitAndOpen({ ...phone, viewport: { width: 320, height: 640 } });
    const send = await page.getByRole('button', { name: 'Send', exact: true }).boundingBox();
    expect(send!.x + send!.width).toBeLessThan(310);
    await say('hello');
    await eventually(() => server.said).toHaveLength(1);
    server.queue(2, '1 person is ahead of you, about 2 to 4 minutes.');
    const wait = page.getByText('1 person is ahead of you, about 2 to 4 minutes.');
    await wait.waitFor();
    expect((await wait.boundingBox())?.width).toBeGreaterThan(150);
  });

  test('[WG20] on its side, with the keyboard: what is written can be seen and sent', async () => {
    await visitAndOpen({ ...phone, viewport: { width: 740, height: 170 } });
    await say('hello');
    server.queue(2, '1 person is ahead of you.');
    await page.getByText('Sent').waitFor();
    expect(await bottomOf(page.getByRole('button', { name: 'Send', exact: true }))).toBeLessThanOrEqual(170);
    expect((await region().boundingBox())?.height).toBeGreaterThan(40);
  });
});

describe('on the page of somebody else', () => {
  test('[WG17] what a page loads weighs at most 6 KiB, compressed, and the chat 28', () => {
    const weight = (script: Uint8Array) => gzipSync(script, { level: 9 }).length;
    expect(weight(bundle.widget)).toBeLessThanOrEqual(6 * 1_024);
    expect(weight(bundle.chat)).toBeLessThanOrEqual(28 * 1_024);
  });

  test('[WG27] the chat is loaded when it is wanted, and again when the network had lost it', async () => {
    await visit();
    await launcher().waitFor();
    expect(server.chatLoads).toBe(0);
    server.losing = 'chat';
    await launcher().click();
    await eventually(() => server.chatLoads).toBeGreaterThan(1);
    expect(await launcher().getAttribute('aria-busy')).toBe('true');
    await page.getByText('Connection lost. Trying again…').waitFor();
    // He may give up for now, and think again.
    await launcher().click();
    await page.getByText('Connection lost. Trying again…').waitFor({ state: 'hidden' });
    expect(await launcher().getAttribute('aria-busy')).toBe('false');
    await launcher().click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    server.losing = 'nothing';
    // Unless the next try was quicker.
    await page.evaluate(() => {
      const again = document.getElementById('baton-widget')?.shadowRoot?.querySelector('.notice button');
      (again as HTMLElement | null | undefined)?.click();
    });
    await panel().waitFor();
    await eventually(() => box().evaluate((field) => field.matches(':focus'))).toBe(true);
  });

  test('[WG26] a strict Content-Security-Policy is enough for it', async () => {
    server.csp =
      "default-src 'none'; img-src data:; script-src 'self'; connect-src 'self'; style-src 'self'; require-trusted-types-for 'script'";
    await visitAndOpen();
    expect((await panel().boundingBox())?.width).toBe(400);
    await say('hello');
    await eventually(() => server.said).toEqual(['hello']);
    expect(faults).toEqual([]);
  });

  test("[WG26] the page's styles do not reach it", async () => {
    server.page = '<style>* { font-size: 40px !important; color: red !important; display: inline !important }</style>';
    await visitAndOpen();
    const style = await box().evaluate((element) => [
      getComputedStyle(element).fontSize,
      getComputedStyle(element).display,
    ]);
    expect(style).toEqual(['15px', 'block']);
  });

  test("[WG26] rules of the page that mean its own elements do not hide or move the widget's", async () => {
    server.page = `<style>* { all: unset; z-index: 2147483647 } div:empty { display: none !important }
      div { transform: rotate(9deg) !important; opacity: 0 !important } button { display: none !important }</style>`;
    await visitAndOpen();
    expect((await panel().boundingBox())?.width).toBe(400);
    const style = await page.locator('#baton-widget').evaluate((element) => {
      const { display, opacity, transform } = getComputedStyle(element);
      return [display, opacity, transform];
    });
    expect(style).toEqual(['block', '1', 'none']);
  });

  test('[WG28] a page that swaps its body keeps the widget, with what is written in it', async () => {
    await visitAndOpen();
    await say('hello');
    for (let count = 0; count < 20; count++) server.says(server.bot, `answer ${count}`);
    await page.getByText('answer 19').first().waitFor();
    await box().fill('half a sen');
    for (let count = 0; count < 2; count++) {
      await page.evaluate(() => {
        const body = document.createElement('body');
        body.innerHTML = '<h1>Another page</h1>';
        document.body.replaceWith(body);
      });
      await page.getByRole('heading', { name: 'Another page' }).waitFor();
      await panel().waitFor();
    }
    await page.evaluate(() => document.body.replaceChildren());
    await panel().waitFor();
    expect(await box().inputValue()).toBe('half a sen');
    const scroll = page.getByRole('region', { name: 'Messages' });
    await eventually(() => scroll.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight)).toBeLessThan(
      2,
    );
    await page.evaluate(() => Reflect.get(window, 'Baton').destroy());
    expect(await page.locator('#baton-widget').count()).toBe(0);
  });

  test('[WG28] the script twice on a page is one widget, in its head too', async () => {
    const script = '<script src="/widget.js" data-site-key="site_test"></script>';
    server.page = `<script src="/widget.js" data-site-key="site_test"></script>${script}`;
    server.head = script + script;
    await visit();
    await launcher().waitFor();
    await eventually(() => server.sessions).toHaveLength(1);
    expect(await page.locator('#baton-widget').count()).toBe(1);
  });

  test('[WG25] a site that is not known sees no widget, and its developer sees why', async () => {
    server.refuseSession = { status: 404, code: 'site_unknown', detail: 'There is no site with this key.' };
    await visit();
    await eventually(() => faults.join()).toContain('There is no site with this key. (site_unknown)');
    expect(await launcher().count()).toBe(0);
  });

  test('[WG25] a server that is away at first: the widget is there, and connects later', async () => {
    server.refuseSession = { status: 503, code: 'unavailable', detail: 'Later.' };
    await visitAndOpen();
    await say('early');
    server.refuseSession = null;
    await eventually(() => server.said).toEqual(['early']);
  });

  test('[WG23] the page says who the visitor is, in the tag or later', async () => {
    server.tag += ' data-identity="jwt-1"';
    await visit();
    await launcher().waitFor();
    await eventually(() => server.sessions[0]).toMatchObject({ identityToken: 'jwt-1' });
    await page.evaluate(() => Reflect.get(window, 'Baton').identify('jwt-2'));
    expect(server.sessions.at(-1)).toMatchObject({ identityToken: 'jwt-2' });
    await page.evaluate(() => Reflect.get(window, 'Baton').identify(null));
    expect(server.sessions.at(-1)).not.toHaveProperty('identityToken');
    expect(server.sessions.at(-1)).not.toHaveProperty('visitorToken');
  });

  test('[WG22] calls made before the script has loaded are kept; the launcher can be hidden, the widget taken off', async () => {
    server.page = '<script>window.Baton = []; Baton.push(["hide"])</script>';
    await visit();
    await page.locator('#baton-widget').waitFor({ state: 'attached' });
    await launcher().waitFor({ state: 'hidden' });
    await page.evaluate(() => Reflect.get(window, 'Baton').open());
    await panel().waitFor();
    expect(await page.getByRole('button', { name: 'Close chat' }).count()).toBe(1);
    await page.evaluate(() => Reflect.get(window, 'Baton').show());
    await eventually(() => page.getByRole('button', { name: 'Close chat' }).count()).toBe(2);
    await page.evaluate(() => Reflect.get(window, 'Baton').destroy());
    expect(await page.locator('#baton-widget').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, 'Baton'))).toBeUndefined();
  });
});
