import { use, useEffect, useRef } from 'react';
import { CommandsContext } from '#data/commands.ts';
import { isTyping, matchKeys, nameOfKey, startsSequence } from '#data/keys.ts';

/** Turns keys into commands. Single letters only where nobody types and no dialog is open. */
export function Shortcuts() {
  const registry = use(CommandsContext);
  const before = useRef<{ key: string; at: number } | null>(null);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const pressed = nameOfKey(event);
      if (pressed === null) return;
      const inDialog = document.querySelector('[role=dialog][aria-modal=true]') !== null;
      if (!pressed.startsWith('mod+') && (isTyping(event.target) || inDialog)) return;
      if (inDialog) return;
      const command = matchKeys(registry.all, pressed, before.current, event.timeStamp);
      before.current = !command && startsSequence(registry.all, pressed) ? { key: pressed, at: event.timeStamp } : null;
      if (!command || command.disabled !== undefined) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [registry]);
  return null;
}
