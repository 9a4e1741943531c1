import { appendFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Ticket } from '@baton/core';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { DeskFault, DeskTwin, SeenEntry, SeenTicket } from '#kit/desk-twin.ts';
import { arrived, type TwinDelivery } from '#kit/twin-webhooks.ts';
import type { Desk, DeskEvent } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { TestDeps } from './desk-deps.ts';
import { conversation, messageOf, STRANGER, ticketOf, wordOf } from './desk-fixtures.ts';

/** A desk under test, with its vendor's twin. Its time limit is 1 second. */
export interface DeskSubject {
  desk: Desk;
  /** The same desk with credentials that the vendor refuses. */
  stranger: Desk;
  twin: DeskTwin;
  deps: TestDeps;
  /**
   * A genuine webhook changed by somebody who does not know the secret, in every way that the vendor's scheme can tell.
   * Empty only where the vendor proves nothing: the secret in the path is then all there is, and the hub checks it.
   */
  forge(genuine: TwinDelivery): TwinDelivery[];
  /** The vendor signs the time, too. */
  signsTime: boolean;
  close(): Promise<void>;
}

type Said = Extract<DeskEvent, { type: 'agent.said' }>;
type Kept = Extract<DeskEvent, { key: string }>;

/**
 * What every desk does, whoever made it: the definition of a desk's adapter. It runs against the vendor's twin; what a desk
 * declares that it cannot do (`can`) is shown to be absent.
 */
export function deskContract(name: string, { create }: { create(): Promise<DeskSubject> }): void {
  describe(`${name} is a desk`, () => {
    let subject: DeskSubject;
    beforeEach(async () => {
      subject = await create();
    });
    afterEach(() => {
      record(subject.twin);
      return subject.close();
    });

    webhooks(() => subject);
    opening(() => subject);
    messages(() => subject);
    agents(() => subject);
    failures(() => subject);
    capabilities(() => subject);
  });
}

type Get = () => DeskSubject;

/** What comes in is proven, understood or ignored. */
function webhooks(get: Get): void {
  it('[DK1] refuses what is forged, and takes what is genuine', async () => {
    const { desk, twin, deps, forge } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    const genuine = twin.webhooks.sent.at(-1);
    expect(genuine, 'the twin tells of a reply').toBeDefined();
    if (!genuine) return;
    desk.receive(arrived(genuine, deps.clock.now));
    for (const forgery of forge(genuine)) {
      const error = caught(() => desk.receive(arrived(forgery, deps.clock.now)));
      expect(error).toBeInstanceOf(AdapterFailure);
      expect((error as AdapterFailure).kind).toBe('auth');
    }
  });

  it('[DK2] refuses an old webhook where its time is signed', async () => {
    const { desk, twin, deps, signsTime } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    const late = arrived(last(twin.webhooks.sent), deps.clock.now + 3_600_000);
    if (!signsTime) return expect(() => desk.receive(late)).not.toThrow();
    expect(caught(() => desk.receive(late))).toMatchObject({ kind: 'auth' });
  });

  it('[DK3] ignores what it does not know, and says why', async () => {
    const { desk, twin, deps } = get();
    for (const odd of twin.odd()) {
      const { events } = desk.receive(arrived(odd, deps.clock.now));
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) expect(event).toMatchObject({ type: 'ignored', why: expect.stringMatching(/\w/) });
    }
    expect(twin.odd().length).toBeGreaterThan(0);
  });

  it('[DK4] knows its own words when they come back, whatever it did', async () => {
    const { desk } = get();
    const ticket = await opened(get());
    await desk.send(ticket, messageOf('Still there?'), false);
    await desk.send(ticket, messageOf('x'.repeat(9_000), { seq: 41 }), false);
    await desk.close(ticket, 'Ended in Baton: resolved.');
    const heard = await hear(get(), ticket);
    expect(heard.filter(({ type }) => type === 'agent.said')).toEqual([]);
  });

  it('[DK5] gives one event one key, however often it comes, and two events two', async () => {
    const { desk, twin, deps } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Same words');
    await twin.agent.reply(ticket.id, twin.agents[0], 'Same words');
    const keys = async () => said(await hearAll(get(), ticket)).map(({ key }) => key);
    const first = await keys();
    deps.clock.now += 1_000;
    expect(await keys()).toEqual(first);
    expect(new Set(first).size).toBe(2);
    const events = await hearAll(get(), ticket);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    expect(desk.id).toBe('int_desk');
  });
}

