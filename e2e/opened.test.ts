// Whatever opens in the console - dialogs, menus, drawers, lists of choices - in both schemes, for those who cannot see it
// and for those who have no mouse.
import type { Workspace } from '@baton/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { faultsOf } from './console/faults.ts';
import { Visitor } from './console/visitor.ts';
import type { Desk } from './story/desk.ts';
import { StoryStage } from './story/stage.ts';

/** Axe looks at each thing twice: seconds on a machine that has nothing else to do, minutes on one that has. */
const SLOW = { timeout: 240_000 };

let stage: StoryStage;
const open: { close(): Promise<void> | void }[] = [];

beforeAll(async () => {
  stage = await StoryStage.set();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  expect(stage.faults.splice(0)).toEqual([]);
});
afterAll(() => stage?.clear());

async function desk(name: string): Promise<Desk> {
  const made = await stage.desk(name);
  open.push({ close: () => made.context.close() });
  return made;
}

/** A busy machine may take its time. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

/** The owner's console. */
async function admin() {
  const context = await stage.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => stage.faults.push(error.message));
  const [name = '', value = ''] = stage.admin.cookie.split('=');
  await context.addCookies([{ name, value, url: stage.server.url }]);
  open.push(context);
  return page;
}

/** What axe finds in what has opened; in the dark nothing but colours is another. */
async function faultsInBoth(page: Page, within = '[role=dialog]'): Promise<string[]> {
  const light = await faultsOf(page, { within });
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await faultsOf(page, { within, rules: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

test('[CN28] who has just set it up is led to what comes next', async () => {
  const page = await admin();
  await page.goto(`${stage.server.url}/console/`);
  await page.getByText('Ready for your first customer').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Put the chat on your website' }).click();
  await page.getByRole('heading', { name: 'Website widget' }).waitFor();
});

test('[CN34] account and presence: a dialog that takes the focus, goes with Escape and gives the focus back', async () => {
  const { page, account } = await desk('Dana');
  const button = page.getByRole('button', { name: /^Presence and account/ });
  await button.focus();
  await page.keyboard.press('Enter');
  await account.waitFor();
  expect(await faultsInBoth(page)).toEqual([]);
  const chosen = account.getByRole('button', { pressed: true });
  expect(await chosen.innerText()).toMatch(/^Offline/);
  await eventually(() => chosen.evaluate((element) => element === document.activeElement)).toBe(true);
  // A letter is not a command while it is open.
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await account.waitFor({ state: 'hidden' });
  await eventually(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('[CN34] no faults that axe finds in what opens of a conversation', SLOW, async () => {
  const one = await Visitor.comes(stage.client, stage.server.site);
  open.push({ close: () => one.leaves() });
  await one.say('How long does delivery take?');
  await one.answered();
  const dana = await desk('Dana');
  const { page } = dana;
  await dana.show('With the bot');
  await dana.row(one.name).click();
  await dana.press('Take over');
  await dana.box.waitFor();
  const more = async (deed: string) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: deed }).click();
  };
  const shut = () => page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menu').waitFor();
  expect(await faultsInBoth(page, '[role=menu]'), 'menu').toEqual([]);
  await shut();
  await more('Transfer');
  await page.getByRole('option', { name: 'Billing' }).waitFor();
  expect(await faultsInBoth(page), 'transfer').toEqual([]);
  await shut();
  await shut();
  await dana.press('Return to bot');
  await page.getByRole('dialog', { name: 'Return to the bot' }).waitFor();
  expect(await faultsInBoth(page), 'return').toEqual([]);
  await shut();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  expect(await faultsInBoth(page), 'help').toEqual([]);
  await shut();
  await page.setViewportSize({ width: 820, height: 900 });
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('dialog', { name: 'Details' }).waitFor();
  expect(await faultsInBoth(page), 'details').toEqual([]);
});

test('[CN34] no faults that axe finds in what opens of the settings', SLOW, async () => {
  const page = await admin();
  for (const [section, button] of [
    ['roster', 'Import'],
    ['widget', 'Add site'],
    ['queues', 'Edit'],
  ] as const) {
    await page.goto(`${stage.server.url}/console/settings/${section}`);
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await faultsInBoth(page), `${section}: ${button}`).toEqual([]);
  }
  await page.getByRole('tab', { name: 'Routing' }).click();
  expect(await faultsInBoth(page), 'routing').toEqual([]);
});

test('[CN56] a length of time is written with its unit', async () => {
  const page = await admin();
  await page.goto(`${stage.server.url}/console/settings/timing`);
  const name = 'With the bot, nobody says anything: closed after';
  const [count, unit] = [page.getByRole('textbox', { name, exact: true }), page.getByRole('combobox', { name })];
  expect([await count.inputValue(), await unit.inputValue()]).toEqual(['1', 'day']);
  await unit.selectOption('hour');
  await count.fill('36');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  const { rules } = await stage.client.get<Workspace>('/v1/workspace', stage.admin);
  expect(rules.limits.botIdleSeconds).toBe(36 * 3_600);
});
