import type { Shell } from '#shell.ts';
import { OPEN } from '#strings.ts';
import { DEFAULT_THEME } from '#visit/defaults.ts';
import type { Sessions } from '#visit/sessions.ts';
import { CHAT_SHAPE, CHAT_SIZE } from './shape.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The round button as long as the chat is not here: it looks as the chat's own (ui/launcher.tsx), which takes its place. */
export class Door {
  readonly #place = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #stops: (() => void)[];

  /** @param wanted somebody is about to open: the chat may as well be loaded */
  constructor(root: ShadowRoot, sessions: Sessions, shell: Shell, wanted: () => void) {
    const button = this.#button;
    button.type = 'button';
    button.className = 'launcher';
    button.ariaHasPopup = 'dialog';
    button.ariaExpanded = 'false';
    button.append(sign());
    button.onclick = () => shell.open(true);
    button.onpointerenter = wanted;
    button.onfocus = wanted;
    const draw = () => {
      const { theme = DEFAULT_THEME, strings = {} } = sessions.current ?? {};
      this.#place.className = `root ${theme.position}`;
      button.ariaLabel = strings.open ?? OPEN;
      button.hidden = !shell.state.launcher;
      button.ariaBusy = String(shell.state.open);
    };
    this.#stops = [sessions.on(draw), shell.on(draw)];
    draw();
    this.#place.append(button);
    root.append(this.#place);
  }

  /** Gives way. True: it had the focus. */
  remove(): boolean {
    for (const stop of this.#stops) stop();
    const focused = (this.#place.getRootNode() as ShadowRoot).activeElement === this.#button;
    this.#button.onfocus = null;
    this.#place.remove();
    return focused;
  }
}

/** Made by hand: the page's Trusted Types may forbid to read it from text. */
function sign(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const size = String(CHAT_SIZE);
  const attributes = { width: size, height: size, viewBox: '0 0 24 24', fill: 'currentColor', 'aria-hidden': 'true' };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  path.setAttribute('d', CHAT_SHAPE);
  svg.append(path);
  return svg;
}