/** A ticket holds everything, once. */
function opening(get: Get): void {
  it('[DK6] makes one ticket of one handoff', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf(), false);
    expect(await desk.open(ticketOf(), true)).toEqual(ticket);
    expect(await desk.findTicket('hnd_1', ticketOf().context.customer)).toEqual(ticket);
    expect(await desk.findTicket('hnd_9', ticketOf().context.customer)).toBeNull();
    expect(twin.tickets()).toHaveLength(1);
    const other = await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    expect(other.id).not.toBe(ticket.id);
    expect(JSON.parse(JSON.stringify(ticket))).toEqual(ticket);
  });

  it('[DK6] completes an opening that was cut off at any of its calls', async () => {
    const { desk, twin } = get();
    // More than any note holds (64 KiB), and few enough for desks that take message after message.
    const lines = conversation(50, 'x'.repeat(1_500));
    for (let cut = 0; cut < 60; cut++) {
      const handoff = `hnd_cut${cut}` as const;
      const of = ticketOf({ handoff, conversation: `cnv_cut${cut}`, transcript: lines }, handoff);
      twin.fault(cut % 2 === 0 ? 'accepts_then_breaks_off' : 'error', { skip: cut });
      const failed = await desk.open(of, false).then(
        () => null,
        (error: unknown) => error,
      );
      twin.calm();
      if (failed === null) {
        expect(cut, 'the fault hit at least one call').toBeGreaterThan(0);
        return;
      }
      expect(failed).toBeInstanceOf(AdapterFailure);
      const ticket = await desk.open(of, true);
      expect(twin.tickets()).toHaveLength(cut + 1);
      expectWhole(seen(twin, ticket), lines.length);
    }
  });

  it('[DK7] brings the whole transcript, however long, in order and once', async () => {
    const { desk, twin } = get();
    const lines = conversation(2_000, 'lorem ipsum '.repeat(10));
    const ticket = await desk.open(ticketOf({ transcript: lines }), false);
    expectWhole(seen(twin, ticket), lines.length);
  });

  it('[DK7] brings words of every kind as they are', async () => {
    const { desk, twin } = get();
    const odd = [
      'a < b && c > "d"',
      'two\nlines',
      '*stars* _lines_ ~~~ `ticks`',
      'Zürich, 東京, 🎷👩‍👩‍👧',
      '<script>alert(1)</script>',
    ];
    const lines = odd.map((text, index) => ({ role: 'customer' as const, name: 'Ada', text, at: index * 1_000 }));
    const ticket = await desk.open(ticketOf({ transcript: lines }), false);
    const text = squeezed(readable(seen(twin, ticket)));
    for (const one of odd) expect(text).toContain(squeezed(one));
  });

  it('[DK7] tells who it is, why, what the bot tried, and where all of it is', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf(), false);
    const text = readable(seen(twin, ticket));
    expect(text).toContain('Ada Lovelace');
    expect(text).toMatch(/asked for a (person|human)|customer.asked/i);
    for (const part of [
      'Charged twice for order 1001 & wants <one> back',
      'vip',
      'gold',
      'https://shop.example/orders/1001',
      'https://baton.example/transcripts/t0k3n',
      'find_order',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/verified/i);
  });

  it('[DK18] invents nothing about somebody of whom nothing is known', async () => {
    const { desk, twin } = get();
    const ticket = await desk.open(ticketOf({ customer: STRANGER, page: null, language: null }), false);
    const { customer } = seen(twin, ticket);
    expect(customer.email).toBeNull();
    if (customer.name !== null) expect(customer.name).toMatch(/^(visitor|customer)\b/i);
    expect(readable(seen(twin, ticket))).not.toMatch(/\b(null|undefined|\[object)\b/);
    expect(readable(seen(twin, ticket))).not.toContain('@');
  });

  it('[DK18] knows the same person again, and keeps two apart', async () => {
    const { desk, twin } = get();
    const first = await desk.open(ticketOf(), false);
    await desk.close(first, 'Ended');
    await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    await desk.open(ticketOf({ handoff: 'hnd_3', conversation: 'cnv_3', customer: STRANGER }, 'hnd_3'), false);
    const names = twin.tickets().map(({ customer }) => customer.email);
    expect(names).toEqual(['ada@example.com', 'ada@example.com', null]);
  });

  it('[DK15] routes to the group that the queue has there', async () => {
    const { desk, twin } = get();
    if (twin.group === null) return;
    const ticket = await desk.open({ ...ticketOf(), group: twin.group }, false);
    expect(seen(twin, ticket).group).toBe(twin.group);
  });
}

