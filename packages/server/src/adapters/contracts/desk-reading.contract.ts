import type { Ticket } from '@baton/core';
import { expect } from 'vitest';
import type { DeskTwin, SeenEntry, SeenTicket } from '#kit/desk-twin.ts';
import { arrived, type TwinDelivery } from '#kit/twin-webhooks.ts';
import type { DeskEvent } from '#ports/desk.ts';
import { ticketOf, wordOf } from './desk-fixtures.ts';
import type { DeskSubject } from './desk-subject.ts';

type Said = Extract<DeskEvent, { type: 'agent.said' }>;
type Kept = Extract<DeskEvent, { key: string }>;

export function opened({ desk }: DeskSubject): Promise<Ticket> {
  return desk.open(ticketOf(), false);
}

/** What is known of a desk's events: their keys, and where each ticket was asked last. */
interface Known {
  keys: Set<string>;
  cursors: Map<string, string>;
}

const heardUpTo = new WeakMap<DeskTwin, Known & { sent: number }>();

/** What the webhooks since the last time say, fetched where they only hint. */
export async function hear(subject: DeskSubject, ticket: Ticket): Promise<DeskEvent[]> {
  const { twin } = subject;
  const heard = heardUpTo.get(twin) ?? { sent: 0, ...nothingKnown() };
  heardUpTo.set(twin, heard);
  const deliveries = twin.webhooks.sent.slice(heard.sent);
  heard.sent = twin.webhooks.sent.length;
  return understood(subject, ticket, deliveries, heard);
}

/** What all webhooks say. */
export function hearAll(subject: DeskSubject, ticket: Ticket): Promise<DeskEvent[]> {
  return understood(subject, ticket, subject.twin.webhooks.sent, nothingKnown());
}

function nothingKnown(): Known {
  return { keys: new Set(), cursors: new Map() };
}

/** As the hub does it: each key counts once, what only hints is fetched, other tickets are others' business. */
async function understood(
  { desk, deps }: DeskSubject,
  ticket: Ticket,
  deliveries: readonly TwinDelivery[],
  { keys, cursors }: Known,
): Promise<DeskEvent[]> {
  const heard: DeskEvent[] = [];
  const fetched = async (event: Extract<DeskEvent, { type: 'changed' }>): Promise<DeskEvent[]> => {
    if (event.ticket !== ticket.id) return [];
    if (desk.refresh) return desk.refresh(ticket, event);
    const asked = await desk.poll?.(ticket, cursors.get(ticket.id) ?? null);
    if (asked) cursors.set(ticket.id, asked.cursor);
    return asked?.events ?? [];
  };
  for (const delivery of deliveries) {
    for (const event of desk.receive(arrived(delivery, deps.clock.now)).events) {
      // A hint that took the key of what it hints at would stand in its place.
      if (event.type === 'changed') keys.add(event.key);
      const events = event.type === 'changed' ? await fetched(event) : [event];
      for (const one of events) {
        if ('key' in one && keys.has(one.key)) continue;
        if ('key' in one) keys.add(one.key);
        if (!('ticket' in one) || one.ticket === ticket.id) heard.push(one);
      }
    }
  }
  return heard;
}

export function said(events: readonly DeskEvent[]): Said[] {
  return events.filter((event): event is Said => event.type === 'agent.said');
}

export function states(events: readonly DeskEvent[]): Exclude<Kept, Said>[] {
  return events.filter((event): event is Exclude<Kept, Said> => 'key' in event && event.type !== 'agent.said');
}

export function seen(twin: DeskTwin, { id }: Ticket): SeenTicket {
  const found = twin.ticket(id);
  if (!found) throw new Error(`The twin has no ticket ${id}`);
  return found;
}

/** All that an agent can read, without the files. */
export function readable({ entries, facts, customer }: SeenTicket): string {
  return [customer.name ?? '', customer.email ?? '', facts, ...entries.map(({ text }) => text)].join('\n');
}

/** Indented or wrapped differently, words are still the same words. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function wordsIn(entries: readonly SeenEntry[]): string[] {
  return entries.flatMap(({ text }) => text.match(/line-\d{5}-end/g) ?? []);
}

export function expectWhole(ticket: SeenTicket, lines: number): void {
  expect(wordsIn(ticket.entries)).toEqual(Array.from({ length: lines }, (_, index) => wordOf(index)));
}

export function last<T>(list: readonly T[]): T {
  const found = list.at(-1);
  if (found === undefined) throw new Error('There is nothing yet.');
  return found;
}

export function caught(work: () => unknown): unknown {
  try {
    work();
    return new Error('Nothing was thrown.');
  } catch (error) {
    return error;
  }
}
