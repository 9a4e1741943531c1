import type { BrowserContext, Locator, Page } from 'playwright-core';

/** The customer's window: the demo shop with the widget, by what people see and click. */
export class CustomerWindow {
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  async openChat(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open chat/ }).click();
    await this.panel.waitFor();
  }

  get panel(): Locator {
    return this.page.getByRole('dialog');
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** Texts of all bubbles, in the order in which they stand. */
  bubbles(): Promise<string[]> {
    return this.page.locator('.bubble.text').allTextContents();
  }

  /** Where he stands in the line, above the bubbles. */
  get banner(): Locator {
    return this.panel.getByRole('region', { name: 'You are in the line' });
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.panel.getByRole('radio', { name: `${score} of 5` }).check();
    await this.panel.getByRole('textbox', { name: /^Anything you would like to add/ }).fill(comment);
    await this.panel.getByRole('button', { name: 'Send feedback' }).click();
  }

  /** A line between the bubbles: somebody joined, left, handed over. */
  line(text: string | RegExp): Locator {
    return this.panel.getByText(text).first();
  }
}
