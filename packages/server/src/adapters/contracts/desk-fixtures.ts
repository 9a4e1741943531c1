import type { HandoffContext, HandoffId, Millis, TranscriptLine } from '@baton/core';
import type { OpenTicket, OutMessage } from '#ports/desk.ts';

export const NOON: Millis = Date.UTC(2026, 10, 22, 12);

/** A handoff as the hub brings it, of a customer who has said who he is. */
export function ticketOf(more: Partial<HandoffContext> = {}, handoff: HandoffId = 'hnd_1'): OpenTicket {
  return {
    handoff,
    context: contextOf({ handoff, ...more }),
    group: null,
    transcriptUrl: 'https://baton.example/transcripts/t0k3n',
    inboundUrl: 'https://baton.example/inbound/int_desk/s3cr3t',
  };
}

export function contextOf(more: Partial<HandoffContext> = {}): HandoffContext {
  return {
    handoff: 'hnd_1',
    conversation: 'cnv_1',
    reason: 'customer_asked',
    evidence: [{ kind: 'asked_for_human', seq: 5, quote: 'get me a person' }],
    summary: 'Charged twice for order 1001 & wants <one> back',
    waitingSince: NOON,
    queue: 'que_1',
    priority: 2,
    skills: ['billing'],
    customer: {
      id: 'cus_1',
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      phone: null,
      externalId: 'crm-815',
      verified: true,
      attributes: { plan: 'gold' },
    },
    page: { url: 'https://shop.example/orders/1001', title: 'Order 1001' },
    language: 'en',
    channel: { id: 'int_web', kind: 'widget', name: 'Shop' },
    flags: [{ name: 'vip', at: NOON, by: 'api' }],
    botTried: [
      {
        seq: 3,
        asked: 'I was charged twice',
        answered: 'You can see your orders in your account.',
        fallback: false,
        sources: ['Your orders'],
        tools: ['find_order'],
      },
    ],
    transcript: conversation(4),
    earlier: [],
    ...more,
  };
}

/** Somebody of whom nothing is known. */
export const STRANGER: HandoffContext['customer'] = {
  id: 'cus_2',
  name: null,
  email: null,
  phone: null,
  externalId: null,
  verified: false,
  attributes: {},
};

/** `count` messages of customer and bot in turn, each told from all others by its words. */
export function conversation(count: number, padding = ''): TranscriptLine[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 2,
    role: index % 2 === 0 ? ('customer' as const) : ('bot' as const),
    name: index % 2 === 0 ? 'Ada Lovelace' : 'Robin',
    text: `${wordOf(index)} ${padding}`.trim(),
    at: NOON - (count - index) * 1_000,
  }));
}

/** The words by which a line of `conversation` is known. */
export function wordOf(index: number): string {
  return `line-${String(index).padStart(5, '0')}-end`;
}

export function messageOf(text: string, more: Partial<OutMessage> = {}): OutMessage {
  const seq = more.seq ?? 40;
  return {
    key: `cnv_1:${seq}`,
    seq,
    author: { role: 'customer', name: 'Ada Lovelace' },
    text,
    files: [],
    at: NOON + seq * 1_000,
    ...more,
  };
}
