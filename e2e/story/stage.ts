import type { Agent, EventItem } from '@baton/protocol';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { Client, type Login } from '#bench/server/client.ts';
import { startOwnNodes } from '#bench/server/own-nodes.ts';
import { type OwnServer, startOwnServer } from '#bench/server/own-server.ts';
import { launchBrowser } from '#e2e/browser.ts';
import { CustomerWindow } from './customer.ts';
import { Desk } from './desk.ts';
import { Gate } from './gate.ts';

/** Server, browser, and whoever looks in: what every story needs. */
export class StoryStage {
  readonly server: OwnServer;
  readonly client: Client;
  readonly browser: Browser;
  /** The network of the customers. */
  readonly network: Gate;
  readonly admin: Login;
  /** What went wrong in any of the windows. */
  readonly faults: string[] = [];

  private constructor(server: OwnServer, client: Client, browser: Browser, network: Gate, admin: Login) {
    this.server = server;
    this.client = client;
    this.browser = browser;
    this.network = network;
    this.admin = admin;
  }

  /**
   * With STORY_NODES=2 in the environment of the test, on so many servers behind a balancer.
   *
   * @param environment settings of the server besides ours
   */
  static async set(environment: Readonly<Record<string, string>> = {}): Promise<StoryStage> {
    const nodes = Number(process.env.STORY_NODES ?? 1);
    const [server, browser] = await Promise.all([
      nodes > 1 ? startOwnNodes(nodes, { environment }) : startOwnServer({ environment }),
      launchBrowser(),
    ]);
    const client = new Client(server.url);
    const network = await Gate.before(server.url);
    return new StoryStage(
      server,
      client,
      browser,
      network,
      await client.login(server.owner.email, server.owner.password),
    );
  }

  async clear(): Promise<void> {
    await this.browser.close();
    this.network.close();
    await this.server.stop();
  }

  /** A customer in front of the demo shop; `as` one whom the shop knows and vouches for. */
  async customer(as: 'ada' | 'ben', options?: BrowserContextOptions): Promise<CustomerWindow> {
    const { context, page } = await this.#window({ viewport: { width: 1100, height: 800 }, ...options });
    await page.goto(`${this.network.url}/demo?as=${as}`);
    return new CustomerWindow(context, page);
  }

  /** An agent of the demo workspace, logged in by his link. */
  async desk(firstName: string, options?: BrowserContextOptions): Promise<Desk> {
    const { items } = await this.client.get<{ items: Agent[] }>('/v1/agents', this.admin);
    const agent = items.find(({ name }) => name.startsWith(firstName));
    if (!agent) throw new Error(`There is no agent ${firstName}.`);
    const { url } = await this.client.write<{ url: string }>(
      'POST',
      `/v1/agents/${agent.id}/login-link`,
      this.admin,
      {},
    );
    const { context, page } = await this.#window({ viewport: { width: 1360, height: 850 }, ...options });
    await page.goto(url);
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
    return new Desk(context, page);
  }

  /** The log of the newest conversation of a customer, as staff see it. */
  async logOf(customer: string): Promise<EventItem[]> {
    const { items } = await this.client.get<{ items: { id: string; customer: { name: string | null } }[] }>(
      '/v1/conversations',
      this.admin,
    );
    const found = items.find((one) => one.customer.name === customer);
    return found ? this.client.timeline(this.admin, found.id) : [];
  }

  async #window(options: BrowserContextOptions) {
    const context = await this.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.faults.push(error.message));
    return { context, page };
  }
}
