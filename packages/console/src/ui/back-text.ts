import { t } from '#strings/strings.ts';

/** Until when somebody is in a break, or since when he is expected back. */
export function backText(backAt: number): string {
  const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(backAt);
  return backAt > Date.now() ? t.pause.back(time) : t.pause.overdue(time);
}
