import { Baton } from './baton.ts';

/**
 * The whole widget is this one file:
 *
 *     <script async src="https://host/widget.js" data-site-key="site_..."></script>
 *
 * `data-identity` takes a JWT of the site's backend, `data-mode` is `auto` (default), `light` or `dark`,
 * `data-locale` a language (default: the page's, else the browser's).
 *
 * A page that wants to call the widget before it has loaded keeps its calls:
 *
 *     window.Baton = window.Baton || []; Baton.push(['open'], ['on', 'message', show]);
 */
const tag = (document.currentScript ?? document.querySelector('script[data-site-key]')) as HTMLScriptElement | null;
const key = tag?.dataset.siteKey;

if (!tag || !key)
  console.error('Baton: the script tag needs data-site-key="...". You find the key in the console, under the channel.');
else if (document.body) start(tag, key);
else addEventListener('DOMContentLoaded', () => start(tag, key));

function start(tag: HTMLScriptElement, key: string): void {
  const { Baton: here = [] } = window;
  if (!Array.isArray(here)) return console.warn('Baton: the script is on this page twice; the second is ignored.');
  const { identity, mode, locale } = tag.dataset;
  const baton = new Baton({
    site: {
      key,
      host: new URL(tag.src, location.href).origin,
      identity: identity ?? null,
      locale: canonical(locale) ?? canonical(document.documentElement.lang) ?? navigator.language,
    },
    mode: mode === 'light' || mode === 'dark' ? mode : 'auto',
  });
  window.Baton = baton;
  for (const [method, ...args] of here) {
    const call: unknown = Reflect.get(baton, method);
    if (typeof call === 'function') call(...args);
    else console.error(`Baton: there is no method ${method}.`);
  }
}

/** A language tag that formats dates without throwing; undefined when it is none. */
function canonical(locale: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}
