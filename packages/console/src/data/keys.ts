/** Keys as people name them: `a`, `?`, `shift+w`, `mod+k`, sequences as `g q`. */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A second key counts as part of a sequence for this long. */
export const SEQUENCE_MS = 1_200;

/** The name of a pressed key; `mod` is Ctrl, or Cmd on a Mac. Null for a modifier alone. */
export function nameOfKey(press: KeyPress): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process'].includes(press.key)) return null;
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase();
  const letter = /^\p{L}$/u.test(key);
  return [
    (press.ctrlKey || press.metaKey) && 'mod',
    press.altKey && 'alt',
    press.shiftKey && (letter || key.length > 1) && 'shift',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** The pressed key may be the second of a sequence: finds what it means, alone or after the one before. */
export function matchKeys<T extends { keys?: string }>(
  commands: readonly T[],
  pressed: string,
  before: { key: string; at: number } | null,
  at: number,
): T | undefined {
  const sequence = before && at - before.at <= SEQUENCE_MS ? `${before.key} ${pressed}` : null;
  const bySequence = sequence === null ? undefined : commands.find((command) => command.keys === sequence);
  return bySequence ?? commands.find((command) => command.keys === pressed);
}

/** Does a sequence begin with this key? */
export function startsSequence(commands: readonly { keys?: string }[], pressed: string): boolean {
  return commands.some((command) => command.keys?.startsWith(`${pressed} `));
}

/** Keys for a label: ["Ctrl", "K"], ["G", "then", "Q"]. */
export function labelsOfKeys(keys: string, mac: boolean): string[][] {
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: mac ? '⇧' : 'Shift',
    alt: mac ? '⌥' : 'Alt',
    enter: '↵',
    escape: 'Esc',
    arrowup: '↑',
    arrowdown: '↓',
  };
  return keys
    .split(' ')
    .map((press) => (press === '+' ? ['+'] : press.split('+').map((part) => names[part] ?? part.toUpperCase())));
}

/** Is the focus where letters are text? Then single keys are not commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches(
      'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [role=combobox], [role=listbox], [role=menu] *, [role=dialog] *',
    )
  );
}
