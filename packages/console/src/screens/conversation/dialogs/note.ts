/** Longest note (protocol: frames.ts). */
export const NOTE_LIMIT = 8_000;

/** A note as a field of a frame; an empty one is none. */
export function noteOf(text: string): { note?: string } {
  const note = text.trim();
  return note === '' ? {} : { note };
}
