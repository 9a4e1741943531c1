import {
  type Availability,
  assign,
  availability,
  type ConversationId,
  type Estimate,
  type HandoffId,
  type Measured,
  type Millis,
  type Offer,
  type Outlook,
  outlook,
  type Place,
  places,
  type QueueId,
  routingOrder,
  type Staff,
  type WorkspaceId,
} from '@baton/core';
import type { LineRows, TeamRow, WaitingRow } from '#store/line.ts';

const NOTHING_MEASURED: Measured = { handleSeconds: [], answerSeconds: [], leavingPerSecond: 0 };

/** Can a queue take somebody now, for bots, websites and the API. */
export interface QueueAvailability {
  state: Availability;
  agentsOnline: number;
  freeCapacity: number;
  waiting: number;
  /** For somebody who comes now. */
  estimate: Estimate | null;
}

export interface LineInput extends LineRows {
  workspace: WorkspaceId;
  measured: ReadonlyMap<QueueId, Measured>;
  passOverSeconds: (queue: QueueId) => number;
  asOf: Millis;
}

/**
 * The line of a workspace as of one moment, and all that can be said of it. Built once per change; every question
 * after that is answered from memory.
 */
export class LineView {
  readonly workspace: WorkspaceId;
  readonly asOf: Millis;
  readonly team: readonly TeamRow[];
  /** In routing order. */
  readonly waiting: readonly WaitingRow[];
  readonly #input: LineInput;
  readonly #places: Map<HandoffId, Place>;
  /** Of each handoff: who is to be served before him by the same agents, without those who are being offered. */
  readonly #competing = new Map<HandoffId, number>();
  /** Of each queue: who would be before somebody who comes now. */
  readonly #before = new Map<QueueId, number>();
  readonly #byHandoff: Map<HandoffId, WaitingRow>;
  readonly #online: readonly TeamRow[];
  readonly #staff = new Map<QueueId, Staff>();
  readonly #sharing = new Map<QueueId, ReadonlySet<QueueId> | null>();

  constructor(input: LineInput) {
    this.#input = input;
    this.workspace = input.workspace;
    this.asOf = input.asOf;
    this.team = input.team;
    this.waiting = input.waiting.toSorted(routingOrder);
    this.#online = input.team.filter((agent) => agent.presence === 'online');
    this.#places = places(this.waiting.map((row) => this.#forRouting(row)));
    this.#byHandoff = new Map(this.waiting.map((row) => [row.handoff, row]));
    this.#count();
  }

