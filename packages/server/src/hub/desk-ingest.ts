import type { ConversationId, IntegrationId, Part, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { ConfigProblem } from '#ports/adapter.ts';
import type { Desk, DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawReply, RawRequest } from '#ports/inbound.ts';
import type { World } from '#ports/world.ts';
import { isOurs } from '#store/deliveries.ts';
import {
  forgetInbox,
  inboxDone,
  inboxForget,
  inboxLater,
  type KeptItem,
  keepInbox,
  lastState,
  nextInbox,
  type ReadyTicket,
  readyTickets,
} from '#store/inbox.ts';
import { isOpening, ofTicket, ticketOf } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import type { Circuits, Health } from './circuits.ts';
import { commandsFor, type DeskNews, type Place } from './desk-commands.ts';
import type { Desks } from './desks.ts';
import { type Heard, HeardOf } from './heard.ts';
import { LastSeen } from './last-seen.ts';
import type { Ledger } from './ledger.ts';
import { isOfBefore, isOvertaken, STATES } from './overtaken.ts';
import type { ReadMarks } from './read-marks.ts';
import type { Signals } from './signals.ts';

/** Events that overtook each other on their way are put right when they come within this time. */
const GATHER_MS = 150;
/** An agent may answer before we have noted the ticket: a webhook of an unknown ticket waits for it this long. */
const UNKNOWN_TICKET_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;
/** Tries of what the desk itself must answer (a change to be fetched, a file), doubled from one second on: some five minutes. */
const MOST_TRIES = 9;
/** Times that an agent's words are tried again because control has just moved. */
const MOST_RACES = 5;
/** How long the desk is asked first what else there is; what an agent said must not wait for ever on a desk that is down. */
const ASK_FIRST_MS = 60_000;
const ASK_AGAIN_MS = 3_000;
const SCARCE = 10;
/** Keys that are known to stand in their place, so that the desk is asked once. */
const ASKED_KEPT = 20_000;
/** Tickets that one node works on at once. */
const AT_ONCE = 16;
/** A node looks at least this often: for what other nodes left behind. */
const AT_LEAST_MS = 5_000;
const KEPT_DAYS = 30;
const FORGET_EVERY_MS = 6 * 3_600_000;

export interface DeskIngestDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  desks: Desks;
  circuits: Circuits;
  signals: Signals;
  reads: Pick<ReadMarks, 'mark'>;
  /**
   * Keeps a vendor's file as our own; says so in its place when it may not be kept (type, size, private address). Throws
   * what may come right by itself, unless it is the last try.
   */
  keepFile(
    workspace: WorkspaceId,
    conversation: ConversationId,
    desk: Desk,
    file: RemoteFile,
    lastTry: boolean,
  ): Promise<Part>;
}

type Kept = Extract<DeskEvent, { key: string }>;

/**
 * What comes back from outside desks. Each event is kept before the vendor is answered and written under a key of its own,
 * so that duplicates, late ones and those that a poll finds again change nothing. Tickets are worked off side by side, the
 * events of one ticket in the order in which they happened.
 */
export class DeskIngest {
  readonly #deps: DeskIngestDeps;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #heard = new HeardOf();
  readonly #asked = new LastSeen(ASKED_KEPT);
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = true;
  #forgetAt = 0;

  constructor(deps: DeskIngestDeps) {
    this.#deps = deps;
  }

  /** Begins to work off what is kept, and what a crash left. */
  start(): void {
    this.#stopped = false;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#busy.values());
  }

  heard(id: IntegrationId): Heard {
    return this.#heard.of(id);
  }

