import { WebhookDeskEvent } from '@baton/protocol/schemas';
import type { Inspected } from '#kit/definition.ts';
import { verifyWebhook } from '#kit/standard-webhooks.ts';
import { ignored, jsonIn } from '#kit/webhook-body.ts';
import type { DeskEvent, Received } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawRequest } from '#ports/inbound.ts';

/** As the schema of a post says. */
const MOST_EVENTS = 100;

/** Verifies and understands a post of the desk; one with too much in it is refused as a whole, so that nothing of it is lost. Pure. */
export function readPost(secret: string, { headers, body, at }: RawRequest): Received {
  const text = new TextDecoder().decode(body);
  const verified = verifyWebhook([secret], headers, text, at);
  if (!verified.ok) throw new AdapterFailure('auth', `The signature does not hold: ${verified.why}.`);
  const post = jsonIn(text);
  const count = listed(post)?.length ?? 1;
  if (count <= MOST_EVENTS) return { events: readEvents(post) };
  const error = `Post at most ${MOST_EVENTS} events at once; these are ${count}.`;
  return {
    events: [ignored(`A post of ${count} events was refused: at most ${MOST_EVENTS} at once.`)],
    reply: { status: 413, body: JSON.stringify({ error }), contentType: 'application/json' },
  };
}

/** What a post says, genuine or not. */
export function inspectPost({ headers, body, at }: RawRequest, secret: string | null): Inspected {
  const text = new TextDecoder().decode(body);
  const events = readEvents(jsonIn(text));
  if (secret === null) return { genuine: null, events };
  const verified = verifyWebhook([secret], headers, text, at);
  return verified.ok ? { genuine: true, events } : { genuine: false, why: verified.why, events };
}

/** Each event by itself: one that is not understood does not cost the others. */
export function readEvents(body: unknown): DeskEvent[] {
  const list = listed(body) ?? [body];
  return list.length === 0 ? [ignored('There are no events in it.')] : list.map(readEvent);
}

function listed(body: unknown): readonly unknown[] | null {
  return isRecord(body) && Array.isArray(body.events) ? body.events : null;
}

function readEvent(raw: unknown): DeskEvent {
  const read = WebhookDeskEvent.safeParse(raw);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') ?? '';
    return ignored(`Not understood: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'wrong'}`);
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
