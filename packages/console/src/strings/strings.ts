import { conversation } from './conversation.ts';
import { en } from './en.ts';
import { reports } from './reports.ts';
import { settings } from './settings.ts';

/** The texts in use. One language so far; a second one is chosen here. */
export const t = { ...en, ...conversation, reports, settings } as const;
