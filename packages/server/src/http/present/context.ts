import type { HandoffContext } from '@baton/core';
import type { HandoffContext as WireContext } from '@baton/protocol';
import { presentFlag, presentTime } from './event.ts';

/** What an agent gets with an offer, and reads beside the conversation. */
export function presentContext({ waitingSince, flags, transcript, earlier, ...context }: HandoffContext): WireContext {
  return {
    ...context,
    waitingSince: presentTime(waitingSince),
    flags: flags.map(presentFlag),
    transcript: transcript.map(({ at, ...line }) => ({ ...line, at: presentTime(at) })),
    earlier: earlier.map(({ at, ...one }) => ({ ...one, at: presentTime(at) })),
  };
}
