import {
  assign,
  DEFAULT_ROUTING,
  type Estimate,
  type HandoffId,
  isCompatible,
  isDue,
  isFree,
  type Millis,
  type Offer,
  type Outlook,
  outlook,
  type Place,
  places,
  type QueueId,
  type Routing,
  routingOrder,
  type Shown,
  type Staff,
  shown,
  type Waiting,
  type WorkspaceId,
} from '@baton/core';
import type { DeskOutlook } from '#ports/desk.ts';
import type { LineRows, TeamRow, WaitingRow } from '#store/line.ts';
import { type AtDesks, DeskView, noDesks } from './desk-view.ts';
import { LineTimes, type TimesInput } from './line-times.ts';
import type { Needs, QueueAvailability } from './queue-availability.ts';
import type { LineState, Waits } from './waits.ts';

const NOTHING_CHOSEN: ReadonlyMap<QueueId, readonly Offer[]> = new Map();

export interface LineInput extends LineRows, TimesInput {
  team: TeamRow[];
  workspace: WorkspaceId;
  /** Who can say how long it takes; left out: nobody. */
  waits?: Waits;
  /** What the customers were shown of their waits in the view before. */
  shown?: ReadonlyMap<HandoffId, Shown>;
  passOverSeconds: (queue: QueueId) => number;
  routing?: (queue: QueueId) => Routing;
  /** What the outside desk of a queue says of itself, null where it says nothing; undefined: our own console serves it. */
  outside?: (queue: QueueId) => DeskOutlook | null | undefined;
  /** Those who are at outside desks; left out: nobody. */
  desks?: AtDesks;
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
  readonly #waiting: readonly (WaitingRow & Waiting)[];
  readonly #input: LineInput;
  readonly #places: Map<HandoffId, Place>;
  /** Of each handoff: who is to be served before him by the same agents, without those who are being offered. */
  readonly #competing = new Map<HandoffId, number>();
  /** Of each queue: who would be before somebody who comes now. */
  readonly #before = new Map<QueueId, number>();
  readonly #byHandoff: Map<HandoffId, WaitingRow>;
  /** What is shown to customers of their waits, as far as anybody asked. */
  readonly #shown = new Map<HandoffId, Shown | null>();
  readonly #newcomer = new Map<QueueId, Estimate | null>();
  readonly #online: readonly TeamRow[];
  readonly #staff = new Map<QueueId, Staff>();
  readonly #times: LineTimes;
  readonly #desks: DeskView;
  readonly #sharing = new Map<QueueId, ReadonlySet<QueueId> | null>();

