import type { HandoffContext, ReturnContext } from '@baton/core';
import type { HandoffContext as WireContext, ReturnContext as WireReturn } from '@baton/protocol';
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

/** What a bot gets back when people are done. */
export function presentReturn({ said, endedAt, ...context }: ReturnContext): WireReturn {
  return {
    ...context,
    said: said.map(({ at, ...one }) => ({ ...one, at: presentTime(at) })),
    endedAt: presentTime(endedAt),
  };
}
