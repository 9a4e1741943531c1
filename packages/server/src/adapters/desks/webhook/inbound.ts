import { WebhookDeskEvent } from '@baton/protocol/schemas';
import type { Inspected } from '#kit/definition.ts';
import { verifyWebhook } from '#kit/standard-webhooks.ts';
import { jsonIn } from '#kit/webhook-body.ts';
import type { DeskEvent, Received } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';

/** Verifies and understands a post of the desk. Pure. */
export function readPost(secret: string, request: RawRequest): Received {
  const { genuine, why, events } = inspectPost(request, secret);
  if (!genuine) throw new AdapterFailure('auth', `The signature does not hold: ${why}.`);
  return { events };
}

export function inspectPost({ headers, body, at }: RawRequest, secret: string | null): Inspected {
  const text = new TextDecoder().decode(body);
  const events = readEvents(jsonIn(text));
  if (secret === null) return { genuine: null, events };
  const verified = verifyWebhook([secret], headers, text, at);
  return verified.ok ? { genuine: true, events } : { genuine: false, why: verified.why, events };
}

/** Each event by itself: one that is not understood does not cost the others. */
export function readEvents(body: unknown): DeskEvent[] {
  const list = isRecord(body) && Array.isArray(body.events) ? body.events : [body];
  return list.length === 0 ? [{ type: 'ignored', why: 'There are no events in it.' }] : list.map(readEvent);
}

function readEvent(raw: unknown): DeskEvent {
  const read = WebhookDeskEvent.safeParse(raw);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') ?? '';
    return { type: 'ignored', why: `Not understood: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'wrong'}` };
  }
  const event = read.data;
  if (event.type === 'read') return event;
  if (event.type === 'agent.typing') return { ...event, agent: agentOf(event.agent) };
  const { id, ticket } = event;
  const base = { ticket, key: id, ...(event.at === undefined ? {} : { at: Date.parse(event.at) }) };
  switch (event.type) {
    case 'agent.said':
      return {
        type: 'agent.said',
        ...base,
        agent: agentOf(event.agent),
        text: event.text,
        files: event.files.map(({ url, name, mime, size }) => ({
          url,
          name,
          ...(mime === undefined ? {} : { mime }),
          ...(size === undefined ? {} : { size }),
        })),
        externalId: id,
      };
    case 'assigned':
      return { type: 'assigned', ...base, agent: agentOf(event.agent) };
    case 'returned':
      return {
        type: 'returned',
        ...base,
        agent: event.agent && agentOf(event.agent),
        ...(event.note === undefined ? {} : { note: event.note }),
      };
    case 'closed':
      return { type: 'closed', ...base, agent: event.agent && agentOf(event.agent) };
    case 'unassigned':
    case 'reopened':
      return { type: event.type, ...base };
  }
}

function agentOf({ id, name, avatarUrl }: { id: string; name: string; avatarUrl?: string | undefined }) {
  return { id, name, ...(avatarUrl === undefined ? {} : { avatarUrl }) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
