import type { EventItem } from '@baton/protocol';
import type { Live } from './live.ts';
import { firstSeq, lastSeq, PAGE } from './log.ts';
import type { ConversationId } from './state.ts';

/** Most events of one request backwards; the API gives at most 1,000. */
const MOST_OLDER = 600;

interface Events {
  items: EventItem[];
}

/** Follows the logs of the conversations on the screen, and reads what is further up. */
export class Logs {
  readonly #live: Live;
  /** On the screen, with how often (a drawer may show the same one). */
  readonly #open = new Map<ConversationId, number>();
  readonly #filling = new Set<ConversationId>();
  /** Pages that are being read, so that who wants to go further waits for them. */
  readonly #reading = new Map<ConversationId, Promise<void>>();

  constructor(live: Live) {
    this.#live = live;
    live.onFrame((frame) => {
      // The hello's `since` resumes what the feed knew; what was opened while the line was down it did not know.
      if (frame.type === 'welcome') for (const conversation of this.#open.keys()) void this.#follow(conversation);
      if (frame.type === 'event' && this.#live.state.timelines[frame.conversation]?.behind)
        // Unreachable: the next event asks again.
        void this.#fill(frame.conversation, 0).catch(() => {});
    });
  }

  /**
   * Opens a log at its end and follows it. Returns the way to stop.
   * @param head seq of the last event, 0 when unknown: then it is read from the start.
   */
  open(conversation: ConversationId, head: number): () => void {
    this.#live.dispatch({ type: 'timeline.opened', conversation, head });
    this.#open.set(conversation, (this.#open.get(conversation) ?? 0) + 1);
    void this.#follow(conversation);
    return () => this.#close(conversation);
  }

  /** Reads a page of what is before the first event here. One at a time: who asks meanwhile gets the one under way. */
  older(conversation: ConversationId, wanted?: number): Promise<void> {
    const reading =
      this.#reading.get(conversation) ??
      this.#older(conversation, wanted).finally(() => this.#reading.delete(conversation));
    this.#reading.set(conversation, reading);
    return reading;
  }

  /** Reads back until an event is here, or a page cannot be read. */
  async reach(conversation: ConversationId, seq: number): Promise<void> {
    for (;;) {
      const before = this.#live.state.timelines[conversation];
      if (!before || firstSeq(before) <= seq) return;
      await this.older(conversation, Math.min(1_000, firstSeq(before) - seq + 20));
      if (this.#live.state.timelines[conversation]?.older === 'failed') return;
    }
  }

  async #older(conversation: ConversationId, wanted?: number): Promise<void> {
    const timeline = this.#live.state.timelines[conversation];
    const first = timeline ? firstSeq(timeline) : 0;
    if (!timeline || first <= 1) return;
    // Who reads far back gets larger pages: each one is a rebuilding of what is above.
    const count = wanted ?? Math.min(MOST_OLDER, Math.max(PAGE, timeline.events.length));
    this.#live.dispatch({ type: 'older.asked', conversation });
    // No gaps in a log: the page before is known by arithmetic.
    const after = Math.max(0, first - 1 - count);
    try {
      const { items } = await this.#live.call<Events>('GET', `/v1/conversations/${conversation}/events`, {
        query: { after, limit: first - 1 - after },
      });
      this.#live.dispatch({ type: 'older.came', conversation, items });
    } catch {
      this.#live.dispatch({ type: 'older.failed', conversation });
    }
  }

  async #follow(conversation: ConversationId): Promise<void> {
    const { timelines, rows } = this.#live.state;
    const timeline = timelines[conversation];
    const known = timeline ? lastSeq(timeline) : 0;
    const head = rows[conversation]?.summary.seq ?? 0;
    // Without a place the hub begins with the last events.
    const after = known > 0 ? known : head > 0 ? Math.max(0, head - PAGE) : undefined;
    try {
      await this.#live.ask({ type: 'follow', conversation, ...(after !== undefined && { after }) });
      await this.#fill(conversation, after ?? 0);
      this.#live.dispatch({ type: 'timeline.ready', conversation });
    } catch {
      // Not connected: the next welcome asks again.
    }
  }

  /** The hub sends nothing to whom it counts as following already (the agent's own): what is missing is read. */
  async #fill(conversation: ConversationId, from: number): Promise<void> {
    const timeline = this.#live.state.timelines[conversation];
    const empty = !timeline || timeline.events.length === 0;
    if (this.#filling.has(conversation) || !(empty || timeline.behind)) return;
    this.#filling.add(conversation);
    try {
      const query = { after: empty ? from : lastSeq(timeline), limit: 1_000 };
      const { items } = await this.#live.call<Events>('GET', `/v1/conversations/${conversation}/events`, { query });
      this.#live.dispatch({ type: empty ? 'older.came' : 'newer.came', conversation, items });
    } finally {
      this.#filling.delete(conversation);
    }
  }

  #close(conversation: ConversationId): void {
    const left = (this.#open.get(conversation) ?? 1) - 1;
    if (left > 0) return void this.#open.set(conversation, left);
    this.#open.delete(conversation);
    const { rows, me } = this.#live.state;
    const control = rows[conversation]?.summary.control;
    // His own go on: their rows, sounds and titles live from their events.
    if (control?.holder === 'agent' && control.agent?.id === me?.id) return;
    this.#live.tell({ type: 'unfollow', conversation });
  }
}
