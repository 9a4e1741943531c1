/** The parts of a letter in the order in which every language puts them. */
export function letterOf({
  greeting,
  wrote,
  said,
  goOn,
  team,
}: {
  greeting: string;
  wrote: string;
  said: readonly string[];
  /** Answers by mail do not come back to us: it has to say where to answer. */
  goOn: string;
  team: string;
}): string {
  return [greeting, wrote, ...said, goOn, team].filter((paragraph) => paragraph !== '').join('\n\n');
}
