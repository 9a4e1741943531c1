import type { WidgetSession } from '@baton/protocol';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Shell } from '#shell.ts';
import type { State } from '#visit/state.ts';
import { canAskHuman, inLine } from '#visit/view.ts';
import { Avatar } from './avatar.tsx';
import { useSurroundings } from './context.ts';
import { CloseIcon, DownIcon, MoreIcon } from './icons.tsx';

interface HeaderProps {
  state: State;
  shell: Shell;
  theme: WidgetSession['theme'];
}

/** Who answers here, and what can be done besides writing. */
export function Header({ state, shell, theme }: HeaderProps) {
  const { words } = useSurroundings();
  const { agent } = state.story;
  const face = agent
    ? { role: 'agent' as const, name: agent.name, avatarUrl: agent.avatarUrl }
    : { role: 'bot' as const, name: theme.title, avatarUrl: theme.logoUrl ?? undefined };
  return (
    <header class="header">
      <Avatar author={face} large />
      <div class="who">
        <h2 id="who">
          <bdi>{agent?.name ?? theme.title}</bdi>
        </h2>
        <p class="status">{statusOf(state, words)}</p>
      </div>
      <Menu state={state} shell={shell} />
      <button
        type="button"
        class="icon"
        aria-label={words('close')}
        title={words('close')}
        onClick={() => shell.open(false)}
      >
        <span class="on-desktop">
          <DownIcon size={22} />
        </span>
        <span class="on-phone">
          <CloseIcon size={22} />
        </span>
      </button>
    </header>
  );
}

function statusOf(state: State, words: ReturnType<typeof useSurroundings>['words']): string {
  const { story } = state;
  if (story.onHold) return words('onHold');
  if (story.agent) return words('withAgent');
  if (inLine(state) && !story.withBot) return words('inLine');
  if (story.status === 'closed') return words('closed');
  return story.holder === 'bot' ? words('assistant') : '';
}

function Menu({ state, shell }: Pick<HeaderProps, 'state' | 'shell'>) {
  const { visit, words } = useSurroundings();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const away = (event: Event) => {
      if (!event.composedPath().includes(root.current as EventTarget)) setOpen(false);
    };
    document.addEventListener('pointerdown', away, true);
    return () => document.removeEventListener('pointerdown', away, true);
  }, [open]);

  const leave = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      if (event.key === 'Escape') event.preventDefault();
      return leave();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    items[(at + step + items.length) % items.length]?.focus();
  };
  const act = (action: () => void) => () => {
    leave();
    action();
  };
  const { sound } = shell.state;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and of the menu in it, where they bubble to.
    <div class="menu-root" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="icon"
        ref={button}
        aria-label={words('menu')}
        title={words('menu')}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={words('menu')}>
          {canAskHuman(state) && (
            <button type="button" role="menuitem" onClick={act(() => visit.askHuman())}>
              {words('person')}
            </button>
          )}
          <button
            type="button"
            role="menuitemcheckbox"
            aria-checked={sound}
            onClick={act(() => shell.allowSound(!sound))}
          >
            {words(sound ? 'soundOff' : 'soundOn')}
          </button>
          {state.story.status === 'closed' && (
            <button type="button" role="menuitem" onClick={act(() => visit.renew())}>
              {words('renew')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
