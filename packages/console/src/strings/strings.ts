import { conversation } from './conversation.ts';
import { en } from './en.ts';
import { reports } from './reports.ts';
import { hours, pause, roster, routing, work } from './roster.ts';
import { settings } from './settings.ts';

/** The texts in use. One language so far; a second one is chosen here. */
export const t = { ...en, ...conversation, reports, hours, pause, roster, routing, work, settings } as const;
