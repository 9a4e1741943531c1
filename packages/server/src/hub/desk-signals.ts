import type { ConversationId } from '@baton/core';
import type { Desk } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import type { Circuits } from './circuits.ts';
import type { Desks } from './desks.ts';
import type { Ledger } from './ledger.ts';
import type { Signal, Signals } from './signals.ts';

/** Typing is told again to a desk only after this: widgets say it every few seconds. */
const AGAIN_MS = 3_000;
/** Conversations of which that is remembered. */
const REMEMBERED = 5_000;

type Shown = { what: 'typing'; on: boolean } | { what: 'read' };

export interface DeskSignalsDeps {
  world: World;
  ledger: Pick<Ledger, 'read'>;
  desks: Desks;
  circuits: Circuits;
  signals: Signals;
}

/**
 * Shows at outside desks that the customer types and has read. Only what is shown at this moment counts: one call at a time
 * for each conversation, what came meanwhile replaces what waits, and what fails is forgotten.
 */
export class DeskSignals {
  readonly #deps: DeskSignalsDeps;
  readonly #busy = new Map<ConversationId, { next: Shown | null; done: Promise<void> }>();
  /** When typing was told last. */
  readonly #told = new Map<ConversationId, number>();
  #forget: () => void = () => {};

  constructor(deps: DeskSignalsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#forget = this.#deps.signals.on((signal, own) => {
      // Each node shows what its own visitors do.
      const shown = own ? shownOf(signal) : null;
      if (shown && 'conversation' in signal) this.#take(signal.conversation, shown);
    });
  }

  async stop(): Promise<void> {
    this.#forget();
    await Promise.all([...this.#busy.values()].map(({ done }) => done));
  }

  #take(conversation: ConversationId, shown: Shown): void {
    const busy = this.#busy.get(conversation);
    if (busy) {
      busy.next = shown;
      return;
    }
    const entry: { next: Shown | null; done: Promise<void> } = { next: null, done: Promise.resolve() };
    this.#busy.set(conversation, entry);
    entry.done = this.#show(conversation, shown)
      .catch((error: unknown) => {
        if (!(error instanceof AdapterFailure))
          this.#deps.world.log.debug({ error, conversation }, 'typing or reading could not be shown at a desk');
      })
      .finally(() => {
        this.#busy.delete(conversation);
        if (entry.next) this.#take(conversation, entry.next);
      });
  }

  async #show(conversation: ConversationId, shown: Shown): Promise<void> {
    const { ledger, desks, circuits, world } = this.#deps;
    const state = await ledger.read(conversation);
    const handoff = state?.handoff;
    if (!state || !handoff?.desk || handoff.phase === 'requested' || !handoff.ticket) return;
    const desk = await desks.get(state.workspace, handoff.desk);
    const call = desk && callOf(desk, shown);
    if (!call) return;
    if (shown.what === 'typing') {
      if (shown.on && world.now() - (this.#told.get(conversation) ?? 0) < AGAIN_MS) return;
      if (this.#told.size > REMEMBERED) this.#told.clear();
      if (shown.on) this.#told.set(conversation, world.now());
      else this.#told.delete(conversation);
    }
    const { ticket } = handoff;
    await circuits.call(handoff.desk, shown.what, () => call(ticket));
  }
}

function shownOf(signal: Signal): Shown | null {
  if (signal.type === 'typing' && signal.who.role === 'customer') return { what: 'typing', on: signal.on };
  return signal.type === 'read' && signal.who === 'customer' ? { what: 'read' } : null;
}

function callOf(desk: Desk, shown: Shown): ((ticket: { id: string; url?: string }) => Promise<void>) | null {
  if (shown.what === 'read') return desk.read ? (ticket) => desk.read?.(ticket) ?? Promise.resolve() : null;
  return desk.typing ? (ticket) => desk.typing?.(ticket, shown.on) ?? Promise.resolve() : null;
}
