import type { ConversationId } from '@baton/core';
import type { Committed } from '#hub/ledger.ts';
import type { Signal } from '#hub/signals.ts';
import { BUS_LIMIT, type Bus } from '#ports/bus.ts';
import { type Head, type Notice, pack } from './notice.ts';
import type { Stir } from './telling.ts';

/** Least time between two texts: at low rates nothing waits, at high rates one text carries many notices. */
const SPACING_MS = 5;
/** A bot's half answer that is longer is shown on its own node only. */
const SIGNAL_TEXT = 1_000;

/** What this node has to say to the others: collected while it writes, said together. */
export class Bulletin {
  readonly #deps: Deps;
  #heads = new Map<ConversationId, Head>();
  #others: Notice[] = [];
  /** The last word of each who types or reads; earlier ones are worth nothing any more. */
  #signals = new Map<string, Signal>();
  #scheduled = false;
  #saidAt = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  committed({ state, events, json }: Committed, { tellings, lists, line }: Stir): void {
    const { id, workspace, seq } = state;
    let head = this.#heads.get(id);
    if (!head) {
      head = { type: 'head', conversation: id, seq, lists: null, events: [] };
      this.#heads.set(id, head);
    }
    head.seq = seq;
    if (lists) head.lists = workspace;
    for (const [index, { seq, at, key }] of events.entries())
      head.events.push({ seq, at, key, json: json[index] as string });
    if (tellings.length > 0) this.#others.push({ type: 'told', workspace, conversation: id, seq, tellings });
    if (line) this.#others.push({ type: 'line', workspace });
    this.#schedule();
  }

  say(notice: Notice): void {
    if (!this.#deps.wanted() && notice.type !== 'here') return;
    this.#others.push(notice);
    this.#schedule();
  }

  signal(signal: Signal): void {
    // Each node works out itself who is there: from the same rows.
    if (signal.type === 'presence' || !this.#deps.wanted()) return;
    const who = signal.type === 'typing' ? `${signal.who.role}:${signal.who.id}` : signal.who;
    this.#signals.set(`${signal.type}:${signal.conversation}:${who}`, short(signal));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = this.#saidAt + SPACING_MS - performance.now();
    if (wait > 0) setTimeout(() => this.#say(), wait);
    else setImmediate(() => this.#say());
  }

  #say(): void {
    this.#scheduled = false;
    this.#saidAt = performance.now();
    // First how far the logs are: who is told of a conversation looks at it.
    const notices: Notice[] = [...this.#heads.values()];
    for (const notice of this.#others) if (!repeats(notice, notices)) notices.push(notice);
    for (const signal of this.#signals.values()) notices.push({ type: 'signal', signal });
    this.#heads = new Map();
    this.#others = [];
    this.#signals = new Map();
    this.#deps.bus.send(pack(this.#deps.node, notices, BUS_LIMIT));
  }
}

/** A line that changed twice is read once. */
function repeats(notice: Notice, before: readonly Notice[]): boolean {
  return notice.type === 'line' && before.some((one) => one.type === 'line' && one.workspace === notice.workspace);
}

function short(signal: Signal): Signal {
  if (signal.type !== 'typing' || (signal.text?.length ?? 0) <= SIGNAL_TEXT) return signal;
  const { text: _, ...rest } = signal;
  return rest;
}

interface Deps {
  bus: Pick<Bus, 'send'>;
  node: string;
  /** Is anybody there to hear it? Alone, nothing is collected. */
  wanted: () => boolean;
}
