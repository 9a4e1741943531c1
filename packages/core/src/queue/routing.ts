import type { QueueId, WebhookId } from '#ids.ts';

/**
 * Who is asked among those who could serve.
 * - `least_busy`: the largest free share of his room
 * - `longest_idle`: who got nothing new and ended nothing for longest
 * - `round_robin`: in turn; who was given something longest ago
 * - `manual`: nobody; agents pick from the line themselves
 */
export type Strategy = 'least_busy' | 'longest_idle' | 'round_robin' | 'manual';

/** How a queue's line is handed out. Plain data: it is stored and sent as JSON. */
export interface Routing {
  strategy: Strategy;
  /** What one level of priority counts as, in seconds of waiting: so far can it overtake, and no farther. */
  prioritySeconds: number;
  /** For so long somebody waits for an agent with the skills that he prefers, or with his language. */
  preferSeconds: number;
  /** Must an agent speak the customer's language, is it better, or does nobody mind? */
  language: 'required' | 'preferred' | 'ignored';
  /** For so long a customer waits for the agent who had him last, while that one is online. Null: not at all. */
  stickySeconds: number | null;
  /** After a conversation its agent keeps the slot for his notes for so long, or until he says that he is ready. */
  wrapUpSeconds: number;
  /** After so long in this line he goes on in another one, which may be another desk's. He keeps his age. */
  overflow: { queue: QueueId; afterSeconds: number } | null;
  /** An endpoint of the owner's that is asked first who gets whom. */
  hook: WebhookId | null;
}

export const DEFAULT_ROUTING: Routing = {
  strategy: 'least_busy',
  prioritySeconds: 300,
  preferSeconds: 60,
  language: 'preferred',
  stickySeconds: null,
  wrapUpSeconds: 0,
  overflow: null,
  hook: null,
};

/**
 * Priority lets nobody overtake by more than this, up or down: whoever came two hours before somebody else is served
 * before him, whatever their priorities. So nobody starves.
 */
export const MOST_CREDIT_SECONDS = 3_600;

/** The head start of a priority, in seconds of waiting. */
export function creditSeconds(priority: number, { prioritySeconds }: Pick<Routing, 'prioritySeconds'>): number {
  return Math.max(-MOST_CREDIT_SECONDS, Math.min(MOST_CREDIT_SECONDS, priority * prioritySeconds));
}
