import { conversation, messageOf, STRANGER, ticketOf, wordOf } from '#server/adapters/contracts/desk-fixtures.ts';
import { signWebhook } from '#server/adapters/kit/standard-webhooks.ts';
import type { Desk, DeskEvent, OpenTicket } from '#server/ports/desk.ts';
import { AdapterFailure, type FailureKind } from '#server/ports/failure.ts';
import type { Listener } from './listener.ts';

/** What an agent is to do in a ticket. */
export type Deed = 'reply' | 'assigned' | 'unassigned' | 'returned' | 'closed' | 'reopened';

export interface Subject {
  desk: Desk;
  /** The same with a secret that is not the desk's. */
  stranger: Desk;
  url: string;
  secret: string;
  listener: Listener;
  /** Has an agent do it; false: this desk cannot be made to. */
  act(ticket: string, what: Deed, text?: string): Promise<boolean>;
  /** How long an agent's deed may take to come back. */
  patienceMs: number;
  /** Different at each run: nothing of an earlier one is met. */
  run: string;
}

/** A rule does not hold; the message says what was seen instead. */
class Broken extends Error {}

/** It could not be tried. */
export class NotTried extends Error {}

export interface Rule {
  id: string;
  what: string;
  check(subject: Subject): Promise<void>;
}

function assert(holds: unknown, message: string): asserts holds {
  if (!holds) throw new Broken(message);
}

async function refused(work: Promise<unknown>, kinds: readonly FailureKind[], what: string): Promise<void> {
  const outcome = await work.then(
    () => 'a good answer',
    (error: unknown) => error,
  );
  assert(outcome instanceof AdapterFailure, `${what}: expected a refusal, got ${String(outcome)}`);
  assert(
    kinds.includes(outcome.kind),
    `${what}: expected ${kinds.join(' or ')}, got ${outcome.kind}: ${outcome.message}`,
  );
}

let made = 0;
/** A handoff that no desk has seen. */
function fresh({ run, listener }: Subject, more: Partial<OpenTicket['context']> = {}): OpenTicket {
  const handoff = `hnd_conform${run}${++made}` as const;
  return { ...ticketOf({ ...more, conversation: `cnv_conform${run}${made}` }, handoff), inboundUrl: listener.url };
}

const open = (subject: Subject, more?: Partial<OpenTicket['context']>) =>
  subject.desk.open(fresh(subject, more), false);

/** Has an agent do something and waits for the event of it. */
async function deed(subject: Subject, ticket: string, what: Deed, text?: string): Promise<DeskEvent> {
  const type = what === 'reply' ? 'agent.said' : what;
  if (!(await subject.act(ticket, what, text)))
    throw new NotTried('The desk does not answer `rehearse`. Try it with --by-hand.');
  const fits = (event: DeskEvent) =>
    event.type === type && event.ticket === ticket && (event.type !== 'agent.said' || event.text === text);
  const found = await subject.listener.waitFor(fits, subject.patienceMs);
  assert(found, `no "${type}" of ticket ${ticket} came to ${subject.listener.url} in time`);
  return found;
}