/** What the customer goes on to say. */
function messages(get: Get): void {
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

/** What agents do there. */
function agents(get: Get): void {
  it('[DK9] hears what an agent says, who it was, and nothing that he notes', async () => {
    const { twin } = get();
    const ticket = await opened(get());
    const [dana] = twin.agents;
    const text = 'Is 3 < 5 & "so on"?\nYes.\n\nLine *four*';
    const id = await twin.agent.reply(ticket.id, dana, text);
    await twin.agent.note(ticket.id, dana, 'chargeback risk');
    const heard = said(await hear(get(), ticket));
    expect(heard).toMatchObject([{ ticket: ticket.id, agent: { id: dana.id, name: dana.name }, text, files: [] }]);
    expect(heard[0]?.externalId).toBe(id);
    expect(JSON.stringify(heard)).not.toContain('chargeback');
  });

  it('[DK9] keeps the order in which agents spoke', async () => {
    const { twin } = get();
    const ticket = await opened(get());
    for (let index = 0; index < 5; index++)
      await twin.agent.reply(ticket.id, twin.agents[index % 2 ? 1 : 0], `no. ${index}`);
    const heard = said(await hear(get(), ticket));
    expect(heard.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((index) => `no. ${index}`));
    expect(heard.map(({ agent }) => agent.id)).toEqual([0, 1, 0, 1, 0].map((index) => twin.agents[index]?.id));
    // A vendor's clock may tick in seconds only, but it never goes back.
    const times = heard.flatMap(({ at }) => (at === undefined ? [] : [at]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('[DK10] tells assigned, put back, transferred, closed and reopened apart', async () => {
    const { desk, twin, deps } = get();
    const ticket = await opened(get());
    const [dana, kim] = twin.agents;
    await hear(get(), ticket);
    const step = async (
      act: Promise<void>,
      type: 'assigned' | 'unassigned' | 'closed' | 'reopened',
      agent?: string,
    ) => {
      await act;
      deps.clock.now += 2_000;
      const heard = states(await hear(get(), ticket));
      if (!desk.can.tells.includes(type)) return expect(heard.map((one) => one.type)).not.toContain(type);
      expect(
        heard.map((one) => one.type),
        `${type} is told`,
      ).toEqual([type]);
      if (agent !== undefined) expect(heard[0]).toMatchObject({ agent: { id: agent } });
    };
    await step(twin.agent.take(ticket.id, dana), 'assigned', dana.id);
    await step(twin.agent.release(ticket.id, dana), 'unassigned');
    await step(twin.agent.take(ticket.id, dana), 'assigned', dana.id);
    await step(twin.agent.take(ticket.id, kim), 'assigned', kim.id);
    await step(twin.agent.close(ticket.id, kim), 'closed');
    await step(twin.agent.reopen(ticket.id, kim), 'reopened');
  });

  it('[DK10] hears that an agent gives it back to the bot, and that is no close', async () => {
    const { desk, twin } = get();
    if (desk.can.handBack === null) return;
    const ticket = await opened(get());
    await twin.agent.take(ticket.id, twin.agents[0]);
    await hear(get(), ticket);
    await twin.agent.handBack(ticket.id, twin.agents[0], 'He only wants the invoice.');
    const heard = states(await hear(get(), ticket)).map(({ type }) => type);
    expect(heard).toContain('returned');
    // What a vendor does besides (unassign, resolve) comes after and finds the handoff ended.
    expect(heard[0]).toBe('returned');
  });

  it('[DK9] hears an agent who answers where nobody expected it: closed, unassigned', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await desk.close(ticket, 'Ended in Baton: returned_to_bot.');
    await hear(get(), ticket);
    await twin.agent.reply(ticket.id, twin.agents[1], 'One more thing');
    expect(said(await hear(get(), ticket))).toMatchObject([
      { text: 'One more thing', agent: { id: twin.agents[1].id } },
    ]);
  });

  it('[DK15] brings an agent’s files home', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const bytes = new Uint8Array([1, 2, 3, 0, 254]);
    await twin.agent.reply(ticket.id, twin.agents[0], 'See this', [
      { name: 'a b.pdf', mime: 'application/pdf', bytes },
    ]);
    const heard = said(await hear(get(), ticket));
    const [file] = heard.flatMap(({ files }) => files);
    expect(heard.map(({ text }) => text).filter((text) => text !== '')).toEqual(['See this']);
    expect(file).toMatchObject({ name: 'a b.pdf' });
    if (!file) return;
    expect([...(await desk.fetchFile(file, 1_000)).bytes]).toEqual([...bytes]);
    expect((await failureOf(desk.fetchFile(file, 3))).kind).toBe('rejected');
    const inner = { ...file, url: 'http://169.254.169.254/latest/meta-data' };
    expect((await failureOf(desk.fetchFile(inner, 1_000))).kind).toBe('rejected');
  });
}

/** The vendor's bad days. */
function failures(get: Get): void {
  it('[DK11] waits as long as a busy desk asks', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    twin.fault('rate_limited', { times: 5 });
    const failure = await failureOf(desk.send(ticket, messageOf('Hello?'), false));
    twin.calm();
    expect(failure.kind).toBe('retry');
    if (twin.retryAfterMs !== null) expect(failure.retryAfterMs).toBe(twin.retryAfterMs);
  });

  it.each<[DeskFault, string]>([
    ['accepts_then_hangs', 'hung up on'],
    ['accepts_then_breaks_off', 'broken off'],
  ])('[DK12] %s: a call that was %s may have arrived, and is looked for', async (fault) => {
    const { desk, twin } = get();
    twin.fault(fault, { work: 'ticket' });
    expect((await failureOf(desk.open(ticketOf(), false))).kind).toBe('uncertain');
    const ticket = await desk.open(ticketOf(), true);
    expect(twin.tickets()).toHaveLength(1);
    const before = seen(twin, ticket).entries.length;
    twin.fault(fault, { work: 'message' });
    expect((await failureOf(desk.send(ticket, messageOf('Only once'), false))).kind).toBe('uncertain');
    const { externalId } = await desk.send(ticket, messageOf('Only once'), true);
    expect(externalId).not.toBe('');
    // The same words said again are another message.
    await desk.send(ticket, messageOf('Only once', { seq: 41 }), false);
    expect(seen(twin, ticket).entries.length - before).toBe(2);
  });

  it('[DK12] a call that never arrived is made when it is looked for', async () => {
    const { desk, twin } = get();
    twin.fault('hangs', { work: 'ticket' });
    expect((await failureOf(desk.open(ticketOf(), false))).kind).toBe('uncertain');
    expect(await desk.findTicket('hnd_1', ticketOf().context.customer)).toBeNull();
    const ticket = await desk.open(ticketOf(), true);
    twin.fault('hangs', { work: 'message' });
    expect((await failureOf(desk.send(ticket, messageOf('Hello?'), false))).kind).toBe('uncertain');
    await desk.send(ticket, messageOf('Hello?'), true);
    expect(last(seen(twin, ticket).entries).text).toContain('Hello?');
    expect(twin.tickets()).toHaveLength(1);
  });

  it('[DK12] a slow desk is waited for', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    twin.fault('slow');
    await desk.send(ticket, messageOf('Take your time'), false);
    expect(last(seen(twin, ticket).entries).text).toContain('Take your time');
  });

  it('[DK13] says that a person must mend the credentials', async () => {
    const { desk, stranger, twin } = get();
    expect((await failureOf(stranger.test())).kind).toBe('auth');
    expect((await failureOf(stranger.open(ticketOf(), false))).kind).toBe('auth');
    expect(twin.tickets()).toHaveLength(0);
    expect(await desk.test()).toMatch(/\w/);
  });

  it('[DK14] closes, and closing again or what is gone is fine', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await desk.close(ticket, 'Ended in Baton: resolved.');
    expect(seen(twin, ticket).open).toBe(false);
    await desk.close(ticket, 'Ended in Baton: resolved.');
    const other = await desk.open(ticketOf({ handoff: 'hnd_2', conversation: 'cnv_2' }, 'hnd_2'), false);
    await twin.agent.close(other.id, twin.agents[0]);
    await desk.close(other, 'Ended in Baton: resolved.');
  });

  it.each<[DeskFault, AdapterFailure['kind'][]]>([
    ['error', ['retry']],
    ['forbidden', ['auth']],
    // Perhaps it was done, and a gateway answered: then it is looked for.
    ['nonsense', ['rejected', 'uncertain']],
    ['empty', ['rejected', 'uncertain']],
    ['breaks_off', ['uncertain']],
    ['redirects', ['rejected']],
  ])('[DK16] %s is told apart, and the next try does it once', async (fault, kinds) => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    const before = seen(twin, ticket).entries.length;
    twin.fault(fault, { work: 'message' });
    expect(kinds).toContain((await failureOf(desk.send(ticket, messageOf('Hello?'), false))).kind);
    await desk.send(ticket, messageOf('Hello?'), true);
    expect(seen(twin, ticket).entries.length - before).toBe(1);
  });
}

