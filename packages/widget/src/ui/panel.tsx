import type { WidgetSession } from '@baton/protocol';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isPhone } from '#front/phone.ts';
import type { Shell } from '#shell.ts';
import type { State } from '#visit/state.ts';
import { useAttachments } from './attachments.ts';
import { QueueBanner } from './banner.tsx';
import { Composer } from './composer.tsx';
import { useSurroundings } from './context.ts';
import { Conversation } from './conversation.tsx';
import { Header } from './header.tsx';
import { CloseIcon } from './icons.tsx';
import { usePhoneViewport } from './phone.ts';

interface PanelProps {
  state: State;
  shell: Shell;
  theme: WidgetSession['theme'];
  limits: WidgetSession['limits'];
  /** It closes with the focus in it; `opener` is where the focus had been. */
  onLeave(opener: Element | null): void;
}

/** The open widget: a dialog beside the page, or over it on a phone. Escape closes it; Tab stays within. */
export function Panel({ state, shell, theme, limits, onLeave }: PanelProps) {
  const { words } = useSurroundings();
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const attachments = useAttachments(limits);
  const [dragging, setDragging] = useState(false);
  usePhoneViewport(panel);

  // On a phone the keyboard would cover what is to be read first.
  const takeFocus = () => (isPhone() ? panel : input).current?.focus();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const root = panel.current?.getRootNode() as ShadowRoot;
    // Open since the page before: he is about to do something with this one.
    if (shell.asked) takeFocus();
    return () => root.activeElement && onLeave(opener);
  }, []);

  // What was pressed may go with what it did ("Talk to a person", a choice): the focus does not fall out of the window.
  const focused = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (!isGone(focused.current)) return;
    focused.current = null;
    takeFocus();
  });
  const onFocusOut = ({ target }: FocusEvent) =>
    queueMicrotask(() => {
      if (target === focused.current && !isGone(focused.current)) focused.current = null;
    });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) {
      event.stopPropagation();
      shell.open(false);
    } else if (event.key === 'Tab' && panel.current) keepWithin(panel.current, event);
  };

  return (
    <div
      class="panel"
      ref={panel}
      role="dialog"
      aria-modal={isPhone()}
      aria-labelledby="who"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        focused.current = event.target as Element;
      }}
      onFocusOut={onFocusOut}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!panel.current?.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        setDragging(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        // Text that is dragged goes where it is dropped.
        if (files.length === 0) return;
        event.preventDefault();
        attachments.add(files);
      }}
    >
      <Header state={state} shell={shell} theme={theme} />
      <QueueBanner state={state} />
      <Conversation state={state} theme={theme} />
      <LinkLine state={state} />
      <Trouble state={state} />
      <Composer state={state} limits={limits} input={input} attachments={attachments} />
      {dragging && <div class="drop">{words('dropHere')}</div>}
    </div>
  );
}

/** Tells that the line is down. It comes in late (style sheet), so that a short hiccup is not told at all. */
function LinkLine({ state }: { state: State }) {
  const { words } = useSurroundings();
  if (state.link === 'live' || state.link === 'idle') return null;
  if (state.link === 'connecting' && state.story.lines.length > 0) return null;
  const key = state.link === 'connecting' ? 'connecting' : navigator.onLine ? 'offline' : 'offlineHere';
  return (
    <p class="link-line" role="status">
      <span class="spinner" aria-hidden="true" /> {words(key)}
    </p>
  );
}

function Trouble({ state }: { state: State }) {
  const { visit, words } = useSurroundings();
  if (state.trouble === null) return null;
  return (
    <p class="trouble" role="alert">
      <span dir="auto">{state.trouble}</span>
      <button type="button" class="icon small" aria-label={words('dismiss')} onClick={() => visit.calm()}>
        <CloseIcon size={16} />
      </button>
    </p>
  );
}

function isGone(element: Element | null): boolean {
  return element !== null && (!element.isConnected || element.matches(':disabled'));
}

const FOCUSABLE =
  'button:not(:disabled), a[href], textarea, select, input:not([hidden]):not(:disabled), [tabindex="0"]';

function keepWithin(panel: HTMLElement, event: KeyboardEvent): void {
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.getClientRects().length > 0);
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey ? active === first || active === panel : active === last) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