  constructor(input: LineInput) {
    this.#input = input;
    this.workspace = input.workspace;
    this.asOf = input.asOf;
    this.team = input.team;
    this.#times = new LineTimes(input);
    this.#desks = new DeskView(input.desks ?? noDesks(), this.#times, input.asOf, input.shown);
    const waiting = new Map(input.waiting.map((row) => [row.handoff, this.#forRouting(row)]));
    this.#waiting = [...waiting.values()].sort(routingOrder);
    this.waiting = this.#waiting;
    // Who takes nothing serves nobody, however present he is.
    this.#online = input.team.filter((agent) => agent.presence === 'online' && agent.capacity > 0);
    this.#places = places(this.#waiting);
    this.#byHandoff = new Map(this.waiting.map((row) => [row.handoff, row]));
    this.#count();
  }

  /** What may be told to the customer of a handoff, who needs what it says; null: to somebody who comes now. */
  outlook(queue: QueueId, handoff: HandoffId | null, needs: Needs | null = null): Outlook {
    const elsewhere = handoff === null ? null : this.#desks.outlook(handoff);
    if (elsewhere) return elsewhere;
    const row = handoff === null ? undefined : this.#byHandoff.get(handoff);
    const competing = row ? (this.#competing.get(row.handoff) ?? 0) : this.#newcomers(queue);
    const able = this.#able(queue, row ?? needs);
    const staff = this.staff(queue, able);
    // Who is being offered has a slot: it is counted in the load, and it is his.
    const own = row?.phase === 'offered' ? { ...staff, free: staff.free + 1 } : staff;
    const place = row ? (this.#places.get(row.handoff) ?? null) : null;
    const isOpen = row ? !this.#times.isAfterHours(row) : this.#times.opening(queue).open;
    const opens = this.#times.opens(queue, able);
    const told = row ? this.#shownTo(row) : null;
    // What is measured of newcomers is of those who need nothing special.
    const estimate = row ? (told?.estimate ?? null) : able ? null : this.#estimate(queue);
    const longer = told?.longer ?? false;
    return outlook({ place, competing, staff: own, estimate, longer, isOpen, ...(opens ? { opens } : {}) });
  }

  /** What is shown to customers of their waits; for the next view. */
  get shown(): ReadonlyMap<HandoffId, Shown> {
    const all = [...this.#shown, ...this.#desks.shown];
    return new Map(all.filter((entry): entry is [HandoffId, Shown] => entry[1] !== null));
  }

  /** Looked up once a view: the same question gets the same answer. */
  #shownTo({ handoff, told }: WaitingRow): Shown | null {
    const known = this.#shown.get(handoff);
    if (known !== undefined) return known;
    const before = this.#input.shown?.get(handoff) ?? (told && { estimate: told, longer: false });
    const fresh = this.#input.waits?.of(this.#state, handoff) ?? null;
    const now = shown(before, fresh, this.asOf);
    this.#shown.set(handoff, now);
    return now;
  }

  #estimate(queue: QueueId): Estimate | null {
    let estimate = this.#newcomer.get(queue);
    if (estimate === undefined) {
      estimate = this.#input.waits?.newcomer(this.#state, queue) ?? null;
      this.#newcomer.set(queue, estimate);
    }
    return estimate;
  }

  get #state(): LineState {
    return { asOf: this.asOf, waiting: this.#waiting, team: this.team, shifts: this.#input.shifts ?? [] };
  }

  /** The place of a handoff in the line of its queue; null when it is not in the line. */
  position(handoff: HandoffId): Place | null {
    return this.#places.get(handoff) ?? null;
  }

  /** Does an outside desk serve it first? */
  isElsewhere(queue: QueueId): boolean {
    return this.#input.outside?.(queue) !== undefined;
  }

  /** @param needs of the one who asks, as far as they are known */
  availability(queue: QueueId, needs: Needs | null = null): QueueAvailability {
    const desk = this.#input.outside?.(queue);
    if (desk !== undefined) return this.#desks.availability(queue, desk);
    const staff = this.staff(queue, this.#able(queue, needs));
    const { availability: state, estimate, opens } = this.outlook(queue, null, needs);
    return {
      state,
      agentsOnline: staff.online,
      freeCapacity: staff.free,
      waiting: this.waiting.reduce((count, row) => (row.queue === queue ? count + 1 : count), 0),
      estimate: state === 'closed' ? null : estimate,
      opensAt: opens?.at ?? null,
    };
  }

  /** Those who were told that they wait, here or at an outside desk. */
  get inLine(): readonly Pick<WaitingRow, 'handoff' | 'conversation' | 'queue'>[] {
    return [...this.waiting, ...this.#desks.waiting].filter(({ phase }) => phase !== 'requested');
  }

  /** The online agents of a queue, together; of those who could serve him, where somebody needs more than others. */
  staff(queue: QueueId, able?: (agent: TeamRow) => boolean): Staff {
    if (able) return staffOf(this.#online.filter(able));
    const known = this.#staff.get(queue);
    if (known) return known;
    const staff = staffOf(this.#online.filter((agent) => serves(agent, queue)));
    this.#staff.set(queue, staff);
    return staff;
  }

  /** Who could serve somebody of these needs; undefined: everybody of the queue. */
  #able(queue: QueueId, needs: Needs | null): ((agent: TeamRow) => boolean) | undefined {
    const routing = this.#input.routing?.(queue) ?? DEFAULT_ROUTING;
    const { skills = [], language = null } = needs ?? {};
    if (skills.length === 0 && (language === null || routing.language !== 'required')) return undefined;
    return (agent) => isCompatible({ queue, skills, language, routing }, agent);
  }

  /**
   * Whom to ask for what at this moment.
   *
   * @param chosen what others want for their queues (routing hooks), as far as it is possible; nothing else is offered there
   */
  offers(now: Millis, chosen: ReadonlyMap<QueueId, readonly Offer[]> = NOTHING_CHOSEN): Offer[] {
    const possible = this.#possible(chosen, now);
    const taken = new Set(possible.map(({ agent }) => agent.id));
    const own = this.queued().filter((row) => !chosen.has(row.queue));
    const free = this.team.filter(({ agent }) => !taken.has(agent.id));
    return [...possible, ...assign(own, free, now)];
  }

  /** Each agent and each handoff once; who is not free, does not serve that queue, or was excluded is not asked. */
  #possible(chosen: ReadonlyMap<QueueId, readonly Offer[]>, now: Millis): Offer[] {
    const asked = new Set<string>();
    const queued = new Map(this.queued().map((row) => [row.handoff, row]));
    return [...chosen].flatMap(([queue, offers]) =>
      offers.filter(({ handoff, agent }) => {
        const row = queued.get(handoff);
        const slots = this.team.find((one) => one.agent.id === agent.id);
        if (row?.queue !== queue || !slots || asked.has(handoff) || asked.has(agent.id)) return false;
        if (!isDue(row, now) || !isFree(slots, row) || !serves(slots, queue)) return false;
        asked.add(handoff).add(agent.id);
        return true;
      }),
    );
  }

  /** Who waits to be offered to somebody, in routing order, as routing sees him. */
  queued(): (WaitingRow & Waiting)[] {
    return this.#waiting.filter((row) => row.phase === 'queued');
  }

  #forRouting(row: WaitingRow): WaitingRow & Waiting {
    return {
      ...row,
      queuedAt: row.queuedAt ?? row.waitingSince,
      passOverSeconds: this.#input.passOverSeconds(row.queue),
      routing: this.#input.routing?.(row.queue) ?? DEFAULT_ROUTING,
      ...(this.#times.isAfterHours(row)
        ? { notBefore: this.#times.opens(row.queue)?.at ?? Number.MAX_SAFE_INTEGER }
        : {}),
    };
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

function staffOf(agents: readonly TeamRow[]): Staff {
  return {
    online: agents.length,
    slots: agents.reduce((sum, { capacity }) => sum + capacity, 0),
    // Weights are fractions; what is left of a slot is no slot.
    free: agents.reduce((sum, { capacity, load }) => sum + Math.max(0, Math.floor(capacity - load + 1e-9)), 0),
  };
}

function serves(agent: TeamRow, queue: QueueId): boolean {
  return agent.queues === null || agent.queues.includes(queue);
}
