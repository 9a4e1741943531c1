// The story of story.test.ts with the twin of each outside desk in the place of our console: the customer in a real browser, the
// agents as that desk's own. Then what a person does in our console to connect a desk and to look after it.
import type { Queue } from '@baton/protocol';
import { KINDS, type Stand, stand } from '@baton/server/test/desk-twins.ts';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from './console/faults.ts';
import { CustomerWindow } from './story/customer.ts';
import { StoryStage } from './story/stage.ts';

/** Several windows, and what is asked for every 15 seconds: on a busy machine that takes its time. */
const LONG_MS = 180_000;
const HUMAN = 'I was charged twice. This is ridiculous, let me talk to a person!';

let stage: StoryStage;
/** Of a system that speaks for customers. */
let key: string;
/** Windows and twins of a test, closed after it. */
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  stage = await StoryStage.set({ ALLOW_PRIVATE_ADDRESSES: 'true', RATE_LIMITS: 'off' });
  const made = await stage.client.write<{ key: string }>('POST', '/v1/keys', stage.admin, {
    name: 'test',
    scopes: ['handoffs:write', 'conversations:read', 'conversations:write'],
  });
  key = made.key;
});
afterEach(async () => {
  await routeTo([null]);
  for (const one of open.splice(0)) await one.close();
  expect(stage.faults.splice(0)).toEqual([]);
});
afterAll(() => stage?.clear());

/** A busy machine may take its time. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

/** All queues try these desks. */
async function routeTo(desks: (string | null)[]): Promise<void> {
  const { items } = await stage.client.get<{ items: Queue[] }>('/v1/queues', stage.admin);
  for (const { id } of items) await stage.client.write('PATCH', `/v1/queues/${id}`, stage.admin, { desks });
}

async function standing(kind: string): Promise<Stand> {
  const made = await stand(kind);
  open.push(made.twin);
  return made;
}

/** A desk of this kind, connected; its twin knows where to report. */
async function connected(kind: string, name: string) {
  const { twin, config } = await standing(kind);
  const body = { side: 'desk', kind, name, config };
  const { id, inboundUrl } = await stage.client.write<{ id: string; inboundUrl: string }>(
    'POST',
    '/v1/integrations',
    stage.admin,
    body,
  );
  twin.webhooks.to(inboundUrl);
  return { id, twin };
}

async function window(size = { width: 1360, height: 900 }, more: object = {}): Promise<Page> {
  const context = await stage.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', viewport: size, ...more });
  open.push(context);
  const page = await context.newPage();
  // What a webhook has lost is found by asking, which is every 15 seconds at first.
  page.setDefaultTimeout(40_000);
  page.on('pageerror', (error) => stage.faults.push(error.message));
  return page;
}

/** Somebody in front of the shop whom nobody knows. */
async function stranger(): Promise<CustomerWindow> {
  const page = await window({ width: 1100, height: 800 });
  await page.goto(`${stage.server.url}/demo`);
  const customer = new CustomerWindow(page.context(), page);
  await customer.openChat();
  return customer;
}

/** The owner's console at a place of it. */
async function console(path: string, ...how: Parameters<typeof window>): Promise<Page> {
  const page = await window(...how);
  const [name = '', value = ''] = stage.admin.cookie.split('=');
  await page.context().addCookies([{ name, value, url: stage.server.url }]);
  await page.goto(`${stage.server.url}/console/${path}`);
  return page;
}

