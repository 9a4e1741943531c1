import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { forCustomer } from '#conversation/audience.ts';
import type { Command } from '#conversation/commands.ts';
import { deadlines } from '#conversation/deadlines.ts';
import { decide } from '#conversation/decide.ts';
import type { ConversationEvent, EventType, Logged } from '#conversation/events.ts';
import { evolve, holderOf, replay } from '#conversation/evolve.ts';
import { keyOf } from '#conversation/key.ts';
import { react } from '#conversation/react.ts';
import { LOOP_LIMIT, LOOP_WINDOW_SECONDS } from '#conversation/rules.ts';
import type { Conversation, Handoff } from '#conversation/state.ts';
import { choiceOf, type Message, textOf } from '#message/message.ts';
import { idsFrom, type Played, type Turn } from './play.ts';
import { SECRET } from './steps.ts';

/** What holds for whatever was played. Each looks at the log and the states itself and trusts no other. */
export type Invariant = (played: Played) => void;

const eventsOf = <T extends EventType>(log: readonly Logged[], type: T) =>
  log.flatMap((logged) =>
    logged.event.type === type ? [{ ...logged, event: logged.event as Extract<ConversationEvent, { type: T }> }] : [],
  );

/** As `toStrictEqual`, which is asked only to say what differs: it is twenty times slower. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** Each event with the state before and after it. */
function* walk(log: readonly Logged[]): Generator<{ before: Conversation; logged: Logged; after: Conversation }> {
  let state: Conversation | null = null;
  for (const logged of log) {
    const before: Conversation | null = state;
    state = evolve(state, logged);
    if (before) yield { before, logged, after: state };
  }
}

export function oneHolder({ log, state }: Played): void {
  let last: unknown = null;
  for (const { before, logged } of walk(log)) {
    expect(['bot', 'queue', 'agent', 'nobody']).toContain(before.control.holder);
    if (logged.event.type !== 'control.changed') continue;
    expect(logged.event.from).toEqual(holderOf(before.control));
    last = logged.event.to;
  }
  if (last !== null) expect(holderOf(state.control)).toEqual(last);
}

export function fenced({ turns, log }: Played): void {
  for (const { before, command, decision } of turns) {
    if (!before || !('epoch' in command) || command.epoch === undefined) continue;
    if (command.epoch === before.control.epoch || roleOf(command) === 'customer' || 'repeat' in decision) continue;
    expect(decision).toMatchObject({ refused: { code: 'control_lost', control: before.control } });
  }
  for (const { before, logged, after } of walk(log)) {
    const { event } = logged;
    const step = event.type === 'control.changed' ? 1 : 0;
    expect(after.control.epoch).toBe(before.control.epoch + step);
    if (event.type !== 'message' || event.message.imported) continue;
    const { author, barge, epoch } = event.message;
    expect(epoch).toBe(before.control.epoch);
    if (author.role === 'bot') expect(before.control).toMatchObject({ holder: 'bot', bot: author.id });
    if (author.role === 'agent' && !barge) expect(before.control).toMatchObject({ agent: { id: author.id } });
  }
}

function roleOf(command: Command): string | null {
  return 'by' in command ? command.by.role : 'author' in command ? command.author.role : null;
}

export function numbered({ log, state, turns }: Played): void {
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(state.seq).toBe(log.length);
  for (const { before, after, events } of turns) expect(after.seq).toBe((before?.seq ?? 0) + events.length);
}

/** As they are written: some alone, some with those that came while the last flush was under way. */
function flushes(turns: readonly Turn[]): Pick<Turn, 'before' | 'events' | 'after'>[] {
  const list: Pick<Turn, 'before' | 'events' | 'after'>[] = [];
  for (let from = 0, size = 1; from < turns.length; from += size, size = (size % 4) + 1) {
    const batch = turns.slice(from, from + size);
    const [first, last] = [batch[0], batch.at(-1)];
    if (first && last)
      list.push({ before: first.before, events: batch.flatMap(({ events }) => events), after: last.after });
  }
  return list;
}

