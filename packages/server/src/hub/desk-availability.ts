import { firstDesk, type IntegrationId, type Millis, type QueueId, type WorkspaceId } from '@baton/core';
import type { DeskOutlook } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { type Circuits, FEW_CALLS } from './circuits.ts';
import type { Desks } from './desks.ts';
import type { Directory } from './directory.ts';

/** A desk is asked at most this often, and only while somebody wants to know. */
const ASK_AGAIN_MS = 10_000;
/** What was said longer ago is not known any more. */
const KNOWN_MS = 60_000;

interface Said {
  askedAt: Millis;
  saidAt: Millis;
  outlook: DeskOutlook | null;
}

/**
 * What outside desks say of themselves, from memory: who asks gets what is known and never waits for a vendor; the desk is
 * asked behind him. Nothing known is "unknown", and so is a desk that does not answer.
 */
export class DeskAvailability {
  readonly #deps: { directory: Directory; desks: Desks; circuits: Circuits; world: World };
  readonly #known = new Map<string, Said>();

  constructor(deps: { directory: Directory; desks: Desks; circuits: Circuits; world: World }) {
    this.#deps = deps;
  }

  /** Of the desk that a queue asks first; null: not known. Undefined: that is our own console, which we see ourselves. */
  of(workspace: WorkspaceId, queue: QueueId): DeskOutlook | null | undefined {
    const rules = this.#deps.directory.rules(workspace);
    const desk = rules ? firstDesk(rules, queue) : null;
    if (desk === null) return undefined;
    const now = this.#deps.world.now();
    const key = `${desk} ${queue}`;
    const known = this.#known.get(key);
    if (!known || Math.abs(now - known.askedAt) >= ASK_AGAIN_MS) {
      this.#known.set(key, { saidAt: now, outlook: null, ...known, askedAt: now });
      // It throws nothing that is not a bug; those are seen in the log.
      this.#ask(workspace, desk, queue, key).catch((error) =>
        this.#deps.world.log.warn({ error, desk }, 'a desk could not be asked who is there'),
      );
    }
    return known && Math.abs(now - known.saidAt) < KNOWN_MS ? known.outlook : null;
  }

  async #ask(workspace: WorkspaceId, id: IntegrationId, queue: QueueId, key: string): Promise<void> {
    const { desks, circuits, world } = this.#deps;
    const outlook = await this.#outlook(circuits, await desks.get(workspace, id), desks.group(workspace, id, queue));
    const now = world.now();
    this.#known.set(key, { askedAt: now, saidAt: now, outlook });
  }

  async #outlook(
    circuits: Circuits,
    desk: Awaited<ReturnType<Desks['get']>>,
    group: string | null,
  ): Promise<DeskOutlook | null> {
    // A desk in trouble is left alone; and that it cannot say this much is no trouble for what customers say to it.
    if (!desk?.can.availability || circuits.waitMs(desk.id) > 0) return null;
    const left = circuits.callsLeft(desk.id);
    if (left !== null && left < FEW_CALLS) return null;
    try {
      return await desk.availability(group, null);
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      circuits.noteFailure(desk.id, error);
      return null;
    }
  }
}
