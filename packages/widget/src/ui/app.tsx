import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { Shell } from '#shell.ts';
import { wordsOf } from '#strings.ts';
import { DEFAULT_LIMITS, DEFAULT_THEME } from '#visit/defaults.ts';
import type { Visit } from '#visit/visit.ts';
import { Announcer } from './announcer.tsx';
import { Surround } from './context.ts';
import { Launcher } from './launcher.tsx';
import { Panel } from './panel.tsx';

export function App({ visit, shell, locale }: { visit: Visit; shell: Shell; locale: string }) {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  // Before the next task: what changes between drawing and listening would never be drawn.
  useLayoutEffect(() => visit.on(() => draw(undefined)), [visit]);
  useLayoutEffect(() => shell.on(() => draw(undefined)), [shell]);

  const { session, state } = visit;
  const { open, launcher } = shell.state;
  const button = useRef<HTMLButtonElement>(null);
  const backTo = useRef<Element | null>(null);
  useEffect(() => {
    if (open) return;
    // To the page's own button, where it opened; else to ours.
    const own = backTo.current?.shadowRoot || backTo.current === document.body ? null : backTo.current;
    if (backTo.current) ((own as HTMLElement | null) ?? button.current)?.focus({ preventScroll: true });
    backTo.current = null;
  }, [open]);

  const strings = session?.strings;
  const surroundings = useMemo(() => ({ visit, locale, words: wordsOf(strings ?? {}) }), [visit, locale, strings]);
  const theme = session?.theme ?? DEFAULT_THEME;
  return (
    <Surround value={surroundings}>
      <div class={`root ${theme.position}`}>
        {open && (
          <Panel
            state={state}
            shell={shell}
            theme={theme}
            limits={session?.limits ?? DEFAULT_LIMITS}
            onLeave={(opener) => {
              backTo.current = opener ?? document.body;
            }}
          />
        )}
        {launcher && <Launcher state={state} shell={shell} button={button} />}
        <Announcer />
      </div>
    </Surround>
  );
}
