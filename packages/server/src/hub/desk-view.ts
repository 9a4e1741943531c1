import {
  closedOutlook,
  type Estimate,
  type HandoffId,
  type IntegrationId,
  type Millis,
  type Outlook,
  type QueueId,
  type Shown,
  shown,
} from '@baton/core';
import type { DeskOutlook } from '#ports/desk.ts';
import type { DeskRow } from '#store/desk-line.ts';
import { DeskLines } from './desk-lines.ts';
import type { LineTimes } from './line-times.ts';
import type { QueueAvailability } from './queue-availability.ts';

/** What we say ourselves; anything else is a desk's own word. */
const OURS = new Set(['prior', 'measured', 'learned']);

export interface AtDesks {
  /** Handoffs that are open there. */
  rows: readonly DeskRow[];
  lines: DeskLines;
  /** The desk that a queue asks first; null: our console. */
  first: (queue: QueueId) => IntegrationId | null;
}

/** A workspace without outside desks. */
export function noDesks(): AtDesks {
  return { rows: [], lines: new DeskLines(), first: () => null };
}

/** Those who wait at outside desks as of one moment, and what may be told to them. */
export class DeskView {
  readonly #at: AtDesks;
  readonly #asOf: Millis;
  readonly #times: LineTimes;
  readonly #waiting: Map<HandoffId, DeskRow>;
  readonly #before: ReadonlyMap<HandoffId, Shown> | undefined;
  readonly #shown = new Map<HandoffId, Shown | null>();

  constructor(at: AtDesks, times: LineTimes, asOf: Millis, before: ReadonlyMap<HandoffId, Shown> | undefined) {
    this.#at = at;
    this.#times = times;
    this.#asOf = asOf;
    this.#before = before;
    this.#waiting = new Map(
      at.rows.filter(({ phase }) => phase === 'queued' || phase === 'requested').map((row) => [row.handoff, row]),
    );
  }

  get waiting(): Iterable<DeskRow> {
    return this.#waiting.values();
  }

  /** What customers were shown of their waits; for the next view. */
  get shown(): ReadonlyMap<HandoffId, Shown | null> {
    return this.#shown;
  }

  /** What may be told to somebody who waits there; null: he does not. Of his place only the desk knows. */
  outlook(handoff: HandoffId): Outlook | null {
    const row = this.#waiting.get(handoff);
    if (!row) return null;
    const closed = this.#times.isAfterHours(row) ? closedOutlook(this.#times.hours(row.queue), this.#asOf) : null;
    if (closed) return closed;
    const told = this.#shownTo(row);
    return {
      availability: 'unknown',
      position: null,
      ahead: null,
      estimate: told?.estimate ?? null,
      ...(told?.longer ? { longer: true } : {}),
    };
  }

  /** Who is there only the desk can tell; what is closed by its hours is closed there, too. */
  availability(queue: QueueId, desk: DeskOutlook | null): QueueAvailability {
    const closed = closedOutlook(this.#times.hours(queue), this.#asOf);
    const waiting = [...this.#waiting.values()].filter((row) => row.queue === queue);
    const state = closed?.availability ?? desk?.state ?? 'unknown';
    const id = this.#at.first(queue);
    if (id !== null) this.#at.lines.online(id, desk?.agentsOnline ?? null);
    const newcomer = () => (id === null ? null : this.#at.lines.newcomer(id, queue, this.#asOf));
    return {
      state,
      agentsOnline: desk?.agentsOnline ?? null,
      freeCapacity: null,
      waiting: Math.max(desk?.waiting ?? 0, waiting.length),
      estimate: state === 'closed' ? null : (desk?.estimate ?? newcomer()),
      opensAt: closed?.opens?.at ?? null,
    };
  }

  /** Looked up once a view: the same question gets the same answer. */
  #shownTo(row: DeskRow): Shown | null {
    const known = this.#shown.get(row.handoff);
    if (known !== undefined) return known;
    const before = this.#before?.get(row.handoff) ?? (row.told && { estimate: row.told, longer: false });
    const now = shown(before, this.#fresh(row), this.#asOf);
    this.#shown.set(row.handoff, now);
    return now;
  }

  /** The desk's own word as long as it may hold; then ours; else what he was told, as long as it may hold. */
  #fresh({ handoff, told }: DeskRow): Estimate | null {
    const holds = told !== null && this.#asOf < told.asOf + told.highSeconds * 1_000;
    if (holds && !OURS.has(told.basis)) return told;
    return this.#at.lines.of(handoff, this.#asOf) ?? (holds ? told : null);
  }
}
