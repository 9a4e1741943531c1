import { z } from 'zod';

export const Zone = z
  .string()
  .max(64)
  .refine(isZone, 'No such time zone. Use a name like "Europe/Berlin" or "UTC".')
  .meta({ description: 'IANA time zone of hours and days; UTC where nothing is said.' });

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
