import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page: rule and elements. */
export async function faultsOf(page: Page): Promise<string[]> {
  // A tooltip hangs outside of all regions: it belongs to its button.
  await page.mouse.move(0, 0);
  // Colours while something fades in are not those that people read.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
