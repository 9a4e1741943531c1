// The customer's window in his own language, in a real browser on the real server: its own words, what Baton says, and the
// banner while he waits.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoryStage } from './story/stage.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let stage: StoryStage;
beforeAll(async () => {
  stage = await StoryStage.set();
});
afterAll(() => stage?.clear());

interface Said {
  as: 'ada' | 'ben';
  open: RegExp;
  message: string;
  inLine: string;
  nobody: RegExp;
  choices: string[];
}

const LANGUAGES: Record<string, Said> = {
  'de-DE': {
    as: 'ada',
    open: /^Chat öffnen/,
    message: 'Nachricht',
    inLine: 'Sie sind in der Warteschlange',
    nobody: /niemand aus unserem Team online/,
    choices: ['Nachricht hinterlassen', 'Mit dem Assistenten weitermachen'],
  },
  ar: {
    as: 'ben',
    open: /^فتح المحادثة/,
    message: 'الرسالة',
    inLine: 'أنت في قائمة الانتظار',
    nobody: /لا أحد من فريقنا متصل الآن/,
    choices: ['ترك رسالة', 'المتابعة مع المساعد'],
  },
};

/** The demo page as a site in this language has it: its `lang` is what the widget goes by. */
async function visitorOf(as: 'ada' | 'ben', locale: string) {
  const customer = await stage.customer(as);
  await customer.page.route(`**/demo?as=${as}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replace('<html lang="en">', `<html lang="${locale}">`),
    });
  });
  await customer.page.reload();
  return customer;
}

async function asksForPerson(page: Page, { open, message }: Said): Promise<void> {
  await page.getByRole('button', { name: open }).click();
  const box = page.getByRole('textbox', { name: message });
  await box.fill('Let me talk to a person, please');
  await box.press('Enter');
}

describe('the window', () => {
  test.each(Object.entries(LANGUAGES))('[WD9] speaks %s, in the banner and over a reload too', async (locale, said) => {
    const { page, context, panel } = await visitorOf(said.as, locale);
    await asksForPerson(page, said);
    await panel.getByText(said.nobody).first().waitFor();
    const banner = panel.getByRole('region', { name: said.inLine });
    await banner.getByText(said.nobody).waitFor();
    for (const choice of said.choices) await panel.getByRole('button', { name: choice }).waitFor();
    expect(await page.locator('#baton-widget').getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    const { violations } = await new AxeBuilder({ page }).include('#baton-widget').withTags(WCAG).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.reload();
    await banner.getByText(said.nobody).waitFor();
    await banner.getByRole('button').click();
    await banner.waitFor({ state: 'detached' });
    await context.close();
  });
});