/** A cursor per side: on a wake it reads the log to its end. */
export function reached({ turns, log }: Played): void {
  const read = new Map<string, number>();
  for (const { before, events, after } of flushes(turns)) {
    for (const effect of react(before, events, after)) if (effect.type === 'wake') read.set(effect.side, after.seq);
    for (const { before: then, logged } of walk(log.slice(0, after.seq))) {
      if (logged.seq <= (before?.seq ?? 0) || logged.event.type !== 'message') continue;
      const { author } = logged.event.message;
      const desk = then.handoff?.desk;
      const own = author.role === 'agent' && author.desk === desk;
      if (desk && !own) expect(read.get(`desk:${desk}`)).toBeGreaterThanOrEqual(logged.seq);
    }
    const { control, channel } = after;
    if (control.holder !== 'bot' || control.bot === channel) continue;
    for (const { seq } of after.turns) expect(read.get(`bot:${control.bot}`)).toBeGreaterThanOrEqual(seq);
  }
  const messages = eventsOf(log, 'message').map(({ event }) => event.message);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
}

export function truthful({ log }: Played): void {
  const all = [...walk(log)];
  for (const [index, { before, logged, after }] of all.entries()) {
    const { event } = logged;
    if (event.type === 'participant.joined' && event.role === 'owner')
      expect(before.control).toMatchObject({ holder: 'agent', agent: { id: event.agent.id } });
    if (event.type !== 'message' || event.message.author.role !== 'system') continue;
    const previous = all[index - 1]?.logged.event;
    const next = all[index + 1]?.logged.event;
    noticeHolds(event.message, before, previous, next);
    tellsOnlyWhatIsKnown(event.message, after, previous);
  }
}

function noticeHolds(
  { notice }: Message,
  before: Conversation,
  previous: ConversationEvent | undefined,
  next: ConversationEvent | undefined,
): void {
  switch (notice) {
    case 'connecting':
      return expect(before.handoff?.phase).toMatch(/requested|queued/);
    case 'place':
      return expect(previous).toMatchObject({ type: 'estimate.told', handoff: before.handoff?.id });
    case 'still_waiting':
      return expect(before.handoff?.phase).toBe('queued');
    case 'cancelled':
      return expect(previous).toMatchObject({ outcome: expect.stringMatching(/cancelled_by_customer|superseded/) });
    case 'meanwhile':
      return expect(previous).toMatchObject({ type: 'handoff.meanwhile', handoff: before.handoff?.id });
    case 'wait_limit':
    case 'desk_failed':
      return expect(previous).toMatchObject({ type: 'handoff.ended', outcome: notice });
    case 'agent_lost':
      return expect(before.handoff).toMatchObject({ phase: 'queued', front: true });
    case 'proposal':
      return expect(next).toMatchObject({ type: 'proposal.made' });
    case 'proposal_declined':
      return expect(previous).toMatchObject({ type: 'message', message: { author: { role: 'customer' } } });
    case 'apology':
      return expect(before.memory.failuresInARow).toBeGreaterThan(0);
    case 'loop_guard':
      expect(before.flags.map(({ name }) => name)).toContain('loop_guard');
      return expect(before.control.holder).toBe('nobody');
    case undefined:
      return expect.fail('Baton says nothing without saying why');
  }
}

function tellsOnlyWhatIsKnown(message: Message, after: Conversation, previous: ConversationEvent | undefined): void {
  const words = textOf(message.parts);
  if (!/\d|are next|minute|hour|place in the line/.test(words)) return;
  expect(previous).toMatchObject({ type: 'estimate.told', handoff: after.handoff?.id });
  if (previous?.type !== 'estimate.told') return;
  const numbers = (words.split(',')[0]?.match(/\d+/g) ?? []).map(Number);
  for (const number of numbers) expect(number).toBe(previous.ahead);
  if (/minute|hour/.test(words)) expect(previous.estimate).not.toBeNull();
}

