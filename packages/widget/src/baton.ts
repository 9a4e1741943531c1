import type { Message } from '@baton/protocol';
import { ENGLISH } from '#strings.ts';
import { brief } from '#ui/launcher.tsx';
import { isPhone } from '#ui/phone.ts';
import { CallRefused } from '#visit/calls.ts';
import { Memory } from '#visit/memory.ts';
import type { Site } from '#visit/site.ts';
import { unread } from '#visit/view.ts';
import { Visit } from '#visit/visit.ts';
import type { Look } from './mount.tsx';
import { mount } from './mount.tsx';
import { Shell } from './shell.ts';
import { chime } from './sound.ts';

declare global {
  interface Window {
    /** Before the script has loaded: the calls that wait for it. */
    Baton?: Baton | [method: string, ...args: unknown[]][] | undefined;
  }
}

export interface Options extends Look {
  site: Site;
}

/** What the page may listen to, and what it is told. */
export interface BatonEvents {
  /** The widget is on the page. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** Somebody wrote to the visitor. */
  message: { conversation: string; author: { role: string; name: string | null }; text: string };
  /** How many messages he has not seen. */
  unread: number;
  /** The JWT was not taken; the visitor is anonymous until `identify` gets a good one. */
  'identity-refused': { reason: string };
}
type Listener = (told: never) => void;

/** `window.Baton`: the page's hand on the widget. */
export class Baton {
  readonly #visit: Visit;
  readonly #shell: Shell;
  readonly #listeners = new Map<string, Set<Listener>>();
  #unmount: (() => void) | null = null;
  #destroyed = false;
  #unread = 0;

  constructor({ site, mode }: Options) {
    const tab = new Memory(site.key, () => sessionStorage);
    this.#visit = new Visit(site, ENGLISH.stale);
    this.#shell = new Shell(this.#visit.memory);
    // The next page of the same visit goes on as the visitor left it; on a phone it would hide that page.
    if (tab.get('open') && !isPhone()) this.#shell.open(true);
    let { open } = this.#shell.state;
    this.#shell.on(() => {
      if (open === this.#shell.state.open) return;
      open = this.#shell.state.open;
      tab.set('open', open ? '1' : null);
      if (open) this.#visit.connect();
      this.#tell(open ? 'open' : 'close', undefined);
    });
    this.#listen();
    void this.#begin(site, { mode });
  }

  open = (): void => this.#shell.open(true);
  close = (): void => this.#shell.open(false);
  toggle = (): void => this.#shell.open(!this.#shell.state.open);
  /** Shows or hides the round button; a page with a button of its own calls `open`. */
  show = (): void => this.#shell.showLauncher(true);
  hide = (): void => this.#shell.showLauncher(false);

  /** Says who the visitor is, by a JWT of the site's backend; null: he has logged out. */
  identify = async (identity: string | null): Promise<void> => {
    await this.#visit.identify(identity);
  };

  /** Returns the way to stop listening. */
  on = <E extends keyof BatonEvents>(event: E, listener: (told: BatonEvents[E]) => void): (() => void) => {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    if (event === 'ready' && this.#unmount) queueMicrotask(() => (listener as () => void)());
    return () => all.delete(listener);
  };

  /** Takes the widget off the page. What the visitor wrote stays in his browser until it is sent. */
  destroy = (): void => {
    this.#destroyed = true;
    this.#visit.stop();
    this.#unmount?.();
    this.#unmount = null;
    this.#listeners.clear();
    if (window.Baton === this) window.Baton = undefined;
  };

  async #begin(site: Site, look: Look): Promise<void> {
    try {
      await this.#visit.start();
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      // The site's developer has to see this, the visitor need not.
      console.error(`Baton: the widget is not shown. ${error.message} (${error.code})`);
      return;
    }
    if (this.#destroyed) return;
    if (this.#shell.state.open) this.#visit.connect();
    this.#unmount = mount(this.#visit, this.#shell, site.locale, look);
    this.#tell('ready', undefined);
  }

  #listen(): void {
    this.#visit.on((news) => {
      if (news.type === 'arrived' && news.item.event.type === 'message') this.#onMessage(news.item.event.message);
      if (news.type === 'identity-refused') {
        console.error(`Baton: the identity token was refused. ${news.reason}`);
        this.#tell('identity-refused', { reason: news.reason });
      }
      const count = unread(this.#visit.state).length;
      if (count !== this.#unread) this.#tell('unread', count);
      this.#unread = count;
    });
  }

  #onMessage(message: Message): void {
    const { role, name } = message.author;
    const conversation = this.#visit.state.conversation ?? '';
    this.#tell('message', { conversation, author: { role, name: name ?? null }, text: brief(message) });
    const looked = this.#shell.state.open && document.visibilityState === 'visible';
    if (this.#shell.state.sound && !looked) chime();
  }

  #tell<E extends keyof BatonEvents>(event: E, told: BatonEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (told: BatonEvents[E]) => void)(told);
  }
}
