import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

interface Look {
  /** Only within what this selects. */
  within?: string;
  /** Only these rules of axe. */
  rules?: string[];
}

/** What axe finds wrong with a page: rule and elements. */
export async function faultsOf(page: Page, { within, rules }: Look = {}): Promise<string[]> {
  // A tooltip hangs outside of all regions: it belongs to its button.
  await page.mouse.move(0, 0);
  // Colours while something fades in are not those that people read.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  // The legacy mode opens no page of its own to put frames together, and takes a third of the time. We have no frames.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  if (within) axe.include(within);
  if (rules) axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