/**
 * A model of its own: which messages nobody has answered, by the log alone. `held`: those to which Baton itself said
 * something (it asked, or it apologised), so that the bot need not have them now.
 */
export function nobodyForgotten({ turns }: Played): void {
  let open: number[] = [];
  let held = new Set<number>();
  let states = 0;
  for (const { before, events, after } of turns) {
    let state = before;
    for (const [index, logged] of events.entries()) {
      const next: Conversation = evolve(state, logged);
      const following = events[index + 1]?.event;
      ({ open, held } = answering({ open, held }, state, logged, following));
      state = next;
      states++;
    }
    expect(after.unanswered?.upTo ?? null).toBe(open.at(-1) ?? null);
    if (open.length === 0) expect(after.turns).toEqual([]);
    if (after.control.holder !== 'bot') expect(after.turns).toEqual([]);
    else
      for (const seq of open) {
        const given = after.turns.some((turn) => turn.seq >= seq) || held.has(seq);
        expect(given, `message ${seq} is nobody’s`).toBe(true);
      }
  }
  expect(states).toBeGreaterThan(0);
}

interface Open {
  open: number[];
  held: Set<number>;
}

function answering(
  { open, held }: Open,
  state: Conversation | null,
  logged: Logged,
  next: ConversationEvent | undefined,
): Open {
  const { event, seq } = logged;
  switch (event.type) {
    case 'message':
      return afterMessage({ open, held }, state, seq, event.message, next);
    case 'bot.skipped': {
      const over = open.filter((one) => one <= event.turn);
      return event.why === 'noop' ? without({ open, held }, over) : { open, held: new Set([...held, ...over]) };
    }
    case 'handoff.meanwhile':
    case 'handoff.ended': {
      const asked =
        state?.handoff?.evidence.filter(({ kind }) => kind === 'asked_for_human').map((one) => one.seq) ?? [];
      const leaves =
        event.type === 'handoff.ended' ? event.outcome === 'cancelled_by_customer' : event.meanwhile === 'with_bot';
      const takesBack = leaves && asked.includes(open.at(-1));
      return takesBack ? { open: [], held: new Set() } : { open, held };
    }
    case 'control.changed':
      return { open, held: new Set() };
    case 'conversation.closed':
      return { open: [], held: new Set() };
    default:
      return { open, held };
  }
}

function afterMessage(
  { open, held }: Open,
  state: Conversation | null,
  seq: number,
  message: Message,
  next: ConversationEvent | undefined,
): Open {
  const { author, answers, barge, turn, imported } = message;
  if (imported) return { open, held };
  if (author.role === 'agent') return barge ? { open, held } : { open: [], held: new Set() };
  if (author.role === 'bot')
    return without({ open, held }, answers === undefined ? open : open.filter((one) => one <= answers));
  if (author.role === 'system') return { open, held };
  const choice = choiceOf(message.parts);
  const holder = state?.control.holder;
  const inLine = holder === 'queue' || (holder === 'bot' && state?.handoff);
  if (inLine && /^wait:(keep|bot|message|callback|stop)$/.test(choice ?? '')) return { open, held };
  if (holder === 'bot' && choice === 'handoff:yes') return { open, held };
  if (holder === 'bot' && next?.type === 'message' && next.message.notice === 'proposal_declined') {
    const owed = state?.turns.map((one) => one.seq) ?? [];
    return { open: open.filter((one) => owed.includes(one)), held };
  }
  // With the bot and yet no turn: Baton asks, or asks for a person.
  return { open: [...open, seq], held: holder === 'bot' && !turn ? new Set([...held, seq]) : held };
}

function without({ open, held }: Open, over: number[]): Open {
  return { open: open.filter((one) => !over.includes(one)), held };
}

