import type { BrowserContext, Locator, Page } from 'playwright-core';

/** An agent's window: the console, by what people see and click. */
export class Desk {
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Presence, capacity, likes and the way out, once it is opened. */
  get account(): Locator {
    return this.page.getByRole('dialog', { name: /^Presence and account/ });
  }

  /** Chooses a presence and how many conversations he takes at once. */
  async be(state: 'Online' | 'Away', capacity: number): Promise<void> {
    const menu = this.page.getByRole('button', { name: /^Presence and account/ });
    await menu.click();
    const count = this.page.locator('output');
    await count.waitFor();
    for (let now = Number(await count.textContent()); now !== capacity; now += now < capacity ? 1 : -1) {
      await this.page.getByRole('button', { name: now < capacity ? 'One more' : 'One fewer' }).click();
      await this.page.locator('output', { hasText: String(now < capacity ? now + 1 : now - 1) }).waitFor();
    }
    await this.account.getByRole('button', { name: new RegExp(`^${state}`) }).click();
    await this.page.getByRole('button', { name: new RegExp(`^Presence and account: .*, ${state}`) }).waitFor();
  }

  /** Goes to one of the lists: Queue, Mine, With the bot, All open, Closed. */
  async show(list: string): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^${list}`) }).click();
    await this.page.getByRole('heading', { name: list, level: 1 }).waitFor();
  }

  /** The row of a customer in the list that is shown. */
  row(customer: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(customer) });
  }

  get offer(): Locator {
    return this.page.getByRole('region', { name: 'A customer needs you' });
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: /^Reply to / });
  }

  async reply(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** A button of the open conversation: Resolve, Return to bot, Take over, Watch. */
  async press(deed: string): Promise<void> {
    await this.page.getByRole('button', { name: deed, exact: true }).first().click();
  }

  async resolve(): Promise<void> {
    await this.page.getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Resolve with a note' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Resolve' });
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async returnToBot(note: string): Promise<void> {
    await this.press('Return to bot');
    const dialog = this.page.getByRole('dialog', { name: 'Return to the bot' });
    await dialog.getByRole('textbox', { name: 'Note for the bot' }).fill(note);
    await dialog.getByRole('button', { name: 'Return to bot' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Texts of all messages of the open conversation, each with whose it is. */
  async messages(): Promise<[role: string, text: string][]> {
    const articles = await this.page.locator('article[data-role]').all();
    return Promise.all(
      articles.map(
        async (article): Promise<[string, string]> => [
          (await article.getAttribute('data-role')) ?? '',
          (await article.innerText()).trim(),
        ],
      ),
    );
  }

  /** The open conversation with this customer: timeline and composer, without the lists around it. */
  talkWith(customer: string): Locator {
    return this.page.getByRole('region', { name: customer, exact: true });
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: 'Details' });
  }
}
