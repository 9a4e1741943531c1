/** What colleagues whispered, sorted: words to say, and hints of the subject. */
export interface Steering {
  /** After "say:": for the customer, in the bot's own voice. */
  say: string[];
  /** Everything else: never shown; it steers what is looked for. */
  hints: string[];
}

export function steering(whispers: readonly string[]): Steering {
  const say: string[] = [];
  const hints: string[] = [];
  for (const whisper of whispers) {
    const meant = /^\s*say\s*:\s*(\S[\s\S]*)$/i.exec(whisper);
    if (meant?.[1]) say.push(meant[1].trim());
    else if (whisper.trim() !== '') hints.push(whisper.trim());
  }
  return { say, hints };
}
