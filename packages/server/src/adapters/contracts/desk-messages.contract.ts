import { expect, it } from 'vitest';
import { AdapterFailure } from '#ports/failure.ts';
import { messageOf, wordOf } from './desk-fixtures.ts';
import { last, opened, seen, squeezed, wordsIn } from './desk-reading.contract.ts';
import type { Get } from './desk-subject.ts';

/** What the customer goes on to say. */
export function messages(get: Get): void {
  it('[DK8] brings messages in order, with the customer as their author', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const before = seen(twin, ticket).entries.length;
    const words = ['Are you there?', 'a < b & "c"', 'two\nlines'];
    const ids: string[] = [];
    for (const [index, text] of words.entries())
      ids.push((await desk.send(ticket, messageOf(text, { seq: 40 + index }), false)).externalId);
    const entries = seen(twin, ticket).entries.slice(before);
    expect(entries.map(({ author, internal }) => [author, internal])).toEqual(words.map(() => ['customer', false]));
    for (const [index, entry] of entries.entries())
      expect(squeezed(entry.text)).toContain(squeezed(words[index] ?? ''));
    expect(new Set(ids).size).toBe(words.length);
  });

  it('[DK8] says whose words it brings where they are not the customer’s', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await desk.send(ticket, messageOf('I will look at it.', { author: { role: 'agent', name: 'Kim' } }), false);
    const entry = last(seen(twin, ticket).entries);
    expect(entry.text).toContain('I will look at it.');
    if (entry.author === 'customer') expect(entry.text).toContain('Kim');
  });

  it('[DK19] splits what is too long, or refuses it; nothing is cut', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const before = seen(twin, ticket).entries.length;
    const words = Array.from({ length: 2_500 }, (_, index) => wordOf(index));
    const outcome = await desk.send(ticket, messageOf(words.join(' ')), false).catch((error: unknown) => error);
    if (outcome instanceof AdapterFailure) return expect(outcome.kind).toBe('rejected');
    const entries = seen(twin, ticket).entries.slice(before);
    expect(wordsIn(entries)).toEqual(words);
  });

  it('[DK19] completes a long message that was cut off, and sends no word twice', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const before = seen(twin, ticket).entries.length;
    const words = Array.from({ length: 2_500 }, (_, index) => wordOf(index));
    const message = messageOf(words.join(' '));
    twin.fault('accepts_then_breaks_off', { work: 'message', skip: 1 });
    const first = await desk.send(ticket, message, false).catch((error: unknown) => error);
    twin.calm();
    if (first instanceof AdapterFailure) {
      if (first.kind === 'rejected') return;
      await desk.send(ticket, message, true);
    }
    expect(wordsIn(seen(twin, ticket).entries.slice(before))).toEqual(words);
  });

  it('[DK15] brings files as it declares', async () => {
    const { desk, twin, deps } = get();
    const ticket = await opened(get());
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 128]);
    const file = await deps.keep('receipt 1.png', 'image/png', bytes);
    const before = seen(twin, ticket).entries.length;
    await desk.send(ticket, messageOf('Here is the receipt', { files: [file] }), false);
    await desk.send(ticket, messageOf('', { seq: 41, files: [file] }), false);
    const entries = seen(twin, ticket).entries.slice(before);
    for (const entry of entries) expect(entry.author).toBe('customer');
    expect(entries.map(({ text }) => text).join(' ')).toContain('Here is the receipt');
    if (desk.can.files === 'link') return expect(entries.filter(({ text }) => text.includes(file.url))).toHaveLength(2);
    const files = entries.flatMap((entry) => entry.files);
    expect(files.map((one) => [one.name, one.mime])).toEqual([
      ['receipt 1.png', 'image/png'],
      ['receipt 1.png', 'image/png'],
    ]);
    for (const one of files) expect(Buffer.from(one.bytes).equals(bytes)).toBe(true);
  });
}