export function freed({ turns }: Played): void {
  for (const { before, events, after } of flushes(turns)) {
    const effects = react(before, events, after);
    for (const [had, has] of steps(before, events)) {
      if (had.phase === 'active' ? has?.phase !== 'active' : !has || has.phase === 'active' || has.queue !== had.queue)
        expect(effects).toContainEqual({ type: 'line', queue: had.queue });
      if (has && has.queue !== had.queue) expect(effects).toContainEqual({ type: 'line', queue: has.queue });
      if (had.desk === null || has?.desk === had.desk) continue;
      expect(effects).toContainEqual({ type: 'wake', side: `desk:${had.desk}` });
      if (has && 'ticket' in has && 'ticket' in had && has.ticket) expect(has.ticket).not.toBe(had.ticket);
    }
  }
}

/** The open handoff before and after each event; null once it is over. */
function steps(before: Conversation | null, events: readonly Logged[]): [Handoff, Handoff | null][] {
  const list: [Handoff, Handoff | null][] = [];
  let state = before;
  for (const logged of events) {
    const had = state?.handoff;
    state = evolve(state, logged);
    if (had) list.push([had, state.handoff?.id === had.id ? state.handoff : null]);
  }
  return list;
}

export function oneOutcome({ log, state }: Played): void {
  const ends = new Map<string, number>();
  let open: string | null = null;
  for (const { event } of log) {
    if (!event.type.startsWith('handoff.') || !('handoff' in event)) continue;
    if (event.type === 'handoff.requested' && !event.retry) {
      expect(open).toBeNull();
      expect(ends.has(event.handoff)).toBe(false);
      open = event.handoff;
      ends.set(open, 0);
    }
    expect(event.handoff).toBe(open);
    if (event.type !== 'handoff.ended') continue;
    ends.set(event.handoff, (ends.get(event.handoff) ?? 0) + 1);
    open = null;
  }
  expect(state.handoff?.id ?? null).toBe(open);
  for (const [handoff, count] of ends) expect(count).toBe(handoff === open ? 0 : 1);
}

const PEOPLE = ['accept', 'take'];

/** Control given to a bot or a line after so many changes was given by a person. */
export function noCircles({ turns }: Played): void {
  const moved: number[] = [];
  for (const { at, command, events } of turns) {
    for (const { event } of events) {
      if (event.type !== 'control.changed') continue;
      const lately = moved.slice(-LOOP_LIMIT - 1).filter((then) => then > at - LOOP_WINDOW_SECONDS * 1_000).length;
      if (lately >= LOOP_LIMIT && event.to.holder !== 'nobody') {
        const byPerson = PEOPLE.includes(command.type) || roleOf(command) === 'agent';
        expect(byPerson, `${command.type} moved control to ${event.to.holder}`).toBe(true);
      }
      moved.push(at);
    }
    for (const { event } of events)
      if (event.type === 'handoff.ended' && event.outcome === 'loop_guard')
        expect(events.some((one) => one.event.type === 'flag.added' || one.event.type === 'message')).toBe(true);
  }
}

export function replayed({ log, state, turns }: Played): void {
  same(replay(null, log), state);
  for (const { before, events, after } of turns) same(replay(before, events), after);
  const middle = Math.floor(log.length / 2);
  const stored: Conversation = JSON.parse(JSON.stringify(replay(null, log.slice(0, middle))));
  if (middle > 0) same(replay(stored, log.slice(middle)), state);
}

export function onceOnly({ rules, turns, log, state }: Played): void {
  const keys = log.flatMap(({ key }) => key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { at, command, decision, events, after, made } of turns) {
    if (events.length === 0 || keyOf(command) === undefined || !('seq' in decision)) continue;
    const again = decide(after, command, { at: at + 1, newId: idsFrom(made).newId, rules });
    expect(again).toEqual({ repeat: decision.seq });
    expect(log[decision.seq - 1]?.key).toBe(keyOf(command));
    const late = decide(state, command, { at: at + 1, newId: idsFrom(made).newId, rules });
    if (state.keys.some(([key]) => key === keyOf(command))) expect(late).toEqual({ repeat: decision.seq });
  }
}

