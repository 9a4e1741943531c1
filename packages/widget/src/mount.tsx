import { render } from 'preact';
import type { Shell } from '#shell.ts';
import { App } from '#ui/app.tsx';
import { paletteOf } from '#ui/colour.ts';
import { DEFAULT_THEME } from '#visit/defaults.ts';
import type { Visit } from '#visit/visit.ts';
import css from './style.css?inline';

/** How the page wants it to look; the theme of the channel says the rest. */
export interface Look {
  /** `auto` follows the visitor's system. */
  mode: 'auto' | 'light' | 'dark';
}

/** Puts the widget on the page, in a Shadow DOM: neither the page's styles nor ours cross. Returns the way out. */
export function mount(visit: Visit, shell: Shell, locale: string, look: Look): () => void {
  const host = document.createElement('div');
  host.id = 'baton-widget';
  const root = host.attachShadow({ mode: 'open' });
  style(root);
  const paint = () => {
    const palette = paletteOf((visit.session?.theme ?? DEFAULT_THEME).color);
    for (const [name, colour] of Object.entries(palette)) host.style.setProperty(`--${name}`, colour);
    host.dir = directionOf(visit.session?.locale ?? locale);
    host.lang = visit.session?.locale ?? locale;
  };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dim = () => host.toggleAttribute('data-dark', look.mode === 'dark' || (look.mode === 'auto' && system.matches));
  system.addEventListener('change', dim);
  dim();
  paint();
  const stop = visit.on((news) => news.type === 'session' && paint());
  document.body.append(host);
  render(<App visit={visit} shell={shell} locale={locale} />, root);
  return () => {
    stop();
    system.removeEventListener('change', dim);
    render(null, root);
    host.remove();
  };
}

/** A constructed sheet passes a strict Content-Security-Policy, a style element may not; it is for old browsers only. */
function style(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = css;
    root.append(element);
  }
}

/** Scripts that are written from right to left, by the language; the page's own direction where it says one. */
function directionOf(locale: string): 'ltr' | 'rtl' {
  const page = document.documentElement.dir || document.body.dir;
  if (page === 'rtl' || page === 'ltr') return page;
  return /^(ar|he|fa|ur|ps|sd|ug|yi|dv|ckb)\b/i.test(locale) ? 'rtl' : 'ltr';
}
