import type { KeyboardEvent } from 'react';

/** Enter sends, Shift+Enter breaks the line. On a touch keyboard Enter breaks the line: there is the button. */
export function sends(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return false;
  return event.ctrlKey || event.metaKey || !matchMedia('(pointer: coarse)').matches;
}
