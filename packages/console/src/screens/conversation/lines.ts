import type { ConversationEvent, Evidence, HandoffReason } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import { rangeOf } from '#ui/duration.ts';
import { plainWord } from '#ui/names.ts';

/** A quiet line of the timeline: what happened to the conversation, apart from what was said. */
export interface Line {
  sign:
    | 'begin'
    | 'hand'
    | 'queue'
    | 'person'
    | 'bot'
    | 'eye'
    | 'flag'
    | 'pause'
    | 'pass'
    | 'done'
    | 'clock'
    | 'star'
    | 'trouble'
    | 'edit';
  tone: 'plain' | 'good' | 'warn' | 'bad';
  text: string;
  detail?: string | undefined;
  /** The words that it rests on, and where they stand. */
  quote?: { text: string; words?: string[] | undefined; seq?: number | undefined } | undefined;
  /** The flags that it names. */
  flags?: string[] | undefined;
  /** Words among staff: the note of a transfer, a return, an end. */
  note?: string | undefined;
}

/** What the lines need to know besides their event. */
export interface Names {
  me: string | undefined;
  queue(id: string | undefined): string | undefined;
  channel: string | undefined;
  /** Why each handoff began, as far as the log is here. */
  reason(handoff: string): HandoffReason | undefined;
}

type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

/**
 * An event as a line; null for what another line says already (control that moves with an acceptance, the owner who
 * comes and goes with it) and for what is no line at all.
 */
export function lineOf(event: ConversationEvent, names: Names): Line | null {
  switch (event.type) {
    case 'conversation.opened':
      return {
        sign: 'begin',
        tone: 'plain',
        text: [t.lines.opened(names.channel), event.page && t.lines.openedPage(event.page.title ?? event.page.url)]
          .filter(Boolean)
          .join(' '),
      };
    case 'handoff.requested':
    case 'handoff.queued':
    case 'handoff.meanwhile':
    case 'handoff.offered':
    case 'handoff.declined':
    case 'handoff.expired':
    case 'handoff.accepted':
    case 'handoff.held':
    case 'handoff.resumed':
    case 'handoff.transferred':
    case 'handoff.ended':
      return handoffLine(event, names);
    case 'control.changed':
      return controlLine(event);
    case 'participant.joined':
      return event.role === 'watcher'
        ? { sign: 'eye', tone: 'plain', text: t.lines.watching(nameOf(event.agent, names)) }
        : null;
    case 'participant.left':
      return event.role === 'watcher'
        ? { sign: 'eye', tone: 'plain', text: t.lines.left(nameOf(event.agent, names)) }
        : null;
    case 'flag.added':
      return flagLine(event.flag);
    case 'flag.removed':
      return { sign: 'flag', tone: 'plain', text: `${t.lines.unflagged}: ${plainWord(event.name)}` };
    case 'proposal.made':
      return {
        sign: 'hand',
        tone: 'plain',
        text: t.lines.proposed,
        detail: t.reasons[event.reason],
        quote: quoteOf(...event.evidence),
      };
    case 'bot.skipped':
      return event.why === 'failed'
        ? { sign: 'trouble', tone: 'bad', text: t.lines.botFailed, detail: event.detail }
        : null;
    case 'estimate.told':
      return { sign: 'clock', tone: 'plain', text: `${t.lines.told}: ${toldOf(event)}` };
    case 'rating.given':
      return { sign: 'star', tone: 'good', text: t.lines.rated(event.score), note: event.comment };
    case 'conversation.closed':
      return {
        sign: 'done',
        tone: 'good',
        text: t.lines.closed(event.by?.agent && objectOf(event.by.agent, names)),
        detail: event.outcome && event.outcome !== 'resolved' ? t.outcomes[event.outcome] : undefined,
      };
    case 'conversation.reopened':
      return { sign: 'begin', tone: 'plain', text: t.lines.reopened };
    case 'customer.updated':
      return {
        sign: 'edit',
        tone: 'plain',
        text: t.lines.customerChanged,
        detail: Object.keys(event.changes).map(plainWord).join(', '),
      };
    case 'customer.erased':
      return { sign: 'trouble', tone: 'plain', text: t.lines.customerErased };
    case 'delivery.failed':
      return { sign: 'trouble', tone: 'bad', text: t.lines.deliveryFailed(sideName(event.side)), detail: event.detail };
    case 'message':
    case 'message.edited':
    case 'message.redacted':
    case 'note':
      return null;
  }
}

function flagLine({ name, evidence }: EventOf<'flag.added'>['flag']): Line {
  const quote = quoteOf(evidence);
  const line: Line = { sign: 'flag', tone: 'warn', text: '', detail: quote ? undefined : evidence?.detail, quote };
  return withFlag(line, name);
}

/** The line with one more flag. */
export function withFlag(line: Line, name: string): Line {
  const flags = [...(line.flags ?? []), name];
  return { ...line, flags, text: `${t.lines.flagged(flags.length)}: ${flags.map(plainWord).join(', ')}` };
}

