import { use, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { CommandsContext } from '#data/commands.ts';
import { isTyping, matchKeys, nameOfKey, startsSequence } from '#data/keys.ts';

/** Mantine's dialogs, and the browser's own. */
const DIALOG = '[role=dialog][aria-modal=true], dialog[open]';
/** A dialog or a field takes a moment to open; what is typed meanwhile is meant for it and must not be taken for commands. */
const OPENING_MS = 300;

/** Turns keys into commands. Single letters only where nobody types and no dialog is open. */
export function Shortcuts() {
  const registry = use(CommandsContext);
  const before = useRef<{ key: string; at: number } | null>(null);
  const openedAt = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = nameOfKey(event);
      if (pressed === null) return;
      const inDialog = document.querySelector(DIALOG) !== null;
      const single = !pressed.startsWith('mod+');
      if (inDialog || (single && isTyping(event.target))) {
        // What was to open has opened.
        openedAt.current = Number.NEGATIVE_INFINITY;
        return;
      }
      if (single && event.timeStamp - openedAt.current < OPENING_MS) return;
      const command = matchKeys(registry.all, pressed, before.current, event.timeStamp);
      before.current = !command && startsSequence(registry.all, pressed) ? { key: pressed, at: event.timeStamp } : null;
      if (!command || command.disabled !== undefined || (event.repeat && !command.repeats)) return;
      event.preventDefault();
      if (command.opens) openedAt.current = event.timeStamp;
      // At once, not with the next drawing: the next key may be meant for the field that opens.
      flushSync(() => command.run());
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [registry]);
  return null;
}
