import type { MessageLine } from '#story/story.ts';
import type { Pending, State } from './state.ts';

/** What the screen asks of the state. */

/** Does the customer stand in the line, in the window or with the bot? Where the page of the log does not say, a place does. */
export function inLine({ story, queue }: State): boolean {
  if (story.status === 'closed') return false;
  return story.holder === 'queue' || story.withBot || (story.holder === 'unknown' && queue !== null);
}

/** Is there more before what is here? Every log begins with seq 1, and its first event is the customer's to see. */
export function hasOlder({ log, older }: State): boolean {
  return older !== 'end' && (log[0]?.seq ?? 1) > 1;
}

/** "Talk to a person" makes sense while no person answers and none is being asked. */
export function canAskHuman(state: State): boolean {
  const { story } = state;
  return !inLine(state) && story.agent === null && story.holder !== 'agent' && !isPending(state, 'ask-human');
}

export function canRate({ story }: State): boolean {
  return (
    story.status === 'closed' &&
    story.rating === null &&
    story.lines.some((line) => line.kind === 'message' && line.message.author.role !== 'customer')
  );
}

/** On its way, not refused. */
export function isPending(state: State, what: Pending['wish']['what']): boolean {
  return state.pending.some((one) => one.wish.what === what && one.fate.is !== 'refused');
}

/** The bubbles that are on their way in the conversation on the screen. */
export function pendingHere(state: State): Pending[] {
  return state.pending.filter(
    (one) => one.wish.what === 'say' && (one.conversation === null || one.conversation === state.conversation),
  );
}

/** Others' messages that the customer has not seen, oldest first. */
export function unread(state: State): MessageLine[] {
  return state.story.lines.filter(
    (line): line is MessageLine =>
      line.kind === 'message' &&
      line.seq > state.readByMe &&
      line.message.author.role !== 'customer' &&
      !line.message.redacted,
  );
}

/** The seq of the newest message of somebody else. */
export function newestOfOthers({ story }: State): number {
  const line = story.lines.findLast((one) => one.kind === 'message' && one.message.author.role !== 'customer');
  return line?.seq ?? 0;
}

/** May the choices or the form of this message be used? Once, by what is said next. */
export function mayAnswer(state: State, seq: number): boolean {
  return state.story.askingSeq === seq && pendingHere(state).length === 0;
}
