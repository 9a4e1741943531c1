import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

it('renders, clicks and checks a page', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.setContent(
    '<html lang="en"><title>t</title><main><h1>Hello</h1><button onclick="this.textContent=`done`">go</button>',
  );
  await page.getByRole('button').click();
  expect(await page.getByRole('button').textContent()).toBe('done');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect((await page.screenshot()).length).toBeGreaterThan(1_000);
  await context.close();
});