/** In this order: later rules lean on what earlier ones have shown. */
export const RULES: readonly Rule[] = [
  {
    id: 'DK13',
    what: 'The right secret is taken, a wrong one answered with 401 or 403',
    async check({ desk, stranger }) {
      await desk.test();
      await refused(stranger.test(), ['auth'], 'a wrong secret');
    },
  },
  {
    id: 'DK1',
    what: 'A changed body is refused',
    async check({ url, secret }) {
      const headers = signWebhook(secret, 'conform', Date.now(), '{"type":"test"}');
      const { status } = await fetch(url, { method: 'POST', headers: { ...headers }, body: '{"type":"test" }' });
      assert(status === 401 || status === 403, `a body that was not signed was answered with ${status}`);
    },
  },
  {
    id: 'DK2',
    what: 'A call of an hour ago is refused',
    async check({ url, secret }) {
      const body = '{"type":"test"}';
      const headers = signWebhook(secret, 'conform', Date.now() - 3_600_000, body);
      const { status } = await fetch(url, { method: 'POST', headers: { ...headers }, body });
      assert(status === 401 || status === 403, `an old call was answered with ${status}`);
    },
  },
  {
    id: 'DK3',
    what: 'A call of a kind that is not known is answered, and the desk lives on',
    async check({ url, secret, desk }) {
      const body = '{"type":"ticket.dance","ticket":"none"}';
      const headers = signWebhook(secret, 'conform', Date.now(), body);
      const { status } = await fetch(url, { method: 'POST', headers: { ...headers }, body });
      assert(status < 500, `an unknown call was answered with ${status}`);
      await desk.test();
    },
  },
  {
    id: 'DK6',
    what: 'One handoff is one ticket, also when it is opened twice',
    async check(subject) {
      const { desk } = subject;
      const ticket = fresh(subject);
      const { id } = await desk.open(ticket, false);
      const again = await desk.open(ticket, true);
      assert(again.id === id, `the second opening gave ${again.id}, the first ${id}`);
      const found = await desk.findTicket(ticket.handoff, ticket.context.customer);
      assert(found?.id === id, `ticket.find gave ${found?.id ?? 'null'}, the opening ${id}`);
      const none = await desk.findTicket(`hnd_conform${subject.run}none`, ticket.context.customer);
      assert(none === null, 'ticket.find found a handoff that was never opened');
      const [one, other] = await Promise.all([desk.open(ticket, true), desk.open(ticket, true)]);
      assert(one.id === id && other.id === id, 'two openings at once made another ticket');
    },
  },
  {
    id: 'DK7',
    what: 'A transcript of 2,000 messages is taken',
    check: async (subject) =>
      void (await open(subject, { transcript: conversation(2_000, 'lorem ipsum '.repeat(10)) })),
  },
  {
    id: 'DK18',
    what: 'Somebody of whom nothing is known is taken',
    check: async (subject) => void (await open(subject, { customer: STRANGER, page: null, language: null })),
  },
  {
    id: 'DK8',
    what: 'Messages have ids of their own; the same message again gets the same one',
    async check(subject) {
      const { desk } = subject;
      const ticket = await open(subject);
      const send = (seq: number, again: boolean) =>
        desk.send(ticket, messageOf('Same words', { seq, key: `${subject.run}:${seq}` }), again);
      const first = await send(40, false);
      const second = await send(41, false);
      assert(first.externalId !== second.externalId, 'two messages of the same words got one id');
      const again = await send(40, true);
      assert(
        again.externalId === first.externalId,
        `the same message again got ${again.externalId}, at first ${first.externalId}`,
      );
      await refused(
        desk.send({ id: `none-${subject.run}` }, messageOf('x'), false),
        ['rejected'],
        'a ticket that is not there',
      );
    },
  },
  {
    id: 'DK19',
    what: 'A message of 37,500 characters is taken, or refused with 4xx',
    async check(subject) {
      const ticket = await open(subject);
      const long = Array.from({ length: 2_500 }, (_, index) => wordOf(index)).join(' ');
      const outcome = await subject.desk
        .send(ticket, messageOf(long, { key: `${subject.run}:long` }), false)
        .catch((error: unknown) => error);
      if (outcome instanceof AdapterFailure)
        assert(outcome.kind === 'rejected', `it was ${outcome.kind}: ${outcome.message}`);
    },
  },
  {
    id: 'DK14',
    what: 'Closing twice is fine',
    async check(subject) {
      const ticket = await open(subject);
      await subject.desk.close(ticket, 'Ended in Baton: resolved.');
      await subject.desk.close(ticket, 'Ended in Baton: resolved.');
    },
  },
  {
    id: 'DK15',
    what: 'What the desk is said to do besides works: typing, reading, availability',
    async check(subject) {
      const { desk } = subject;
      const ticket = await open(subject);
      await desk.typing?.(ticket, true);
      await desk.typing?.(ticket, false);
      await desk.read?.(ticket);
      const { position } = await desk.availability(null, ticket);
      if (desk.can.position) assert(position !== null, 'it gave no position of a ticket that waits');
      if (!desk.typing && !desk.read && !desk.can.availability && !desk.can.position)
        throw new NotTried('No feature is named. See --features.');
    },
  },
  {
    id: 'DK9',
    what: 'What an agent says comes signed, as he wrote it, with his name',
    async check(subject) {
      const ticket = await open(subject);
      const text = 'Is 3 < 5 & "so on"?';
      const event = await deed(subject, ticket.id, 'reply', text);
      assert(event.type === 'agent.said' && event.agent.name !== '', 'the agent has no name');
      assert(
        subject.listener.heard.every(({ genuine }) => genuine),
        'a post came whose signature does not hold',
      );
    },
  },
  {
    id: 'DK5',
    what: 'What Baton could not store is sent again, under the same id',
    async check(subject) {
      const ticket = await open(subject);
      const { heard } = subject.listener;
      const before = heard.length;
      subject.listener.refuse(1);
      const event = await deed(subject, ticket.id, 'reply', 'Sent twice');
      const key = 'key' in event ? event.key : '';
      const deadline = Date.now() + subject.patienceMs;
      const times = () =>
        heard.slice(before).filter(({ events }) => events.some((one) => 'key' in one && one.key === key)).length;
      while (times() < 2 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
      assert(times() >= 2, 'a post that was answered with 503 did not come again');
    },
  },
  {
    id: 'DK10',
    what: 'Taking, giving back and closing are told apart, each with an id of its own',
    async check(subject) {
      const ticket = await open(subject);
      const keys = new Set<string>();
      for (const what of ['assigned', 'returned', 'closed'] as const) {
        const event = await deed(subject, ticket.id, what);
        if ('key' in event) keys.add(event.key);
      }
      assert(keys.size === 3, 'two events have the same id');
    },
  },
  {
    id: 'DK22',
    what: 'A ticket that is given back a second time tells it again, under another id',
    async check(subject) {
      const { desk, listener, act, patienceMs } = subject;
      const ticket = await open(subject);
      const first = await deed(subject, ticket.id, 'returned');
      await desk.close(ticket, 'Ended in Baton: returned_to_bot.');
      await deed(subject, ticket.id, 'reply', 'One more thing');
      await act(ticket.id, 'returned');
      const isNext = (event: DeskEvent) =>
        event.type === 'returned' && event.ticket === ticket.id && 'key' in first && event.key !== first.key;
      assert(await listener.waitFor(isNext, patienceMs), 'the second time was not told, or under the id of the first');
    },
  },
  {
    id: 'DK4',
    what: 'What Baton sends does not come back as an agent’s words',
    async check(subject) {
      const { desk, listener } = subject;
      const ticket = await open(subject);
      await desk.send(ticket, messageOf('An echo?', { key: `${subject.run}:echo` }), false);
      const echo = await listener.waitFor((event) => event.type === 'agent.said' && event.text === 'An echo?', 1_000);
      assert(echo === null, 'the customer’s message came back as an agent’s');
    },
  },
  {
    id: 'DK17',
    what: 'Asked again, the desk tells what happened, under the same ids',
    async check(subject) {
      const { desk } = subject;
      if (!desk.poll) throw new NotTried('The feature `poll` is not named.');
      const ticket = await open(subject);
      const before = await desk.poll(ticket, null);
      const event = await deed(subject, ticket.id, 'reply', 'Found by asking');
      const after = await desk.poll(ticket, before.cursor);
      const found = after.events.find((one) => one.type === 'agent.said' && one.text === 'Found by asking');
      assert(
        found && 'key' in found && 'key' in event && found.key === event.key,
        'the event is not in the answer under its id',
      );
      const { events } = await desk.poll(ticket, after.cursor);
      assert(events.length === 0, 'the cursor does not move: the same events came again');
    },
  },
];
