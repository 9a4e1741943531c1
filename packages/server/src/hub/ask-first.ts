import type { IntegrationId, Millis } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { inboxPause, type KeptItem, type ReadyTicket } from '#store/inbox.ts';
import { ofTicket, ticketOf } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import { type Circuits, FEW_CALLS } from './circuits.ts';
import type { DeskIngest } from './desk-ingest.ts';
import type { Desks } from './desks.ts';
import { LastSeen } from './last-seen.ts';

/** How long it is tried to ask first; what an agent said must not wait for ever on a desk that is down. */
const PATIENCE_MS: Millis = 60_000;
/** Between two tries. */
const SOON_MS: Millis = 1_000;
const AGAIN_MS: Millis = 3_000;
/** Keys that a desk was asked about without naming them in its answer, so that it is asked once. */
const ASKED_KEPT = 20_000;
/** Tickets of which it is known since when their desk cannot be asked. */
const WAITING_KEPT = 5_000;

export interface AskFirstDeps {
  pool: Pool;
  world: Pick<World, 'now'>;
  desks: Desks;
  circuits: Circuits;
  ingest: Pick<DeskIngest, 'keep'>;
}

/**
 * A webhook may have been lost, or may still be on its way: before a ticket's news is worked off, the desk is asked what else
 * there is, so that what an agent said first is brought first. What an answer has named stands in its place already, and so
 * does all that came before it.
 */
export class AskFirst {
  readonly #deps: AskFirstDeps;
  readonly #asked = new LastSeen(ASKED_KEPT);
  /** When asking failed first. A restart of ours begins anew: it says nothing of the desk. */
  readonly #waiting = new Map<string, Millis>();

  constructor(deps: AskFirstDeps) {
    this.#deps = deps;
  }

  /**
   * `wait`: it was asked, or could not be yet; then the ticket is looked at anew, with what has come meanwhile. `unknown`: of a
   * ticket that is none of ours, as far as noted.
   */
  async ask(ready: ReadyTicket): Promise<'go' | 'wait' | 'unknown'> {
    const { integration: id, ticket, items } = ready;
    const name = `${id} ${ticket}`;
    const news = items.filter((item) => !isPlaced(item) && !this.#asked.has(`${id} ${item.key}`));
    // Hints are followed by asking anyway.
    const [first] = items;
    if (!first || news.every(({ type }) => type === 'changed') || this.#isLeftAlone(id, name)) {
      this.#waiting.delete(name);
      return 'go';
    }
    try {
      const asked = await this.#ask(ready);
      this.#waiting.delete(name);
      for (const { key } of news) this.#asked.add(`${id} ${key}`);
      return asked;
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      if (error.kind !== 'retry' && error.kind !== 'uncertain') return 'go';
      const pause = Math.min(error.retryAfterMs ?? SOON_MS, AGAIN_MS);
      await inboxPause(this.#deps.pool, id, first.key, pause, error.message);
      if (!this.#waiting.has(name)) this.#wait(name);
      return 'wait';
    }
  }

  async #ask({ integration: id, workspace, ticket: name }: ReadyTicket): Promise<'go' | 'wait' | 'unknown'> {
    const { pool, desks, circuits, world, ingest } = this.#deps;
    const desk = await desks.get(workspace, id);
    if (!desk?.poll) return 'go';
    const found = await ofTicket(pool, id, name);
    if (!found) return 'unknown';
    // A kill may have come between noting that it was opened and noting so in the handoff: its number is enough to ask.
    const ticket = (await ticketOf(pool, found.handoff)) ?? { id: name };
    // The handoff has gone on to another desk.
    if (ticket.id !== name) return 'go';
    await askDesk({ pool, world, circuits, ingest }, { id, desk, ticket, handoff: found.handoff }, 'ask first');
    return 'wait';
  }

  #isLeftAlone(id: IntegrationId, name: string): boolean {
    const { circuits, world } = this.#deps;
    const since = this.#waiting.get(name);
    if (since !== undefined && world.now() - since > PATIENCE_MS) return true;
    // A desk that has asked for time is asked when it is over: until then nothing can be said to it either.
    const left = circuits.waitMs(id) === 0 ? circuits.callsLeft(id) : null;
    // None left is no reason to go unasked: whoever is refused waits until there are some.
    return left !== null && left > 0 && left < FEW_CALLS;
  }

  #wait(name: string): void {
    this.#waiting.set(name, this.#deps.world.now());
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > WAITING_KEPT && oldest !== undefined) this.#waiting.delete(oldest);
  }
}

function isPlaced({ payload }: KeptItem): boolean {
  return (payload as { place?: number }).place !== undefined;
}
