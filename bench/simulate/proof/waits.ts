import type { Estimate, EventItem, HandoffOutcome, HandoffReason } from '@baton/protocol';

/** What became of the wait that a customer was told. `unserved`: he left, or nobody came. */
export type Kept = 'within' | 'early' | 'late' | 'unserved';

/** Who or what began a handoff: the words of the dialogue, a "yes" to Baton's question, or our script. */
export type Cause = 'words' | 'yes' | 'script' | 'other';

/** One handoff as the log tells it. */
export interface HandoffStory {
  reason: HandoffReason | 'unknown';
  cause: Cause;
  outcome: HandoffOutcome | 'open';
  /** The first range that the customer was told; null: "I can't tell"; undefined: nothing was said. */
  promised: Estimate | null | undefined;
  /** From the moment he was told (or asked) to the agent's acceptance, in real seconds; null: nobody accepted. */
  waitedSeconds: number | null;
  kept: Kept | null;
}

/**
 * Reads the handoffs of a conversation from its log.
 * @param askIds clientIds of messages, and ids of buttons, by which the script made the customer ask
 */
export function handoffsOf(log: readonly EventItem[], askIds: ReadonlySet<string>): HandoffStory[] {
  const stories = new Map<string, HandoffStory & { since: number }>();
  for (const [index, { event, at }] of log.entries()) {
    if (event.type === 'handoff.requested' && !event.retry) {
      const cause = causeOf(log, index, askIds);
      const since = Date.parse(at);
      stories.set(event.handoff, {
        reason: event.reason ?? 'unknown',
        cause,
        outcome: 'open',
        promised: undefined,
        waitedSeconds: null,
        kept: null,
        since,
      });
    }
    const story = 'handoff' in event && event.handoff !== null ? stories.get(event.handoff) : undefined;
    if (!story) continue;
    if (event.type === 'estimate.told' && story.promised === undefined && story.waitedSeconds === null) {
      story.promised = event.estimate;
      story.since = Date.parse(at);
    } else if (event.type === 'handoff.accepted') story.waitedSeconds ??= (Date.parse(at) - story.since) / 1_000;
    else if (event.type === 'handoff.ended') story.outcome = event.outcome;
  }
  return [...stories.values()].map(({ since: _, ...story }) => ({ ...story, kept: keptOf(story) }));
}

function keptOf({ promised, waitedSeconds }: Pick<HandoffStory, 'promised' | 'waitedSeconds'>): Kept | null {
  if (!promised) return null;
  if (waitedSeconds === null) return 'unserved';
  if (waitedSeconds < promised.lowSeconds) return 'early';
  return waitedSeconds > promised.highSeconds ? 'late' : 'within';
}

/** The customer's last words before it say why, or the button. */
function causeOf(log: readonly EventItem[], index: number, askIds: ReadonlySet<string>): Cause {
  const request = log[index]?.event;
  if (request?.type !== 'handoff.requested') return 'other';
  const { by, evidence = [] } = request;
  if (by?.role === 'agent' || by?.role === 'bot' || by?.role === 'api') return 'other';
  if (
    by?.role === 'customer' &&
    evidence.some(({ seq }) => seq === undefined) &&
    askIds.size > 0 &&
    !saidYes(log, index)
  )
    return 'script';
  const words = lastOfCustomer(log, index);
  if (words?.clientId !== undefined && askIds.has(words.clientId)) return 'script';
  return saidYes(log, index) ? 'yes' : 'words';
}

function saidYes(log: readonly EventItem[], index: number): boolean {
  const parts = lastOfCustomer(log, index)?.parts ?? [];
  return parts.some((part) => part.type === 'text' && part.choice === 'handoff:yes');
}

function lastOfCustomer(log: readonly EventItem[], index: number) {
  for (let at = index - 1; at >= 0; at--) {
    const event = log[at]?.event;
    if (event?.type === 'message' && event.message.author.role === 'customer') return event.message;
  }
  return undefined;
}
