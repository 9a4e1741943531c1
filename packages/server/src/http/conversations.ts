import type { Command, ConversationId, HandoffId, Logged, NewId } from '@baton/core';
import type { Conversation as WireConversation } from '@baton/protocol';
import type { Page, TranscriptItem } from '@baton/protocol/schemas';
import type { z } from 'zod';
import type { Outcome } from '#hub/ledger.ts';
import { presentConversation } from '#present/conversation.ts';
import type { CustomerRow } from '#store/customers.ts';
import type { IntegrationRow } from '#store/integrations.ts';
import { findConversation, lastHandoff } from '#store/lists.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem, refused } from './problems.ts';
import { importedOf } from './transcripts.ts';

/** How long an answer waits for a desk to take a handoff. Our own console does at once. */
const DESK_MS = 2_000;

type Done = Extract<Outcome, { ok: true }>;

/** Commits, or throws what the rules said. */
export async function commit(deps: HttpDeps, conversation: ConversationId, command: Command): Promise<Done> {
  const outcome = await deps.ledger.commit(conversation, command);
  if (!outcome.ok) throw refused(outcome.refusal);
  return outcome;
}

interface Opening {
  channel: IntegrationRow;
  customer: CustomerRow;
  transcript?: z.output<typeof TranscriptItem>[] | undefined;
  attributes?: Record<string, string | number | boolean> | undefined;
  page?: z.output<typeof Page> | undefined;
  language?: string | undefined;
}

/** Opens a conversation with all that was said before. Done again under its Idempotency-Key it is the same conversation. */
export async function openConversation(
  deps: HttpDeps,
  context: { caller: { workspace: IntegrationRow['workspace'] }; newId: NewId },
  opening: Opening,
): Promise<ConversationId> {
  const { channel, customer, attributes, page, language } = opening;
  const { workspace } = context.caller;
  // A bot that owns its channel is named by it: nobody calls it, it reads and writes by the API.
  const bot = channel.kind === 'api' ? channel.id : channel.bot;
  const transcript = await importedOf(deps.pool, workspace, deps.settings.publicUrl, opening.transcript ?? [], {
    customer,
    bot: bot ?? channel.id,
  });
  const id = context.newId('cnv');
  const outcome = await deps.ledger.open({
    type: 'open',
    id,
    workspace,
    channel: channel.id,
    customer: customer.id,
    bot,
    ...(language === undefined ? {} : { locale: language }),
    ...(page === undefined ? {} : { page: pageOf(page) }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(transcript.length === 0 ? {} : { transcript }),
  });
  if (!outcome.ok && outcome.refusal.code !== 'exists') throw refused(outcome.refusal);
  return id;
}

/** Without the fields that were left out. */
export function pageOf({ url, title, referrer }: z.output<typeof Page>): {
  url: string;
  title?: string;
  referrer?: string;
} {
  return { url, ...(title === undefined ? {} : { title }), ...(referrer === undefined ? {} : { referrer }) };
}

/** The conversation as it is now, for an answer. */
export async function presentNow(
  deps: HttpDeps,
  workspace: IntegrationRow['workspace'],
  id: ConversationId,
): Promise<WireConversation> {
  const [row, last] = await Promise.all([
    findConversation(deps.pool, workspace, id),
    lastHandoff(deps.pool, workspace, id),
  ]);
  if (!row) throw new HttpProblem('not_found', `There is no conversation ${id}.`);
  return presentConversation(row, last);
}

/** Resolves when a desk has taken the handoff, when it has ended, or when that takes too long. */
export async function acknowledged(deps: HttpDeps, conversation: ConversationId, handoff: HandoffId): Promise<void> {
  const waits = async () => {
    const open = (await deps.ledger.readNow(conversation))?.handoff;
    return open?.id === handoff && open.phase === 'requested';
  };
  if (!(await waits())) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = deps.follow(conversation, () => {
    waits().then(
      (still) => still || resolve(),
      () => resolve(),
    );
  });
  const timer = setTimeout(resolve, DESK_MS);
  try {
    if (await waits()) await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** The message among what a `say` caused. */
export function messageIn(events: readonly Logged[], clientId: string) {
  for (const { seq, event } of events)
    if (event.type === 'message' && event.message.clientId === clientId) return { seq, message: event.message };
  return null;
}
