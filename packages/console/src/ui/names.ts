import type { Author, ConversationSummary } from '@baton/protocol';
import { t } from '#strings/strings.ts';

/** What to call a customer: his name, his address, or a visitor told apart by the end of his id. */
export function customerName(customer: Pick<ConversationSummary['customer'], 'id' | 'name' | 'email'>): string {
  return customer.name?.trim() || customer.email || t.visitor(customer.id.slice(-4).toUpperCase());
}

export function authorName(author: Author, customer: string): string {
  if (author.role === 'customer') return author.name || customer;
  return author.name ?? (author.role === 'bot' ? t.list.bot : t.product);
}

/** A flag's or topic's technical name for people: `loop_guard` is "loop guard". */
export function plainWord(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Flags that only say again what the reason of the handoff says. */
export function addsToReason(flag: string): boolean {
  return flag !== 'asked_for_human' && flag !== 'loop_guard';
}

export function evidenceKind(kind: string): string {
  const [, topic] = kind.split('topic:');
  return topic === undefined ? (t.evidence[kind] ?? plainWord(kind)) : t.topic(plainWord(topic));
}