function handoffLine(event: EventOf<`handoff.${string}` & ConversationEvent['type']>, names: Names): Line | null {
  switch (event.type) {
    case 'handoff.requested':
      return requestLine(event);
    case 'handoff.queued':
      return queuedLine(event);
    case 'handoff.meanwhile':
      return { sign: 'clock', tone: 'plain', text: t.lines.meanwhile[event.meanwhile ?? 'here'] };
    case 'handoff.offered':
      return { sign: 'person', tone: 'plain', text: t.lines.offered(objectOf(event.agent, names)) };
    case 'handoff.declined':
      return { sign: 'person', tone: 'plain', text: t.lines.declined[event.why ?? 'said'](nameOf(event.agent, names)) };
    case 'handoff.expired':
      return { sign: 'person', tone: 'warn', text: t.lines.expired(nameOf(event.agent, names)) };
    case 'handoff.accepted': {
      const who = nameOf(event.agent, names);
      return {
        sign: 'person',
        tone: 'good',
        text: names.reason(event.handoff) === 'agent_took_over' ? t.lines.tookOver(who) : t.lines.accepted(who),
      };
    }
    case 'handoff.held':
      return { sign: 'pause', tone: 'plain', text: t.lines.held(nameOf(event.agent, names)) };
    case 'handoff.resumed':
      return { sign: 'pause', tone: 'plain', text: t.lines.resumed(nameOf(event.agent, names)) };
    case 'handoff.transferred': {
      const to = event.to.agent ? objectOf(event.to.agent, names) : t.lines.theQueue(names.queue(event.to.queue));
      return {
        sign: 'pass',
        tone: 'plain',
        text: t.lines.transferred(event.from ? nameOf(event.from, names) : undefined, to),
        note: event.note,
      };
    }
    case 'handoff.ended':
      return endedLine(event, names);
  }
}

function requestLine(event: EventOf<'handoff.requested'>): Line | null {
  if (event.retry) return { sign: 'hand', tone: 'warn', text: t.lines.retried };
  // The acceptance that follows at once says it.
  if (event.reason === 'agent_took_over') return null;
  return {
    sign: 'hand',
    tone: 'warn',
    text: t.lines.requested,
    detail: event.reason && t.reasons[event.reason],
    quote: quoteOf(...(event.evidence ?? [])),
    note: event.summary,
  };
}

function queuedLine(event: EventOf<'handoff.queued'>): Line | null {
  switch (event.why) {
    case 'agent_lost':
      return { sign: 'queue', tone: 'warn', text: t.lines.agentLost };
    case 'agent_silent':
      return { sign: 'queue', tone: 'warn', text: t.lines.agentSilent };
    case 'requeued':
      return { sign: 'queue', tone: 'plain', text: t.lines.requeued };
    default:
      return null;
  }
}

function endedLine(event: EventOf<'handoff.ended'>, names: Names): Line | null {
  const who = event.by?.agent && nameOf(event.by.agent, names);
  if (event.outcome === 'returned_to_bot')
    return { sign: 'bot', tone: 'plain', text: t.lines.returned(who), note: event.note };
  // "Resolved by Dana" follows as the end of the conversation; a note would be lost with it.
  if (event.outcome === 'resolved' && !event.note) return null;
  const trouble = ['desk_failed', 'agent_lost', 'agent_silent', 'loop_guard', 'wait_limit'].includes(event.outcome);
  return {
    sign: trouble ? 'trouble' : 'done',
    tone: trouble ? 'warn' : 'plain',
    text: `${t.lines.ended}: ${t.outcomes[event.outcome].toLowerCase()}`,
    note: event.note,
  };
}

function controlLine(event: EventOf<'control.changed'>): Line | null {
  if (event.why === 'loop_guard') return { sign: 'trouble', tone: 'bad', text: t.lines.stopped };
  if (event.why === 'passed' && event.to.holder === 'bot')
    return { sign: 'bot', tone: 'plain', text: t.lines.passedBot };
  return null;
}

function toldOf({ position, estimate }: EventOf<'estimate.told'>): string {
  const place = position === null ? undefined : t.lines.toldPlace(position);
  const range =
    estimate === null ? t.lines.toldUnknown : rangeOf(estimate.lowSeconds * 1_000, estimate.highSeconds * 1_000);
  return [place, range].filter(Boolean).join(', ');
}

/** The first evidence with words of the customer. */
export function quoteOf(...evidence: (Evidence | undefined)[]): Line['quote'] {
  const found = evidence.find((one) => one?.quote);
  return found?.quote ? { text: found.quote, words: found.words, seq: found.seq } : undefined;
}

function nameOf(agent: { id: string; name: string }, names: Names): string {
  return agent.id === names.me ? t.lines.you : agent.name;
}

function objectOf(agent: { id: string; name: string }, names: Names): string {
  return agent.id === names.me ? t.lines.toYou : agent.name;
}

function sideName(side: string): string {
  return side.replace(/^(bot|desk|channel):?.*/, 'the $1');
}
