import {
  DeskEstimator,
  type DeskLook,
  type Estimate,
  estimateOf,
  type HandoffId,
  type IntegrationId,
  type Millis,
  type QueueId,
} from '@baton/core';
import type { DeskRow } from '#store/desk-line.ts';

/** Handoffs that ended, of each queue, that a node reads when it starts; the last ones are learned from. */
export const MOST_ENDED = 1_000;
const LEARNED_AT_ONCE = 10;
/** A look is good for so long while nothing moves. */
const LOOK_MS = 5_000;

/** What one desk's line is known by. */
interface AtDesk {
  estimator: DeskEstimator;
  kinds: Map<QueueId, number>;
  /** As of when; null: something has happened since. */
  looked: { asOf: Millis; look: DeskLook } | null;
}

/** Something that happened to a handoff. */
interface Fact {
  at: Millis;
  handoff: HandoffId;
  happen: () => void;
}

/**
 * What is known of the waits at the outside desks of one workspace, in memory. All of it comes from the handoffs that are
 * stored, so a node that has just started knows what the others do.
 */
export class DeskLines {
  readonly #desks = new Map<IntegrationId, AtDesk>();
  /** At which desk a handoff is, as far as was taken. */
  readonly #where = new Map<HandoffId, IntegrationId>();
  /** What is over and was taken; the oldest go first. */
  #over = new Set<HandoffId>();

  /** Takes what was not taken before: who came, who was answered, who is done. */
  take(rows: readonly DeskRow[], now: Millis): void {
    for (const { happen } of this.#factsOf(rows, now)) happen();
    this.#forgetMissing(rows);
  }

  /**
   * The same for a node that has just started, as if it had been there.
   * @param breathe lets others work
   */
  async learn(rows: readonly DeskRow[], now: Millis, breathe: () => Promise<void>): Promise<void> {
    for (const [index, { happen }] of this.#factsOf(rows, now).entries()) {
      happen();
      if (index % LEARNED_AT_ONCE === 0) await breathe();
    }
  }

  /**
   * What a desk says of how many agents of a queue are there; null: it does not say. Where several queues go to one desk,
   * nobody knows who of them serves which, and what was seen decides.
   */
  online(desk: IntegrationId, agents: number | null): void {
    const at = this.#desks.get(desk);
    if (at?.estimator.online(at.kinds.size > 1 ? null : agents)) at.looked = null;
  }

  /** What to expect of this handoff; null: nobody can tell. */
  of(handoff: HandoffId, now: Millis): Estimate | null {
    const desk = this.#where.get(handoff);
    const looked = desk && this.#look(desk, now);
    const range = looked?.look.waiting.get(handoff);
    return looked && range ? estimateOf(range, looked.asOf) : null;
  }

  /** What to expect of somebody who comes to this queue at this desk now. */
  newcomer(desk: IntegrationId, queue: QueueId, now: Millis): Estimate | null {
    const kind = this.#desks.get(desk)?.kinds.get(queue);
    const looked = kind === undefined ? null : this.#look(desk, now);
    const range = kind === undefined ? null : looked?.look.newcomers.get(kind);
    return looked && range ? estimateOf(range, looked.asOf) : null;
  }

  #look(desk: IntegrationId, now: Millis): AtDesk['looked'] {
    const at = this.#desks.get(desk);
    if (!at) return null;
    if (!at.looked || Math.abs(now - at.looked.asOf) >= LOOK_MS)
      at.looked = { asOf: now, look: at.estimator.look(now / 1_000) };
    return at.looked;
  }

  #factsOf(rows: readonly DeskRow[], now: Millis): Fact[] {
    const facts = rows.flatMap((row) => (this.#over.has(row.handoff) ? [] : this.#factsOfOne(row, now)));
    this.#over = new Set([...this.#over].slice(-4 * MOST_ENDED));
    return facts.sort((a, b) => a.at - b.at);
  }

  #factsOfOne(row: DeskRow, now: Millis): Fact[] {
    const { handoff, desk, queue, phase, agent, waitingSince, queuedAt, acceptedAt, endedAt } = row;
    const { estimator, kinds } = this.#at(desk);
    const kind = kinds.get(queue) ?? kinds.size;
    kinds.set(queue, kind);
    const facts: Fact[] = [];
    const add = (at: Millis, what: () => void) => {
      const happen = () => {
        what();
        this.#at(desk).looked = null;
      };
      facts.push({ at, handoff, happen });
    };
    const known = this.#where.get(handoff) === desk ? estimator.has(handoff) : null;
    // Who was answered elsewhere before he came here says nothing of this desk; nor does when he asked first.
    const answeredHere = acceptedAt !== null && acceptedAt >= (queuedAt ?? waitingSince);
    const answered = phase === 'active' || phase === 'ended' ? answeredHere : false;
    const cameAt = Math.min(now, waitingSince);
    if (known === null && (answered || phase !== 'active'))
      add(cameAt, () => this.#come(handoff, desk, () => estimator.joined(handoff, cameAt / 1_000, kind)));
    else if (known === 'runs' && (phase === 'queued' || phase === 'requested'))
      add(now, () => estimator.joined(handoff, now / 1_000, kind, waitingSince / 1_000));
    if (answered && known !== 'runs' && acceptedAt !== null)
      add(acceptedAt, () => estimator.served(handoff, acceptedAt / 1_000, agent));
    // Answered again after he was put back into the line: when, is not kept.
    if (!answered && known === 'waits' && phase === 'active') add(now, () => estimator.forget(handoff));
    if (phase === 'ended') add(endedAt ?? now, () => this.#end(row, estimator, endedAt ?? now));
    return facts;
  }

  #come(handoff: HandoffId, desk: IntegrationId, joined: () => void): void {
    const before = this.#where.get(handoff);
    if (before !== undefined && before !== desk) this.#desks.get(before)?.estimator.forget(handoff);
    this.#where.set(handoff, desk);
    joined();
  }

  #end({ handoff, outcome }: DeskRow, estimator: DeskEstimator, at: Millis): void {
    const gaveUp = outcome === 'abandoned' || outcome === 'cancelled_by_customer';
    if (estimator.has(handoff) === 'runs') estimator.ended(handoff, at / 1_000);
    else if (gaveUp) estimator.left(handoff, at / 1_000);
    else estimator.forget(handoff);
    this.#where.delete(handoff);
    this.#over.add(handoff);
  }

  /** Who is at no outside desk any more and has not ended there went on to our own console, or was erased. */
  #forgetMissing(rows: readonly DeskRow[]): void {
    const there = new Set(rows.map(({ handoff }) => handoff));
    for (const [handoff, desk] of this.#where) {
      if (there.has(handoff)) continue;
      const at = this.#at(desk);
      at.estimator.forget(handoff);
      at.looked = null;
      this.#where.delete(handoff);
    }
  }

  #at(desk: IntegrationId): AtDesk {
    const at = this.#desks.get(desk) ?? { estimator: new DeskEstimator(), kinds: new Map(), looked: null };
    this.#desks.set(desk, at);
    return at;
  }
}
