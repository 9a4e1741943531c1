// What an admin does in the console besides desks: webhooks, the audit log, what a customer may ask for, how long things are kept.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Customer, Workspace } from '@baton/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { faultsOf } from './console/faults.ts';
import { StoryStage } from './story/stage.ts';

let stage: StoryStage;
/** A system of the workspace's own, told of events; it takes them, or not. */
let hook: { url: string; heard: string[]; takes: boolean; close(): Promise<void> };
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  stage = await StoryStage.set({ ALLOW_PRIVATE_ADDRESSES: 'true', RATE_LIMITS: 'off' });
  hook = await listen();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  expect(stage.faults.splice(0)).toEqual([]);
});
afterAll(async () => {
  await hook?.close();
  await stage?.clear();
});

/** A busy machine may take its time. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

async function listen() {
  const heard: string[] = [];
  const made = { url: '', heard, takes: true, close: async () => {} };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (made.takes) heard.push((JSON.parse(body) as { type: string }).type);
      response.writeHead(made.takes ? 204 : 500).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  made.close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return made;
}

/** The owner's console at a place of it. */
async function console(path: string): Promise<Page> {
  const context = await stage.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  open.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => stage.faults.push(error.message));
  const [name = '', value = ''] = stage.admin.cookie.split('=');
  await context.addCookies([{ name, value, url: stage.server.url }]);
  await page.goto(`${stage.server.url}/console/${path}`);
  return page;
}

async function handOff(externalId: string, name: string) {
  return stage.client.write<{ conversation: { id: string; customer: Customer } }>('POST', '/v1/handoffs', stage.admin, {
    customer: { externalId, name },
    transcript: [{ role: 'customer', text: 'My card number is on the invoice' }],
  });
}

test('[CN54] [CN34] a webhook is added with a secret that is shown once, tried, watched, and replayed', async () => {
  const page = await console('settings/webhooks');
  await page.getByText('No webhook yet.').waitFor();
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill(hook.url);
  await page.getByRole('switch', { name: 'Everything that happens' }).uncheck();
  expect(await faultsOf(page), 'form').toEqual([]);
  await page.getByRole('button', { name: 'Create' }).click();
  const dialog = page.getByRole('dialog', { name: 'The secret of your webhook' });
  const secret = (await dialog.locator('pre').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('link', { name: /\/hooks$/ }).click();
  await page.getByText('Nothing was sent yet.').waitFor();
  expect((await page.content()).includes(secret)).toBe(false);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('It was taken').waitFor();

  await handOff('watched', 'Ben Adeyemi');
  await eventually(() => hook.heard).toContain('handoff.requested');
  expect(hook.heard).not.toContain('conversation.opened');
  hook.takes = false;
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('It was not taken').waitFor();
  await handOff('not heard', 'Ada Whitfield');
  const retrying = page.getByRole('listitem').filter({ hasText: 'Retrying' });
  await eventually(async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    await page.getByText('handoff.queued').first().waitFor();
    return retrying.count();
  }).toBeGreaterThan(0);
  expect(await faultsOf(page), 'one webhook').toEqual([]);
  hook.takes = true;
  const before = hook.heard.length;
  await retrying.first().getByRole('button', { name: 'Send again' }).click();
  await eventually(() => hook.heard.length).toBeGreaterThan(before);
  hook.heard.length = 0;
  await page.getByRole('button', { name: 'Replay' }).click();
  await eventually(() => hook.heard.filter((type) => type === 'handoff.requested').length).toBeGreaterThanOrEqual(2);
});

test('[CN54] [CN34] the audit log says in words who did what, and is looked through by who, what and to what', async () => {
  const { id } = await stage.client.write<{ id: string }>('POST', '/v1/queues', stage.admin, { name: 'Returns' });
  const page = await console('settings/audit');
  const entries = page.getByRole('main').getByRole('listitem');
  await entries.filter({ hasText: 'Added a queue' }).first().waitFor();
  expect(await faultsOf(page), 'audit').toEqual([]);
  await page.getByRole('textbox', { name: 'To what' }).fill(id);
  await eventually(() => entries.count()).toBe(1);
  await page.getByRole('textbox', { name: 'To what' }).fill('que_that_never_was');
  await page.getByText('Nothing fits these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('combobox', { name: 'What' }).click();
  await page.getByRole('option', { name: 'Logged in', exact: true }).click();
  await eventually(async () =>
    (await entries.allInnerTexts()).every((text) => text.includes('Logged in') && text.length > 0),
  ).toBe(true);
});

test('[CN55] [CN34] an admin exports what is held of a customer, and erases it after he has typed that he means it', async () => {
  const { conversation } = await handOff('leaving', 'Carla Nunes');
  const page = await console(`inbox/all/${conversation.id}`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = await (await download).createReadStream();
  let text = '';
  for await (const piece of file) text += piece;
  expect(JSON.parse(text)).toMatchObject({ customer: { name: 'Carla Nunes' } });
  expect(text).toContain('My card number is on the invoice');

  await page.getByRole('button', { name: 'Erase' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase Carla Nunes?' });
  const erase = dialog.getByRole('button', { name: 'Erase' });
  expect(await erase.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('erase');
  expect(await faultsOf(page), 'erase').toEqual([]);
  await erase.click();
  await page.getByText('Erased, with 1 conversation').waitFor();
  const { name } = await stage.client.get<Customer>(`/v1/customers/${conversation.customer.id}`, stage.admin);
  expect(name).toBeNull();

  // Who is no admin is not even asked.
  const other = await handOff('staying', 'Ben Adeyemi');
  const dana = await stage.desk('Dana');
  open.push(dana.context);
  await dana.page.goto(`${stage.server.url}/console/inbox/all/${other.conversation.id}`);
  await dana.details.getByText('staying').waitFor();
  expect(await dana.page.getByRole('button', { name: 'Erase' }).count()).toBe(0);
});

test('[CN55] [CN34] how long closed conversations are kept is set in the workspace', async () => {
  const page = await console('settings/workspace');
  await page.getByText('Closed conversations are kept until you delete them.').waitFor();
  await page.getByRole('switch', { name: /^Delete closed conversations/ }).check();
  await page.getByRole('textbox', { name: 'Days' }).fill('90');
  await page.getByText('Deleted 90 days after they were closed.').waitFor();
  expect(await faultsOf(page), 'workspace').toEqual([]);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  const { retentionDays } = await stage.client.get<Workspace>('/v1/workspace', stage.admin);
  expect(retentionDays).toBe(90);
});