/** What is declared works; what is not declared is not there. */
function capabilities(get: Get): void {
  it('[DK15] has the methods of what it declares, and no others', () => {
    const { desk } = get();
    expect(desk.can.direct).toBe(false);
    expect(Boolean(desk.typing)).toBe(desk.can.typing);
    expect(Boolean(desk.read)).toBe(desk.can.readMarks);
    expect(Boolean(desk.poll)).toBe(desk.can.poll);
    if (desk.can.handBack !== null) expect(desk.can.handBack).toMatch(/\w/);
  });

  it('[DK15] shows typing and read marks both ways', async () => {
    const { desk, twin } = get();
    const ticket = await opened(get());
    await twin.agent.reply(ticket.id, twin.agents[0], 'Hello');
    await hear(get(), ticket);
    if (desk.typing) {
      await desk.typing(ticket, true);
      expect(seen(twin, ticket).typing).toBe(true);
      await desk.typing(ticket, false);
      expect(seen(twin, ticket).typing).toBe(false);
    }
    if (desk.read) {
      await desk.read(ticket);
      expect(seen(twin, ticket).read).toBe(true);
    }
    await twin.agent.typing(ticket.id, twin.agents[0], true);
    await twin.agent.read(ticket.id, twin.agents[0]);
    // A vendor that does not tell is silent; one that tells something else would be wrong.
    for (const event of await hear(get(), ticket)) expect(['agent.typing', 'read', 'ignored']).toContain(event.type);
  });

  it('[DK15] says yes, no or unknown of who is there, and never makes it up', async () => {
    const { desk, twin } = get();
    twin.staff(true);
    const there = await desk.availability(twin.group, null);
    twin.staff(false);
    const away = await desk.availability(twin.group, null);
    if (!desk.can.availability) {
      expect([there.state, away.state]).toEqual(['unknown', 'unknown']);
      expect([there.agentsOnline, away.agentsOnline]).toEqual([null, null]);
    } else {
      expect(['available', 'busy']).toContain(there.state);
      expect(['closed', 'unknown', 'busy']).toContain(away.state);
    }
    // Where nobody is, there is no line either.
    twin.staff(true);
    const ticket = await opened(get());
    const { position, estimate } = await desk.availability(twin.group, ticket);
    if (desk.can.position) expect(position).toBeGreaterThanOrEqual(1);
    else expect([position, estimate]).toEqual([null, null]);
  });

  it('[DK17] finds by asking what webhooks have lost, under the same keys', async () => {
    const { desk, twin, deps } = get();
    if (!desk.poll) return;
    const ticket = await opened(get());
    const nothing = await desk.poll(ticket, null);
    expect(said(nothing.events)).toEqual([]);
    await twin.agent.take(ticket.id, twin.agents[0]);
    await twin.agent.reply(ticket.id, twin.agents[0], 'First');
    await twin.agent.note(ticket.id, twin.agents[0], 'for us');
    await twin.agent.reply(ticket.id, twin.agents[1], 'Second');
    deps.clock.now += 2_000;
    const found = await desk.poll(ticket, nothing.cursor);
    expect(said(found.events).map(({ text }) => text)).toEqual(['First', 'Second']);
    expect(said(found.events).map(({ key }) => key)).toEqual(said(await hearAll(get(), ticket)).map(({ key }) => key));
    const again = await desk.poll(ticket, found.cursor);
    const known = new Set(said(found.events).map(({ key }) => key));
    expect(said(again.events).filter(({ key }) => !known.has(key))).toEqual([]);
    await twin.agent.close(ticket.id, twin.agents[0]);
    deps.clock.now += 2_000;
    const closed = await desk.poll(ticket, again.cursor);
    expect(states(closed.events).map(({ type }) => type)).toContain('closed');
    expect(states([...found.events, ...again.events]).map(({ type }) => type)).not.toContain('closed');
  });
}

