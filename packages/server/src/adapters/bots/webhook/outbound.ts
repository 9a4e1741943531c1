import type { Estimate, ReturnContext } from '@baton/core';
import type { WebhookBotTurn } from '@baton/protocol/schemas';
import type { BotTurn, QueueOutlook, ReplyAddress } from '#ports/bot.ts';

/** A turn as it goes over the wire. Pure. */
export function turnBody(turn: BotTurn, reply: ReplyAddress | undefined): WebhookBotTurn {
  const { conversation, customer, message } = turn;
  return {
    id: turn.id,
    type: turn.type,
    epoch: conversation.epoch,
    conversation: {
      id: conversation.id,
      channel: conversation.channel,
      locale: conversation.locale,
      state: 'bot',
      metadata: conversation.attributes,
      page: conversation.page,
    },
    contact: {
      id: customer.id,
      external_id: customer.externalId,
      name: customer.name,
      email: customer.email,
      verified: customer.verified,
    },
    message: message && {
      id: message.id,
      seq: message.seq,
      text: message.text,
      choice: message.choice ?? null,
      attachments: message.parts.flatMap((part) =>
        part.type === 'file'
          ? [{ name: part.file.name, mime: part.file.mime, size: part.file.size, url: part.file.url }]
          : [],
      ),
    },
    history: turn.history.map(({ seq, role, name, text }) => ({ seq, role, name: name ?? null, text })),
    returned: turn.returned && returned(turn.returned),
    whispers: turn.whispers,
    flags: turn.flags,
    fallbacks: turn.fallbacks,
    capabilities: {
      buttons: turn.capabilities.choices,
      typing: turn.capabilities.typing,
      max_text: turn.capabilities.maxText,
    },
    availability: { open: open(turn.availability), queues: turn.availability.map(queue) },
    reply_url: reply?.url ?? null,
    reply_token: reply?.token ?? null,
  };
}

function returned(context: ReturnContext): NonNullable<WebhookBotTurn['returned']> {
  return {
    outcome: context.outcome,
    agent: context.agent?.name ?? null,
    note: context.note,
    said: context.said.map(({ seq, name, text, at }) => ({ seq, name, text, at: new Date(at).toISOString() })),
    promised: context.promised,
    handled_up_to: context.handledUpTo,
    ended_at: new Date(context.endedAt).toISOString(),
  };
}

/** Is somebody there? One queue that takes people, or makes them wait, is enough; all must be closed for a no. */
function open(queues: readonly QueueOutlook[]): boolean | null {
  if (queues.some(({ state }) => state === 'available' || state === 'busy')) return true;
  return queues.length > 0 && queues.every(({ state }) => state === 'closed') ? false : null;
}

function queue(outlook: QueueOutlook): WebhookBotTurn['availability']['queues'][number] {
  const { queue: id, name, state, agentsOnline, waiting, estimate, opensAt, skills } = outlook;
  return {
    id,
    name,
    state,
    agents_online: agentsOnline,
    waiting,
    eta_seconds: estimate?.p50Seconds ?? null,
    estimate: estimate && wait(estimate),
    opens_at: time(opensAt),
    skills: skills.map((one) => ({ skill: one.skill, state: one.state, opens_at: time(one.opensAt) })),
  };
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function wait({
  p50Seconds,
  lowSeconds,
  highSeconds,
  coverage,
}: Estimate): NonNullable<WebhookBotTurn['availability']['queues'][number]['estimate']> {
  return { p50_seconds: p50Seconds, low_seconds: lowSeconds, high_seconds: highSeconds, coverage };
}
