import type { Shell } from '#shell.ts';
import { FRONT } from '#strings.ts';
import { DEFAULT_THEME } from '#visit/defaults.ts';
import type { Sessions } from '#visit/sessions.ts';
import { CHAT_SHAPE, CHAT_SIZE } from './shape.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Who has to wait longer than this for the chat reads that it is on its way. */
const LATE_MS = 1_000;

/** What the door asks of the loading behind it. */
export interface Behind {
  /** Somebody is about to open: the chat may as well be loaded. */
  wanted(): void;
  /** He does not want to wait for the next try. */
  hurry(): void;
}

/**
 * The round button as long as the chat is not here: it looks as the chat's own (ui/launcher.tsx), which takes its place.
 * Who has opened and sees no chat yet is told why.
 */
export class Door {
  readonly #place = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #notice = document.createElement('p');
  readonly #told = document.createElement('span');
  readonly #again = document.createElement('button');
  readonly #sessions: Sessions;
  readonly #shell: Shell;
  readonly #stops: (() => void)[];
  #late: ReturnType<typeof setTimeout> | undefined;
  #why: 'loading' | 'offline' | null = null;

  constructor(root: ShadowRoot, sessions: Sessions, shell: Shell, behind: Behind) {
    this.#sessions = sessions;
    this.#shell = shell;
    const button = this.#button;
    set(button, { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', 'aria-expanded': 'false' });
    button.append(sign());
    button.onclick = () => shell.open(!shell.state.open);
    button.onpointerenter = behind.wanted;
    button.onfocus = behind.wanted;
    set(this.#again, { type: 'button' });
    this.#again.onclick = behind.hurry;
    set(this.#notice, { class: 'notice', role: 'status' });
    this.#notice.append(this.#told, this.#again);
    this.#stops = [sessions.on(() => this.#draw()), shell.on(() => this.#draw())];
    this.#draw();
    this.#place.append(this.#notice, button);
    root.append(this.#place);
  }

  /** A load has failed. */
  failed(): void {
    this.#why = 'offline';
    this.#draw();
  }

  /** Gives way. True: it had the focus. */
  remove(): boolean {
    clearTimeout(this.#late);
    for (const stop of this.#stops) stop();
    const focused = this.#place.contains((this.#place.getRootNode() as ShadowRoot).activeElement);
    this.#button.onfocus = null;
    this.#place.remove();
    return focused;
  }

  #draw(): void {
    const { theme = DEFAULT_THEME, strings = {} } = this.#sessions.current ?? {};
    const { open, launcher } = this.#shell.state;
    const words = (key: keyof typeof FRONT) => strings[key] ?? FRONT[key];
    this.#place.className = `root ${theme.position}`;
    set(this.#button, { 'aria-label': words('open'), 'aria-busy': String(open) });
    this.#button.hidden = !launcher;
    if (open)
      this.#late ??= setTimeout(() => {
        this.#why ??= 'loading';
        this.#draw();
      }, LATE_MS);
    const why = open ? this.#why : null;
    this.#notice.hidden = why === null;
    this.#told.textContent = why && words(why);
    this.#again.textContent = why === 'offline' ? words('again') : '';
  }
}

/** Not by the properties of the same names: Firefox 113 does not know those of ARIA. */
function set(element: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** Made by hand: the page's Trusted Types may forbid to read it from text. */
function sign(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const size = String(CHAT_SIZE);
  set(svg, { width: size, height: size, viewBox: '0 0 24 24', fill: 'currentColor', 'aria-hidden': 'true' });
  path.setAttribute('d', CHAT_SHAPE);
  svg.append(path);
  return svg;
}
