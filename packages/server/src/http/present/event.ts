import type { ConversationEvent, Estimate, Flag, Logged, Message, Millis } from '@baton/core';
import type {
  EventItem,
  Estimate as WireEstimate,
  ConversationEvent as WireEvent,
  Message as WireMessage,
} from '@baton/protocol';

/** The last moment that was presented: what one turn brings mostly happened at one moment. */
let lastAt = Number.NaN;
let lastTime = '';

/** Moments are numbers inside and RFC 3339 outside. */
export function presentTime(at: Millis | Date): string {
  const millis = Number(at);
  if (millis !== lastAt) {
    lastTime = new Date(millis).toISOString();
    lastAt = millis;
  }
  return lastTime;
}

export function presentTimeOrNull(at: Millis | Date | null | undefined): string | null {
  return at === null || at === undefined ? null : presentTime(at);
}

export function presentEstimate(estimate: Estimate | null): WireEstimate | null {
  return estimate && { ...estimate, asOf: presentTime(estimate.asOf) };
}

/** What only decisions need (`turn`, `answers`) stays inside. */
export function presentMessage({ turn: _turn, answers: _answers, saidAt, ...message }: Message): WireMessage {
  return { ...message, ...(saidAt === undefined ? {} : { saidAt: presentTime(saidAt) }) };
}

export function presentFlag({ name, by, at, evidence }: Flag): {
  name: string;
  by: string;
  at: string;
  evidence?: NonNullable<Flag['evidence']>;
} {
  return { name, by, at: presentTime(at), ...(evidence ? { evidence } : {}) };
}

/** An event as it crosses a wire: as a frame, in a list and in a stream it is the same. */
export function presentEvent(event: ConversationEvent): WireEvent {
  switch (event.type) {
    case 'conversation.opened': {
      const { workspace: _, ...opened } = event;
      return opened;
    }
    case 'message':
      return { type: 'message', message: presentMessage(event.message) };
    case 'handoff.offered':
      return { ...event, expiresAt: presentTime(event.expiresAt) };
    case 'estimate.told':
      return { ...event, estimate: presentEstimate(event.estimate) };
    default:
      return event;
  }
}

export function presentLogged({ seq, at, event }: Logged): EventItem {
  return { seq, at: presentTime(at), event: presentEvent(event) };
}
