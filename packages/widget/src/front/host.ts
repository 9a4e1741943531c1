import { DEFAULT_THEME } from '#visit/defaults.ts';
import type { Sessions } from '#visit/sessions.ts';
import type { Site } from '#visit/site.ts';
import { paletteOf } from './colour.ts';
import css from './style.css?inline';
import { addStyle } from './style.ts';

/** How the page wants it to look; the theme of the channel says the rest. */
export interface Look {
  /** `auto` follows the visitor's system. */
  mode: 'auto' | 'light' | 'dark';
}

/** A page that swaps its body, or all within it, has taken the widget along: it is back after this. */
const BACK_MS = 50;

/** The widget's place on the page: a Shadow DOM, so that neither the page's styles nor ours cross; its colours and direction. */
export class Host {
  readonly root: ShadowRoot;
  readonly #element = document.createElement('div');
  readonly #stop: () => void;

  constructor(site: Site, sessions: Sessions, { mode }: Look) {
    const host = this.#element;
    host.id = 'baton-widget';
    this.root = host.attachShadow({ mode: 'open' });
    addStyle(this.root, css);
    const paint = () => {
      const session = sessions.current;
      const palette = paletteOf((session?.theme ?? DEFAULT_THEME).color);
      for (const [name, colour] of Object.entries(palette)) host.style.setProperty(`--${name}`, colour);
      host.lang = session?.locale ?? site.locale;
      host.dir = directionOf(host.lang);
    };
    const system = matchMedia('(prefers-color-scheme: dark)');
    const dim = () => host.toggleAttribute('data-dark', mode === 'dark' || (mode === 'auto' && system.matches));
    system.addEventListener('change', dim);
    const quiet = sessions.on(paint);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const put = () => {
      timer = null;
      if (!host.isConnected) document.body.append(host);
      // Of a body that has been swapped: the new one.
      watch.observe(document.body, { childList: true });
    };
    // Later, so that a page that does take it away on purpose does not come to a standstill with us.
    const watch = new MutationObserver(() => {
      if (!host.isConnected) timer ??= setTimeout(put, BACK_MS);
    });
    watch.observe(document.documentElement, { childList: true });
    this.#stop = () => {
      watch.disconnect();
      if (timer !== null) clearTimeout(timer);
      quiet();
      system.removeEventListener('change', dim);
    };
    dim();
    paint();
    put();
  }

  remove(): void {
    this.#stop();
    this.#element.remove();
  }
}

/** Scripts that are written from right to left, by the language; the page's own direction where it says one. */
function directionOf(locale: string): 'ltr' | 'rtl' {
  const page = document.documentElement.dir || document.body.dir;
  if (page === 'rtl' || page === 'ltr') return page;
  return /^(ar|he|fa|ur|ps|sd|ug|yi|dv|ckb)\b/i.test(locale) ? 'rtl' : 'ltr';
}