/** Writes down what was sent to the vendor, for the check against the vendor's own description of its API. */
function record({ calls }: DeskTwin): void {
  const folder = inject('recordCalls');
  if (folder === '') return;
  const kind = basename(dirname(expect.getState().testPath ?? ''));
  const lines = calls.map(({ method, path, query, headers, text }) =>
    JSON.stringify({ method, path, query: [...query], contentType: headers['content-type'] ?? null, body: text }),
  );
  appendFileSync(join(folder, `${kind}.jsonl`), lines.map((line) => `${line}\n`).join(''));
}

function opened({ desk }: DeskSubject): Promise<Ticket> {
  return desk.open(ticketOf(), false);
}

/** What is known of a desk's events: their keys, and where each ticket was asked last. */
interface Known {
  keys: Set<string>;
  cursors: Map<string, string>;
}

const heardUpTo = new WeakMap<DeskTwin, Known & { sent: number }>();

/** What the webhooks since the last time say, fetched where they only hint. */
async function hear(subject: DeskSubject, ticket: Ticket): Promise<DeskEvent[]> {
  const { twin } = subject;
  const heard = heardUpTo.get(twin) ?? { sent: 0, ...nothingKnown() };
  heardUpTo.set(twin, heard);
  const deliveries = twin.webhooks.sent.slice(heard.sent);
  heard.sent = twin.webhooks.sent.length;
  return understood(subject, ticket, deliveries, heard);
}

