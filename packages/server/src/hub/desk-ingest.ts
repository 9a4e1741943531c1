import type { IntegrationId, Millis } from '@baton/core';
import type { Pool } from 'pg';
import { ConfigProblem } from '#ports/adapter.ts';
import type { Desk, DeskEvent, Received } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawReply, RawRequest } from '#ports/inbound.ts';
import type { World } from '#ports/world.ts';
import {
  forgetInbox,
  inboxDone,
  inboxForget,
  inboxLater,
  inboxPause,
  type KeptItem,
  keepInbox,
  nextInbox,
  type ReadyTicket,
  readyTickets,
} from '#store/inbox.ts';
import { ofTicket } from '#store/tickets.ts';
import { AskFirst } from './ask-first.ts';
import { type Brought, bringNews, type KeepFile } from './bring-news.ts';
import { type Circuits, Paused } from './circuits.ts';
import type { Desks } from './desks.ts';
import { type Heard, HeardOf } from './heard.ts';
import type { Ledger } from './ledger.ts';
import type { ReadMarks } from './read-marks.ts';
import type { Signals } from './signals.ts';

/** Events that overtook each other on their way are put right when they come within this time. */
const GATHER_MS: Millis = 150;
const LOOK_AGAIN_MS: Millis = 1_000;
/** What a desk that is switched off has said is looked at again. */
const SWITCHED_OFF_MS: Millis = 60_000;
/** Tries of what the desk itself must answer (a change to be fetched, a file), doubled from one second on: some five minutes. */
const MOST_TRIES = 9;
/** Tickets that one node works on at once. */
const AT_ONCE = 16;
/** A node looks at least this often: for what other nodes left behind. */
const AT_LEAST_MS: Millis = 5_000;
const KEPT_DAYS = 30;
const FORGET_EVERY_MS: Millis = 6 * 3_600_000;

export interface DeskIngestDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  desks: Desks;
  circuits: Circuits;
  signals: Signals;
  reads: Pick<ReadMarks, 'mark'>;
  keepFile: KeepFile;
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
  readonly #first: AskFirst;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = true;
  #forgetAt = 0;

  constructor(deps: DeskIngestDeps) {
    this.#deps = deps;
    this.#first = new AskFirst({ ...deps, ingest: this });
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

  /**
   * Keeps events and begins to work them off. `askedAt`: when the desk was asked for them, which then stand in its own order; null:
   * a webhook told them. Gives the new keys.
   */
  async keep(
    id: IntegrationId,
    { events }: Pick<Received, 'events'>,
    askedAt: Millis | null = null,
  ): Promise<ReadonlySet<string>> {
    const items = events.flatMap((event) =>
      'key' in event
        ? [{ key: event.key, ticket: event.ticket, type: event.type, at: timeOf(event), payload: event }]
        : [],
    );
    const fresh = await keepInbox(this.#deps.pool, id, items, GATHER_MS, askedAt);
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
    const asked = await this.#first.ask(ready);
    if (asked === 'wait') return;
    const { desks } = this.#deps;
    const { integration: id, workspace, items } = ready;
    const lastHint = items.findLast(({ type }) => type === 'changed');
    for (const item of items) {
      let hasAsked = false as boolean;
      const tried = await this.#try(id, item, async () => {
        const desk = await desks.get(workspace, id);
        // Switched off: what it said is kept until it is on again, or forgotten with it.
        if (!desk) return { wait: SWITCHED_OFF_MS };
        // Asking once answers all hints that are there by now.
        if (item.type === 'changed' && item !== lastHint && !desk.refresh) return 'done';
        hasAsked = item.type === 'changed';
        return this.#bring(id, desk, item, asked !== 'unknown');
      });
      // What came later must not come before; and what asking has brought may stand before the rest.
      if (tried === 'later' || hasAsked) return;
    }
  }

  #bring(id: IntegrationId, desk: Desk, item: KeptItem, wasKnown: boolean): Promise<Brought> {
    const lastTry = item.attempts + 2 >= MOST_TRIES;
    return bringNews({ ...this.#deps, ingest: this }, id, desk, item, { lastTry, wasKnown });
  }

  /** Notes what came of it. What fails too often is given up, and only then it is lost. */
  async #try(id: IntegrationId, item: KeptItem, work: () => Promise<Brought>): Promise<'over' | 'later'> {
    const { pool, world } = this.#deps;
    const { key, type, attempts } = item;
    const delay = LOOK_AGAIN_MS * 2 ** Math.min(attempts, MOST_TRIES - 1);
    const again = async (why: string, told?: Millis) => {
      if (attempts + 1 < MOST_TRIES) {
        await inboxLater(pool, id, key, told ?? delay, why);
        return 'later';
      }
      world.log.warn({ integration: id, type, why }, 'what a desk sent was given up');
      await inboxDone(pool, id, key);
      return 'over';
    };
    try {
      const brought = await work();
      if (brought === 'not ours') await inboxForget(pool, id, key);
      else if (brought === 'done') await inboxDone(pool, id, key);
      else if ('refused' in brought) return await again(`The conversation refuses it: ${brought.refused}.`);
      else {
        await inboxPause(pool, id, key, brought.wait, 'Its ticket is not known yet, or the desk is switched off.');
        return 'later';
      }
      return 'over';
    } catch (error) {
      if (error instanceof Paused) {
        await inboxPause(pool, id, key, error.retryAfterMs ?? delay, error.message);
        return 'later';
      }
      if (error instanceof AdapterFailure) return again(error.message, error.retryAfterMs);
      await inboxLater(pool, id, key, delay, (error as Error).message);
      throw error;
    }
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

function timeOf(event: Kept): number | null {
  return 'at' in event && event.at !== undefined ? event.at : null;
}