async function asKey<T>(method: string, path: string, body: object): Promise<T> {
  const answer = await fetch(stage.server.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as T;
}

describe.each(KINDS.filter(({ hasTwin }) => hasTwin))('$kind', ({ kind }) => {
  test(
    '[DS30] the story: asked for, taken, both speak, given back to the bot, taken again, closed',
    async () => {
      const { id, twin } = await connected(kind, 'Their desk');
      await routeTo([id]);
      const [dana, kim] = twin.agents;
      const ticketOf = async (place: number) => {
        await eventually(() => twin.tickets().length).toBe(place);
        return twin.tickets()[place - 1]?.id ?? '';
      };
      const read = (ticket: string) =>
        twin
          .ticket(ticket)
          ?.entries.map(({ text }) => text)
          .join('\n');

      const ada = await stranger();
      await ada.say('How long does delivery take?');
      await eventually(async () => (await ada.bubbles()).length).toBeGreaterThanOrEqual(2);
      await ada.say(HUMAN);
      const first = await ticketOf(1);
      // Everything that was said before is there, the bot's words too.
      await eventually(() => read(first)).toContain('How long does delivery take?');
      await eventually(() => read(first)).toContain(HUMAN);

      await twin.agent.take(first, dana);
      await twin.agent.reply(first, dana, 'Hello, I am looking at it.');
      await ada.line('Hello, I am looking at it.').waitFor();
      await ada.line(`${dana.name} joined`).waitFor();
      const before = await ada.bubbles();
      await ada.page.reload();
      await eventually(() => ada.bubbles()).toEqual(before);

      // The bot knows the answer to this one, and would be quicker than any human.
      await ada.say('And do you deliver to Norway?');
      await eventually(() => read(first)).toContain('And do you deliver to Norway?');
      await twin.agent.reply(first, dana, 'Yes, within a week.');
      await ada.line('Yes, within a week.').waitFor();
      expect((await ada.bubbles()).slice(-3)).toEqual([
        'Hello, I am looking at it.',
        'And do you deliver to Norway?',
        'Yes, within a week.',
      ]);

      await twin.agent.handBack(first, dana);
      await ada.line(/handed the conversation back to the assistant/).waitFor();
      await ada.say('How do I return something?');
      await eventually(async () => (await ada.bubbles()).at(-1)).not.toBe('How do I return something?');

      await ada.say('Let me talk to a person again, please');
      const second = await ticketOf(2);
      await twin.agent.take(second, kim);
      await twin.agent.reply(second, kim, 'All is done.');
      await ada.line('All is done.').waitFor();
      await twin.agent.close(second, kim);
      await ada.line('Conversation ended').waitFor();
    },
    LONG_MS,
  );
});

describe('in the console', () => {
  test(
    '[CN53] [CN34] a person connects a desk step by step, tries it, and sees how it is doing',
    async () => {
      const { twin, config } = await standing('chatwoot');
      const page = await console('settings/desks');
      const text = (name: string) => page.getByRole('textbox', { name, exact: true });
      await page.getByRole('heading', { name: 'Desks' }).waitFor();
      const connect = page.getByRole('button', { name: 'Connect a desk' });
      const card = page.getByRole('button', { name: /^Chatwoot/ });
      // Where none is connected yet the cards are there at once.
      await connect.or(card).first().waitFor();
      if (await connect.isVisible()) await connect.click();
      await card.waitFor();
      expect(await faultsOf(page), 'cards').toEqual([]);
      await card.click();
      await page.getByRole('heading', { name: 'Connect Chatwoot' }).waitFor();
      expect(await faultsOf(page), 'steps').toEqual([]);

      await text('Name').fill('Chatwoot of the shop');
      await text('Address').fill(String(config['url']));
      await text('Account number').fill('1');
      await text('Inbox number').fill('9');
      await text('Inbox identifier').fill('iNb0x');
      await text('Access token').fill('not the token');
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
      const address = page.getByText('/inbound/int_');
      await address.waitFor();
      twin.webhooks.to((await address.innerText()).trim());
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('It does not work yet').waitFor();
      await page.getByText(/refused the credentials \(401\)/).waitFor();

      await text('Access token').fill('token');
      await text('Webhook secret').fill('s3cr3t');
      await page.getByRole('button', { name: 'Save' }).first().click();
      await eventually(() => text('Webhook secret').getAttribute('placeholder')).toContain('Kept');
      // What was entered covered is not in the page any more.
      expect((await page.content()).includes('s3cr3t')).toBe(false);
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('Works as "Baton" in the inbox "Baton".').waitFor();

      await page.getByRole('button', { name: 'Send a test handoff' }).click();
      await page.getByText('It is in Chatwoot of the shop').waitFor();
      const [ticket] = twin.tickets();
      const [dana] = twin.agents;
      await twin.agent.take(ticket?.id ?? '', dana);
      await twin.agent.reply(ticket?.id ?? '', dana, 'I can read you.');
      await page.getByRole('list', { name: 'What came back' }).getByText('I can read you.').waitFor();
      await page.getByRole('link', { name: 'Open the ticket' }).waitFor();
      expect(await faultsOf(page), 'tried').toEqual([]);
      await page.getByRole('button', { name: 'End the test' }).click();
      await page.getByText('The test is over.').waitFor();
      await eventually(() => twin.tickets()[0]?.open).toBe(false);

      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('heading', { name: 'How it is doing' }).waitFor();
      await page.getByText('Working', { exact: true }).waitFor();
      await page.getByRole('row', { name: /open ticket/ }).waitFor();
      await page.getByText('Everything arrived.').waitFor();
      expect(await faultsOf(page), 'one desk').toEqual([]);

      // A queue goes there first, our console second: moved by the keyboard.
      await page.getByRole('link', { name: 'Queues' }).click();
      await page.getByRole('button', { name: 'Edit' }).first().click();
      await page.getByPlaceholder('Add a desk').click();
      await page.getByRole('option', { name: 'Chatwoot of the shop' }).click();
      await page.getByRole('button', { name: 'Move Chatwoot of the shop up' }).focus();
      await page.keyboard.press('Enter');
      await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
        'Move Chatwoot of the shop down',
      );
      expect(await faultsOf(page), 'queue').toEqual([]);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('goes to Chatwoot of the shop, This console').waitFor();

      await page.getByRole('link', { name: 'Desks' }).click();
      await page.getByRole('link', { name: 'Chatwoot of the shop' }).click();
      await page.getByRole('button', { name: 'Disconnect' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
      await page.getByText('Switched off', { exact: true }).first().waitFor();
    },
    LONG_MS,
  );

  test(
    '[CN52] [CN53] what did not arrive is told at once, and sent again with one click',
    async () => {
      const { id, twin } = await connected('chatwoot', 'Chatwoot');
      const { conversation, handoff } = await asKey<{
        conversation: { id: string };
        handoff: { ticket: { id: string } };
      }>('POST', '/v1/handoffs', {
        desk: id,
        customer: { name: 'Ben Adeyemi' },
        transcript: [{ role: 'customer', text: 'Where is my parcel?' }],
      });
      const say = (clientId: string, text: string) =>
        asKey('POST', `/v1/conversations/${conversation.id}/messages`, {
          author: { role: 'customer' },
          clientId,
          text,
        });
      const texts = () => twin.ticket(handoff.ticket.id)?.entries.map(({ text }) => text) ?? [];
      const page = await console(`inbox/all/${conversation.id}`);
      const details = page.getByRole('complementary', { name: 'Details' });
      await details.getByText('In Chatwoot').waitFor();
      await details.getByRole('link', { name: /^Ticket / }).waitFor();
      await say('m1', 'This one arrives.');
      await page.getByRole('article').getByText('In Chatwoot').waitFor();
      for (const [clientId, text] of [
        ['m2', 'This one does not.'],
        ['m3', 'Nor does this one.'],
      ] as const) {
        twin.fault('redirects', { work: 'message' });
        await say(clientId, text);
        await page
          .getByRole('article')
          .filter({ hasText: text })
          .getByText(/^Not in Chatwoot/)
          .waitFor();
      }
      await details.getByText('2 messages are not there.').waitFor();
      expect(await faultsOf(page), 'conversation').toEqual([]);
      await page
        .getByRole('article')
        .filter({ hasText: 'This one does not.' })
        .getByRole('button', { name: 'Send again' })
        .click();
      await eventually(texts).toContain('This one does not.');
      await details.getByText('1 message is not there.').waitFor();

      await page.goto(`${stage.server.url}/console/settings/desks/${id}`);
      const failed = page.getByRole('listitem').filter({ hasText: 'Nor does this one.' });
      await failed.getByText('Failed', { exact: true }).waitFor();
      expect(await faultsOf(page), 'trouble').toEqual([]);
      await failed.getByRole('button', { name: 'Send again' }).click();
      await eventually(texts).toContain('Nor does this one.');
      expect(texts().filter((text) => text === 'This one does not.')).toHaveLength(1);
      await page.reload();
      await page.getByText('Everything arrived.').waitFor();
    },
    LONG_MS,
  );

  test.each([
    ['dark', { width: 1360, height: 900 }, { colorScheme: 'dark' }],
    ['a phone', { width: 390, height: 844 }, {}],
  ] as const)('[CN34] no faults that axe finds in desks: %s', async (_, size, more) => {
    const { id } = await connected('webhook', 'The service desk of the northern branch, second floor');
    const page = await console('settings/desks', size, more);
    await page
      .getByRole('link', { name: /northern branch/ })
      .first()
      .waitFor();
    expect(await faultsOf(page), 'list').toEqual([]);
    await page.goto(`${stage.server.url}/console/settings/desks/${id}`);
    await page.getByText('Everything arrived.').waitFor();
    expect(await faultsOf(page), 'one desk').toEqual([]);
    await page.goto(`${stage.server.url}/console/settings/desks/new`);
    await page.getByRole('button', { name: /^Webhook desk/ }).click();
    await page.getByRole('heading', { name: 'Connect Webhook desk' }).waitFor();
    expect(await faultsOf(page), 'steps').toEqual([]);
  });
});