  /**
   * A vendor's request, kept before it is answered. `unknown`: there is no such address. `forged`: it is not from who it
   * seems. `unready`: the integration's configuration is wrong, and once it is mended the vendor should send again. A
   * database that is away throws as it does.
   */
  async receive(
    id: IntegrationId,
    secret: string | null,
    request: RawRequest,
  ): Promise<RawReply | 'unknown' | 'forged' | 'unready'> {
    let received: Received;
    try {
      const found = await this.#deps.desks.find(id, secret);
      if (!found) return 'unknown';
      received = found.desk.receive(request);
    } catch (error) {
      if (error instanceof ConfigProblem) return 'unready';
      if (!(error instanceof AdapterFailure)) throw error;
      this.#heard.of(id).refused++;
      return 'forged';
    }
    await this.keep(id, received);
    return received.reply ?? { status: 200, body: '{"ok":true}', contentType: 'application/json' };
  }

  /** Keeps events and begins to work them off: `told` by webhook, or `asked` for, in the desk's own order. Gives the new keys. */
  async keep(
    id: IntegrationId,
    { events }: Pick<Received, 'events'>,
    how: 'told' | 'asked' = 'told',
  ): Promise<ReadonlySet<string>> {
    const items = events.flatMap((event) =>
      'key' in event
        ? [{ key: event.key, ticket: event.ticket, type: event.type, at: timeOf(event), payload: event }]
        : [],
    );
    const fresh = await keepInbox(this.#deps.pool, id, items, GATHER_MS, how === 'asked');
    if (how === 'asked') for (const { key } of items) this.#asked.add(`${id} ${key}`);
    for (const event of events) if (!('key' in event)) await this.#passing(id, event);
    this.#heard.of(id).events += fresh.size;
    if (fresh.size > 0) this.#wake();
    return fresh;
  }

  #wake(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#look().finally(() => {
      this.#looking = null;
    });
  }

  async #look(): Promise<void> {
    this.#again = false;
    const { pool, world } = this.#deps;
    let wait = AT_LEAST_MS;
    try {
      if (world.now() > this.#forgetAt) {
        this.#forgetAt = world.now() + FORGET_EVERY_MS;
        await forgetInbox(pool, KEPT_DAYS);
      }
      if (this.#busy.size < AT_ONCE)
        for (const ticket of await readyTickets(pool, AT_ONCE + this.#busy.size)) this.#begin(ticket);
      // What is being worked on is still open: its end wakes us.
      if (this.#busy.size === 0) wait = Math.min(wait, Math.max((await nextInbox(pool)) ?? wait, 10));
      else wait = Math.min(wait, GATHER_MS);
    } catch (error) {
      world.log.warn({ error }, 'inbox: the database does not answer; it is looked at again soon');
      wait = LOOK_AGAIN_MS;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#wake(), this.#again ? 0 : wait);
  }

  #begin(ready: ReadyTicket): void {
    const name = `${ready.integration} ${ready.ticket}`;
    if (this.#busy.has(name) || this.#busy.size >= AT_ONCE) return;
    const working = this.#workOff(ready)
      .catch((error: unknown) =>
        this.#deps.world.log.warn(
          { error, integration: ready.integration },
          'what a desk sent could not be worked off; it is tried again',
        ),
      )
      .finally(() => {
        this.#busy.delete(name);
        this.#wake();
      });
    this.#busy.set(name, working);
  }

  async #workOff(ready: ReadyTicket): Promise<void> {
    const { integration: id, workspace, items } = ready;
    const { pool, desks, world } = this.#deps;
    if ((await this.#askFirst(ready)) === 'wait') return;
    const lastHint = items.findLast(({ type }) => type === 'changed');
    for (const item of items) {
      try {
        const desk = await desks.get(workspace, id);
        // Asking once answers all hints that are there by now.
        if (item.type === 'changed' && item !== lastHint && desk && !desk.refresh) {
          await inboxDone(pool, id, item.key);
          continue;
        }
        // Switched off: what it said is kept until it is on again, or forgotten with it.
        const wait = desk ? await this.#apply(id, desk, item) : UNKNOWN_TICKET_MS;
        if (wait === 'done') await inboxDone(pool, id, item.key);
        else if (wait === 'not ours') await inboxForget(pool, id, item.key);
        else return await inboxLater(pool, id, item.key, wait, desk ? 'The ticket is not known yet.' : 'Switched off.');
      } catch (error) {
        const delay = LOOK_AGAIN_MS * 2 ** Math.min(item.attempts, 8);
        if (error instanceof AdapterFailure) {
          if (item.attempts + 1 < MOST_TRIES)
            return inboxLater(pool, id, item.key, error.retryAfterMs ?? delay, error.message);
          world.log.warn({ integration: id, type: item.type, why: error.message }, 'what a desk sent was given up');
          await inboxDone(pool, id, item.key);
          continue;
        }
        await inboxLater(pool, id, item.key, delay, (error as Error).message);
        throw error;
      }
    }
  }

  /**
   * A webhook may have been lost, or may still be on its way: before a ticket's news is worked off, the desk is asked what else
   * there is, so that what an agent said first is brought first. `wait`: it was asked, or could not be yet; then the ticket is
   * looked at anew, with what has come meanwhile. A desk that does not answer for long is not waited for.
   */
  async #askFirst({ integration: id, workspace, ticket: name, items }: ReadyTicket): Promise<'go' | 'wait'> {
    const { pool, desks, circuits, world } = this.#deps;
    const [first] = items;
    const news = items.filter(({ key }) => !this.#asked.has(`${id} ${key}`));
    // Hints are followed by asking anyway.
    if (!first || news.every(({ type }) => type === 'changed')) return 'go';
    if (world.now() - first.receivedAt > ASK_FIRST_MS) return 'go';
    // A desk that has asked for time is asked when it is over: until then nothing can be said to it either.
    if (circuits.waitMs(id) === 0 && isScarce(circuits.health(id), world.now())) return 'go';
    try {
      const desk = await desks.get(workspace, id);
      const found = desk?.poll ? await ofTicket(pool, id, name) : null;
      const ticket = found && (await ticketOf(pool, found.handoff));
      if (!desk || !found || !ticket) return 'go';
      await askDesk({ pool, circuits, ingest: this }, { id, desk, ticket, handoff: found.handoff }, 'ask first');
      for (const { key } of news) this.#asked.add(`${id} ${key}`);
      return 'wait';
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      if (error.kind !== 'retry' && error.kind !== 'uncertain') return 'go';
      const pause = Math.min(error.retryAfterMs ?? LOOK_AGAIN_MS, ASK_AGAIN_MS);
      await inboxLater(pool, id, first.key, pause, error.message);
      return 'wait';
    }
  }

  /** Done, of a ticket that is none of ours as far as known, or to be looked at again after so many milliseconds. */
  async #apply(id: IntegrationId, desk: Desk, item: KeptItem): Promise<'done' | 'not ours' | number> {
    const { pool, ledger, world, circuits } = this.#deps;
    const event = item.payload as Kept;
    const found = await ofTicket(pool, id, event.ticket);
    // An agent may be faster than we are with noting the ticket.
    const young = world.now() - item.receivedAt < UNKNOWN_TICKET_MS;
    if (!found) {
      // Desks tell of all their tickets, and most are none of ours.
      if (young && (await isOpening(pool, id))) return LOOK_AGAIN_MS;
      world.log.debug({ integration: id, type: event.type }, 'a desk wrote about a ticket that is not ours');
      // A ticket whose number came late (a kill in the middle of the opening) is ours after all: asked, the desk says it again.
      return 'not ours';
    }
    const ticket = await ticketOf(pool, found.handoff);
    if (event.type === 'changed') {
      if (!ticket && young && (await isOpening(pool, id))) return LOOK_AGAIN_MS;
      const { refresh } = desk;
      const asked = ticket ?? { id: event.ticket };
      if (refresh)
        await this.keep(id, {
          events: await circuits.call(id, 'fetch change', () => refresh.call(desk, asked, event)),
        });
      else
        await askDesk(
          { pool, circuits, ingest: this },
          { id, desk, ticket: asked, handoff: found.handoff },
          'fetch change',
        );
      return 'done';
    }
    const { externalId } = event.type === 'agent.said' ? event : {};
    if (externalId && (await isOurs(pool, found.conversation, `desk:${id}`, externalId))) return 'done';
    const before = await ledger.read(found.conversation);
    if (!before) return 'done';
    const { requestedAt: from, endedAt: until } = found;
    // What a desk says of a ticket after the end is how we closed it there.
    const state = await lastState(pool, { integration: id, ticket: event.ticket, from, until }, STATES);
    const told = { type: event.type, at: item.at, tick: event.tick ?? 1, receivedAt: item.receivedAt };
    const overtaken = isOvertaken(told, until, state);
    if (told.receivedAt < from) {
      const said = await lastState(pool, { integration: id, ticket: event.ticket, from: 0, until }, ['agent.said']);
      if (isOfBefore(told, from, said?.at ?? null)) return 'done';
    }
    const files = await this.#files(desk, before.workspace, before.id, event, item);
    await this.#commit(id, { desk: id, handoff: found.handoff, ticket, overtaken }, before.id, event, files);
    return 'done';
  }

  /**
   * Each command has a key of its own, whichever way it is worked out: done once, it stays done. What was refused because
   * the conversation has moved on meanwhile is worked out anew: an agent's words must not be lost over that.
   */
  async #commit(
    id: IntegrationId,
    place: Place,
    conversation: ConversationId,
    event: DeskNews,
    files: readonly Part[],
  ): Promise<void> {
    const { ledger, world } = this.#deps;
    for (let attempt = 0; attempt < MOST_RACES; attempt++) {
      const state = await ledger.read(conversation);
      if (!state) return;
      let refusal: string | null = null;
      for (const command of commandsFor(state, place, event, files)) {
        const what = command.type === 'say' || command.type === 'barge' ? 'words' : command.type;
        const outcome = await ledger.commit(conversation, { ...command, key: `in:${id}:${event.key}:${what}` });
        if (outcome.ok) continue;
        refusal = outcome.refusal.code;
        break;
      }
      if (refusal === null) return;
      world.log.info({ integration: id, type: event.type, code: refusal }, 'a desk’s event was refused');
      if (event.type !== 'agent.said') return;
    }
  }

  async #files(
    desk: Desk,
    workspace: WorkspaceId,
    conversation: ConversationId,
    event: DeskNews,
    { attempts }: KeptItem,
  ): Promise<Part[]> {
    if (event.type !== 'agent.said') return [];
    const parts: Part[] = [];
    for (const file of event.files)
      parts.push(await this.#deps.keepFile(workspace, conversation, desk, file, attempts + 2 >= MOST_TRIES));
    return parts;
  }

  async #passing(id: IntegrationId, event: Exclude<DeskEvent, { key: string }>): Promise<void> {
    const { pool, ledger, signals, reads, world } = this.#deps;
    if (event.type === 'ignored') return this.#heard.ignored(id, world.now(), event.why);
    const found = await ofTicket(pool, id, event.ticket);
    if (!found?.open) return;
    const { conversation } = found;
    if (event.type === 'agent.typing') {
      const who = { role: 'agent', id: event.agent.id, name: event.agent.name } as const;
      signals.send({ type: 'typing', conversation, who, on: event.on });
    } else {
      const state = await ledger.read(conversation);
      if (state) reads.mark(conversation, 'agent', state.seq);
    }
  }
}

/** Few calls are left until the vendor's limit: they are for what people say. */
function isScarce({ rate }: Health, now: number): boolean {
  return rate !== null && rate.left < SCARCE && (rate.resetsAt === null || rate.resetsAt > now);
}

function timeOf(event: Kept): number | null {
  return 'at' in event && event.at !== undefined ? event.at : null;
}