export function agreed({ turns }: Played): void {
  for (const { after } of turns) {
    const { control, handoff, participants, status, turns: owed, unanswered } = after;
    const phase = handoff?.phase;
    const withBot = handoff !== null && 'meanwhile' in handoff && handoff.meanwhile === 'with_bot';
    const inLine = withBot ? /bot/ : /queue/;
    const holder = phase === undefined ? /bot|nobody/ : phase === 'active' ? /agent/ : inLine;
    expect(control.holder).toMatch(holder);
    if (status === 'closed')
      expect([control.holder, handoff, unanswered, owed.length]).toEqual(['nobody', null, null, 0]);
    if (control.holder === 'queue') expect(handoff?.queue).toBe(control.queue);
    if (control.holder === 'agent')
      expect(handoff).toMatchObject({ agent: control.agent, desk: control.agent.desk ?? null });
    const owners = participants.filter(({ role }) => role === 'owner').map(({ agent }) => agent.id);
    expect(owners).toEqual(control.holder === 'agent' ? [control.agent.id] : []);
    expect(new Set(participants.map(({ agent }) => agent.id)).size).toBe(participants.length);
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const one of Object.values(value)) frozen(one);
  return value;
}

export function pure({ rules, turns }: Played): void {
  frozen(rules);
  const decideAgain = ({ at, made }: Turn, state: Conversation | null, command: Command) =>
    decide(state, command, { at, newId: idsFrom(made).newId, rules });
  for (const turn of turns) {
    const { before, command, decision } = turn;
    same(decideAgain(turn, frozen(before), frozen(command)), decision);
    const written: Conversation | null = JSON.parse(JSON.stringify(before));
    same(written, before);
    expect(decideAgain(turn, written, JSON.parse(JSON.stringify(command)))).toStrictEqual(decision);
    same(JSON.parse(JSON.stringify(turn.events)), turn.events);
  }
}

/** A state with all its lists full is well under this; most are 1 to 3 KB. */
const LARGEST_STATE = 32_000;

export function bounded({ state }: Played): void {
  expect(JSON.stringify(state).length).toBeLessThan(LARGEST_STATE);
}

/** Else every node would look at this conversation again and again. */
export function settledByTick({ rules, turns }: Played): void {
  for (const { command, decision, after, at } of turns) {
    if (command.type !== 'tick' || !('events' in decision)) continue;
    expect(deadlines(after, rules).filter((deadline) => deadline.at <= at)).toEqual([]);
  }
}

/** Idle conversations apart: they may have been idle for long when what kept them busy ends. */
const IDLE = ['bot_idle', 'human_idle'];

export function neverLateAtOnce({ rules, turns }: Played): void {
  for (const { before, after, at, command } of turns) {
    if (!before || command.type === 'tick') continue;
    const known = deadlines(before, rules).map((one) => `${one.kind} ${one.at}`);
    // Back from an offer he has been in the line all the time.
    const inLine = before.handoff?.phase === 'offered';
    for (const one of deadlines(after, rules)) {
      if (IDLE.includes(one.kind) || known.includes(`${one.kind} ${one.at}`)) continue;
      if (inLine && one.kind.startsWith('queue_')) continue;
      expect(one.at, `${command.type} makes ${one.kind} due at once`).toBeGreaterThan(at);
    }
  }
}

/** A secret, or a field of the inside. */
const FORBIDDEN = new RegExp(
  `${SECRET}|"(?:desk|evidence|skills|priority|turn|answers|barge|attributes|note|queue|ticket)":`,
);

export function discreet({ log }: Played): void {
  for (const { event } of log) {
    const seen = forCustomer(event);
    if (seen === null) continue;
    const words = JSON.stringify(seen);
    if (FORBIDDEN.test(words)) expect(words).not.toMatch(FORBIDDEN);
  }
}
