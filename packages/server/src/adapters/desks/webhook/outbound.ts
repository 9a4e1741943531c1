import type { HandoffContext } from '@baton/core';
import type { WebhookDeskCall } from '@baton/protocol/schemas';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

type CallOf<T extends WebhookDeskCall['type']> = Extract<WebhookDeskCall, { type: T }>;

/** An opening as it goes over the wire. Pure. */
export function openCall({ handoff, context, group, transcriptUrl, inboundUrl }: OpenTicket): CallOf<'ticket.open'> {
  return { type: 'ticket.open', handoff, group, context: wireContext(context), transcriptUrl, inboundUrl };
}

export function messageCall(ticket: string, { key, seq, author, text, files, at }: OutMessage): CallOf<'message'> {
  return { type: 'message', ticket, message: { id: key, seq, author, text, files, at: timeOf(at) } };
}

function wireContext({ waitingSince, flags, transcript, earlier, ...context }: HandoffContext) {
  return {
    ...context,
    waitingSince: timeOf(waitingSince),
    flags: flags.map(({ at, ...flag }) => ({ ...flag, at: timeOf(at) })),
    transcript: transcript.map(({ at, ...line }) => ({ ...line, at: timeOf(at) })),
    earlier: earlier.map(({ at, ...one }) => ({ ...one, at: timeOf(at) })),
  } as CallOf<'ticket.open'>['context'];
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
