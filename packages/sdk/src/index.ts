export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { FeedOptions, FeedState } from './feed.ts';
export { Feed } from './feed.ts';
export type { Kept } from './outbox.ts';
export { keyOf, Outbox } from './outbox.ts';
