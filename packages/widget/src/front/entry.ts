import type { Shell } from '#shell.ts';
import type { Memory } from '#visit/memory.ts';
import type { Sessions } from '#visit/sessions.ts';
import type { Site } from '#visit/site.ts';

/** What the page may listen to, and what it is told. */
export interface BatonEvents {
  /** The widget is on the page. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** Somebody wrote to the visitor. */
  message: { conversation: string; author: { role: string; name: string | null }; text: string };
  /** How many messages he has not seen. */
  unread: number;
  /** The JWT was not taken; the visitor is anonymous until `identify` gets a good one. */
  'identity-refused': { reason: string };
}
export type Tell = <E extends keyof BatonEvents>(event: E, told: BatonEvents[E]) => void;

/** What the first script has made and hands to the chat. Both are built apart: values cross here, classes do not. */
export interface Entry {
  site: Site;
  memory: Memory;
  sessions: Sessions;
  shell: Shell;
  root: ShadowRoot;
  tell: Tell;
}

/** What the first script asks of the chat. */
export interface Chat {
  identify(identity: string | null): Promise<void>;
  /** Off the page. */
  leave(): void;
}

/** `widget-chat.js`. */
export interface ChatModule {
  enter(entry: Entry): Chat;
}