  /** What may be told to the customer of a handoff; null: to somebody who comes now. */
  outlook(queue: QueueId, handoff: HandoffId | null): Outlook {
    const row = handoff === null ? undefined : this.#byHandoff.get(handoff);
    const competing = row ? (this.#competing.get(row.handoff) ?? 0) : this.#newcomers(queue);
    const staff = this.staff(queue);
    // Who is being offered has a slot: it is counted in the load, and it is his.
    const own = row?.phase === 'offered' ? { ...staff, free: staff.free + 1 } : staff;
    const place = row ? (this.#places.get(row.handoff) ?? null) : null;
    return outlook({ place, competing, staff: own, measured: this.#measured(queue), asOf: this.asOf });
  }

  /** The place of a handoff in the line of its queue; null when it is not in the line. */
  position(handoff: HandoffId): Place | null {
    return this.#places.get(handoff) ?? null;
  }

  availability(queue: QueueId): QueueAvailability {
    const staff = this.staff(queue);
    return {
      state: availability(staff, this.#newcomers(queue)),
      agentsOnline: staff.online,
      freeCapacity: staff.free,
      waiting: this.waiting.reduce((count, row) => (row.queue === queue ? count + 1 : count), 0),
      estimate: this.outlook(queue, null).estimate,
    };
  }

  /** The online agents of a queue, together. */
  staff(queue: QueueId): Staff {
    const known = this.#staff.get(queue);
    if (known) return known;
    const staff = { online: 0, slots: 0, free: 0 };
    for (const agent of this.#online) {
      if (!serves(agent, queue)) continue;
      staff.online++;
      staff.slots += agent.capacity;
      staff.free += Math.max(0, agent.capacity - agent.load);
    }
    this.#staff.set(queue, staff);
    return staff;
  }

  /** Whom to ask for what at this moment. */
  offers(now: Millis): Offer[] {
    const queued = this.waiting.filter((row) => row.phase === 'queued').map((row) => this.#forRouting(row));
    return assign(queued, this.team, now);
  }

  #forRouting(row: WaitingRow) {
    return { ...row, passOverSeconds: this.#input.passOverSeconds(row.queue) };
  }

  #measured(queue: QueueId): Measured {
    return this.#input.measured.get(queue) ?? NOTHING_MEASURED;
  }

  #count(): void {
    const seen = new Map<QueueId, number>();
    for (const row of this.waiting) {
      this.#competing.set(row.handoff, this.#sum(row.queue, seen));
      if (row.phase === 'offered') continue;
      seen.set(row.queue, (seen.get(row.queue) ?? 0) + 1);
      // Somebody who comes now has the usual priority 0 and goes before those below it.
      if (row.front || row.priority >= 0) this.#before.set(row.queue, (this.#before.get(row.queue) ?? 0) + 1);
    }
  }

  #newcomers(queue: QueueId): number {
    return this.#sum(queue, this.#before);
  }

  #sum(queue: QueueId, counts: ReadonlyMap<QueueId, number>): number {
    const sharing = this.#sharingWith(queue);
    let sum = 0;
    for (const [other, count] of counts) if (other === queue || sharing === null || sharing.has(other)) sum += count;
    return sum;
  }

  /** The queues that some online agent of this queue serves too; null is all. */
  #sharingWith(queue: QueueId): ReadonlySet<QueueId> | null {
    let sharing = this.#sharing.get(queue);
    if (sharing === undefined) {
      const agents = this.#online.filter((agent) => serves(agent, queue));
      sharing = agents.some((agent) => agent.queues === null)
        ? null
        : new Set(agents.flatMap((agent) => agent.queues ?? []));
      this.#sharing.set(queue, sharing);
    }
    return sharing;
  }
}

function serves(agent: TeamRow, queue: QueueId): boolean {
  return agent.queues === null || agent.queues.includes(queue);
}

/** A customer in the line for whom something changed that he can see. */
export interface Moved {
  handoff: HandoffId;
  conversation: ConversationId;
  queue: QueueId;
  outlook: Outlook;
}

/** Who moved between two views: place, availability, or the wait in whole minutes; shorter steps nobody needs to see. */
export function moved(before: LineView | null, after: LineView): Moved[] {
  const then = new Map(
    before?.waiting.filter(inLine).map((row) => [row.handoff, before.outlook(row.queue, row.handoff)]),
  );
  return after.waiting.filter(inLine).flatMap(({ handoff, conversation, queue }) => {
    const outlook = after.outlook(queue, handoff);
    const old = then.get(handoff);
    return old && seen(old) === seen(outlook) ? [] : [{ handoff, conversation, queue, outlook }];
  });
}

/** What is only requested is not acknowledged yet: its customer has not been told of a place. */
function inLine({ phase }: WaitingRow): boolean {
  return phase !== 'requested';
}

function seen({ availability, position, estimate }: Outlook): string {
  const wait = estimate && [Math.ceil(estimate.lowSeconds / 60), Math.ceil(estimate.highSeconds / 60)];
  return `${availability} ${position} ${wait}`;
}

/** Agents whose presence, capacity or number of conversations changed; those who are not there any more as offline. */
export function teamChanges(before: LineView | null, after: LineView): TeamRow[] {
  const then = new Map(before?.team.map((row) => [row.agent.id, row]));
  const changed = after.team.filter((row) => {
    const old = then.get(row.agent.id);
    then.delete(row.agent.id);
    return old
      ? old.presence !== row.presence || old.capacity !== row.capacity || old.active !== row.active
      : before !== null;
  });
  return [...changed, ...[...then.values()].map((row): TeamRow => ({ ...row, presence: 'offline', active: 0 }))];
}