/** What all webhooks say. */
function hearAll(subject: DeskSubject, ticket: Ticket): Promise<DeskEvent[]> {
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

function said(events: readonly DeskEvent[]): Said[] {
  return events.filter((event): event is Said => event.type === 'agent.said');
}

function states(events: readonly DeskEvent[]): Exclude<Kept, Said>[] {
  return events.filter((event): event is Exclude<Kept, Said> => 'key' in event && event.type !== 'agent.said');
}

function seen(twin: DeskTwin, { id }: Ticket): SeenTicket {
  const found = twin.ticket(id);
  if (!found) throw new Error(`The twin has no ticket ${id}`);
  return found;
}

/** All that an agent can read, without the files. */
function readable({ entries, facts, customer }: SeenTicket): string {
  return [customer.name ?? '', customer.email ?? '', facts, ...entries.map(({ text }) => text)].join('\n');
}

/** Indented or wrapped differently, words are still the same words. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function wordsIn(entries: readonly SeenEntry[]): string[] {
  return entries.flatMap(({ text }) => text.match(/line-\d{5}-end/g) ?? []);
}

function expectWhole(ticket: SeenTicket, lines: number): void {
  expect(wordsIn(ticket.entries)).toEqual(Array.from({ length: lines }, (_, index) => wordOf(index)));
}

function last<T>(list: readonly T[]): T {
  const found = list.at(-1);
  if (found === undefined) throw new Error('There is nothing yet.');
  return found;
}

function caught(work: () => unknown): unknown {
  try {
    work();
    return new Error('Nothing was thrown.');
  } catch (error) {
    return error;
  }
}

export async function failureOf(promise: Promise<unknown>): Promise<AdapterFailure> {
  const result = await promise.then(
    (value) => new Error(`No failure, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (result instanceof AdapterFailure) return result;
  throw result;
}
