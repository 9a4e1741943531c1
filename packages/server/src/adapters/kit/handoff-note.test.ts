import { expect, it } from 'vitest';
import { conversation, STRANGER, ticketOf, wordOf } from '#adapters/contracts/desk-fixtures.ts';
import { handoffNotes } from './handoff-note.ts';
import { textToHtml } from './html.ts';

const asHtml = (text: string) => textToHtml(text).length;

it('[DK7] a note holds everything, in pieces that fit, in order', () => {
  const ticket = ticketOf({ transcript: conversation(2_000, 'a < b & c '.repeat(12)) });
  const notes = handoffNotes(ticket, 30_000, asHtml);
  for (const { mark, text } of notes) {
    expect(asHtml(text)).toBeLessThanOrEqual(30_000);
    expect(text.startsWith(`${mark}\n`)).toBe(true);
  }
  expect(new Set(notes.map(({ mark }) => mark)).size).toBe(notes.length);
  const found = notes
    .map(({ text }) => text)
    .join('\n')
    .match(/line-\d{5}-end/g);
  expect(found).toEqual(Array.from({ length: 2_000 }, (_, index) => wordOf(index)));
  expect(handoffNotes(ticket, 30_000, asHtml)).toEqual(notes);
});

it('[DK6] what is known of the customer may change between two tries; the transcript’s pieces stay the same', () => {
  const transcript = conversation(300, 'x'.repeat(400));
  const marks = (ticket: ReturnType<typeof ticketOf>) => handoffNotes(ticket, 20_000).slice(1);
  expect(marks(ticketOf({ transcript }))).toEqual(marks(ticketOf({ transcript, customer: STRANGER, page: null })));
});

it('[DK18] says what is not known, and makes nothing up', () => {
  const [first] = handoffNotes(ticketOf({ customer: STRANGER, page: null, language: null }), 30_000);
  expect(first?.text).toContain('Name not known (identity not verified)');
  expect(first?.text).not.toMatch(/null|undefined|E-mail|Phone|@/);
});
