import { Door } from '#front/door.ts';
import type { BatonEvents, Chat } from '#front/entry.ts';
import { Host, type Look } from '#front/host.ts';
import { Loader } from '#front/load.ts';
import { isPhone } from '#front/phone.ts';
import { isFinal } from '#visit/calls.ts';
import { Memory } from '#visit/memory.ts';
import { Sessions } from '#visit/sessions.ts';
import type { Site } from '#visit/site.ts';
import { Shell } from './shell.ts';

declare global {
  interface Window {
    /** Before the script has loaded: the calls that wait for it. */
    Baton?: Baton | [method: string, ...args: unknown[]][] | undefined;
  }
}

export interface Options extends Look {
  site: Site;
}
type Listener = (told: never) => void;

/**
 * `window.Baton`: the page's hand on the widget. What most visitors need of it is one request and a round button; the
 * chat itself is loaded when somebody is about to open it, or when there is something to go on with.
 */
export class Baton {
  readonly #site: Site;
  readonly #memory: Memory;
  readonly #sessions: Sessions;
  readonly #shell: Shell;
  readonly #listeners = new Map<string, Set<Listener>>();
  #host: Host | null = null;
  #door: Door | null = null;
  #chat: Chat | null = null;
  readonly #loader: Loader;
  #loading: Promise<void> | null = null;
  #destroyed = false;

  constructor({ site, mode }: Options) {
    const tab = new Memory(site.key, () => sessionStorage);
    this.#site = site;
    this.#memory = new Memory(site.key, () => localStorage);
    this.#sessions = new Sessions(site, this.#memory);
    // The next page of the same visit goes on as the visitor left it; on a phone it would hide that page.
    this.#shell = new Shell(this.#memory, tab.get('open') !== null && !isPhone());
    this.#loader = new Loader(site.host, () => this.#door?.failed());
    let { open } = this.#shell.state;
    this.#shell.on(() => {
      if (open === this.#shell.state.open) return;
      open = this.#shell.state.open;
      tab.set('open', open ? '1' : null);
      if (open) this.#load();
      this.#tell(open ? 'open' : 'close', undefined);
    });
    this.#sessions.on((news) => {
      if (news.type === 'entered') return this.#resume();
      console.error(`Baton: the identity token was refused. ${news.reason}`);
      this.#tell('identity-refused', { reason: news.reason });
    });
    void this.#begin({ mode });
  }

  open = (): void => this.#shell.open(true);
  close = (): void => this.#shell.open(false);
  toggle = (): void => this.#shell.open(!this.#shell.state.open);
  /** Shows or hides the round button; a page with a button of its own calls `open`. */
  show = (): void => this.#shell.showLauncher(true);
  hide = (): void => this.#shell.showLauncher(false);

  /** Says who the visitor is, by a JWT of the site's backend; null: he has logged out. */
  identify = async (identity: string | null): Promise<void> => {
    if (this.#chat) return this.#chat.identify(identity);
    try {
      await this.#sessions.identify(identity);
    } catch (error) {
      if (isFinal(error)) throw error;
      // The server is away: the chat goes on asking.
      this.#load();
    }
  };

  /** Returns the way to stop listening. */
  on = <E extends keyof BatonEvents>(event: E, listener: (told: BatonEvents[E]) => void): (() => void) => {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    if (event === 'ready' && this.#host) queueMicrotask(() => (listener as () => void)());
    return () => all.delete(listener);
  };

  /** Takes the widget off the page. What the visitor wrote stays in his browser until it is sent. */
  destroy = (): void => {
    this.#destroyed = true;
    this.#door?.remove();
    this.#chat?.leave();
    this.#host?.remove();
    this.#host = null;
    this.#listeners.clear();
    if (window.Baton === this) window.Baton = undefined;
  };

  async #begin(look: Look): Promise<void> {
    try {
      await this.#sessions.renew();
    } catch (error) {
      if (isFinal(error)) {
        // The site's developer has to see this, the visitor need not.
        console.error(`Baton: the widget is not shown. ${error.message} (${error.code})`);
        return;
      }
    }
    if (this.#destroyed) return;
    this.#host = new Host(this.#site, this.#sessions, look);
    this.#door = new Door(this.#host.root, this.#sessions, this.#shell, {
      wanted: () => this.#load(),
      hurry: () => this.#loader.hurry(),
    });
    this.#tell('ready', undefined);
    this.#resume();
  }

  /** Loads the chat where there is something to go on with; where the server is away it is the chat that goes on asking. */
  #resume(): void {
    const { current } = this.#sessions;
    const conversation = current?.conversation?.id;
    const left = conversation === this.#memory.get('left');
    if (!current || this.#shell.state.open || (conversation && !left) || this.#memory.keys('out:').length > 0)
      this.#load();
  }

  #load(): void {
    if (this.#host) this.#loading ??= this.#enter(this.#host);
  }

  async #enter({ root }: Host): Promise<void> {
    const { enter } = await this.#loader.load();
    if (this.#destroyed) return;
    const focused = this.#door?.remove() ?? false;
    this.#door = null;
    const [site, memory, sessions, shell] = [this.#site, this.#memory, this.#sessions, this.#shell];
    this.#chat = enter({ site, memory, sessions, shell, root, tell: (...news) => this.#tell(...news) });
    if (focused && !shell.state.open) root.querySelector<HTMLElement>('.launcher')?.focus();
  }

  #tell<E extends keyof BatonEvents>(event: E, told: BatonEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (told: BatonEvents[E]) => void)(told);
  }
}
