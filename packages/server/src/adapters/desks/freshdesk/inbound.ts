import type { AgentRef } from '@baton/core';
import { z } from 'zod';
import type { Inspected } from '#kit/definition.ts';
import { htmlToText } from '#kit/html.ts';
import { nameIn, pictures } from '#kit/remote-file.ts';
import { ignored, jsonIn } from '#kit/webhook-body.ts';
import type { DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import type { RawRequest } from '#ports/inbound.ts';
import type { Agent, Entry } from './client.ts';
import { isMarked } from './outbound.ts';

/** What the rule of automation sends: placeholders arrive as text, a chosen field as a number. */
const Hook = z.object({
  freshdesk_webhook: z.object({ ticket_id: z.union([z.string().regex(/^\d{1,15}$/), z.number().int().positive()]) }),
});

/**
 * A webhook of Freshdesk's proves nothing but that its sender knows the address, and tells nothing but a ticket in which something
 * happened: what, is asked for. Each is a call of its own, as the same words mean the next change. Pure.
 */
export function readWebhook(request: RawRequest): Received {
  const read = Hook.safeParse(jsonIn(request.body));
  if (!read.success) return { events: [ignored('No webhook that names a ticket in freshdesk_webhook.ticket_id.')] };
  const ticket = String(read.data.freshdesk_webhook.ticket_id);
  return { events: [{ type: 'changed', ticket, key: `changed:${ticket}:${request.at}` }] };
}

export function inspectWebhook(request: RawRequest): Inspected {
  return { genuine: null, ...readWebhook(request) };
}

/** Freshdesk's clock counts in seconds. */
export const TICK_MS = 1_000;

/** Kinds of entries that are said to the customer: replies and notes. */
const SAID = [0, 2];

/** What an agent says to the customer; every other entry is ignored, and says why. */
export function agentSaid(ticket: string, entry: Entry, agent: Agent | null): DeskEvent {
  if (entry.private) return ignored('A private note.');
  if (entry.incoming) return ignored('What the customer said, or somebody by mail.');
  if (entry.source !== null && entry.source !== undefined && !SAID.includes(entry.source))
    return ignored(`An entry of another kind (${entry.source}): a survey, or a mail to somebody else.`);
  const html = withoutQuote(entry.body ?? '');
  const files = [...(entry.attachments ?? []).flatMap(fileOf), ...pictures(html)];
  const text = withoutSignature(htmlToText(html.replace(/<img\b[^>]*>/gi, '')), agent);
  if (text === '' && files.length === 0) return ignored('An empty entry.');
  const at = Date.parse(entry.created_at);
  return {
    type: 'agent.said',
    ticket,
    key: `entry:${entry.id}`,
    ...(Number.isNaN(at) ? {} : { at, tick: TICK_MS }),
    agent: agentRef(entry.user_id, agent),
    text,
    files,
    externalId: String(entry.id),
  };
}

/** What an agent wants the bot to know: a private note that begins with "bot:". Null: the entry is no such note. */
export function noteForBot(entry: Entry): string | null {
  if (!entry.private || entry.incoming || isMarked(entry.body ?? '')) return null;
  const [, words] = /^bot:\s*([\s\S]*)$/i.exec(htmlToText(entry.body ?? '')) ?? [];
  return words?.trim() || null;
}

export function agentRef(id: number | null | undefined, agent: Agent | null): AgentRef {
  return { id: String(id ?? 'agent'), name: agent?.contact?.name || 'Agent' };
}

/** An answer by mail carries what it answers to. */
function withoutQuote(html: string): string {
  return html.replace(/<(?:div|blockquote)\b[^>]*\bclass\s*=\s*["'][^"']*\bfreshdesk_quote\b[\s\S]*$/i, '');
}

function withoutSignature(text: string, agent: Agent | null): string {
  const signature = htmlToText(agent?.signature ?? '');
  return signature !== '' && text.endsWith(signature) ? text.slice(0, -signature.length).trimEnd() : text;
}

function fileOf(attachment: NonNullable<Entry['attachments']>[number]): RemoteFile[] {
  const { attachment_url: url, name, content_type: mime, size } = attachment;
  if (!url || !URL.canParse(url)) return [];
  return [{ url, name: name || nameIn(url), ...(mime ? { mime } : {}), ...(size ? { size } : {}) }];
}
