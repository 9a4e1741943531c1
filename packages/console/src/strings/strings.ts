import { conversation } from './conversation.ts';
import { en } from './en.ts';
import { settings } from './settings.ts';

/** The texts in use. One language so far; a second one is chosen here. */
export const t = { ...en, ...conversation, settings } as const;
