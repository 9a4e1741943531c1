import type { ConversationSummary } from '@baton/protocol';
import { sayError } from './api.ts';
import type { Live } from './live.ts';
import { queryOf, type View } from './views.ts';

/** Rows of one request. */
const LIMIT = 100;
/** The lists that an agent works off are loaded to their end (their count must be true), up to this many requests. */
const PAGES: Record<View, number> = { queue: 10, mine: 10, bot: 1, all: 1, closed: 1 };
/** Kept current from the start: the sidebar shows their counts. */
const COUNTED: readonly View[] = ['queue', 'mine', 'bot'];

interface Page {
  items: ConversationSummary[];
  next: string | null;
}

/**
 * Loads the lists' pages. Frames keep rows current while the line is up; after a break every list in use is asked
 * again, since what changed meanwhile was told to nobody.
 */
export class Lists {
  readonly #live: Live;
  readonly #used = new Set<View>(COUNTED);
  readonly #busy = new Set<View>();

  constructor(live: Live) {
    this.#live = live;
    live.onFrame((frame) => {
      if (frame.type === 'welcome') for (const view of this.#used) void this.#load(view);
    });
  }

  /** The list is on the screen. Loads it unless it is here. */
  use(view: View): void {
    this.#used.add(view);
    const { state } = this.#live.state.lists[view];
    if ((state === 'unasked' || state === 'failed') && this.#live.state.me) void this.#load(view);
  }

  /** The next page of a list that is scrolled to its end. */
  more(view: View): void {
    const list = this.#live.state.lists[view];
    if (list.state === 'loaded' && list.next !== null && !this.#busy.has(view)) void this.#page(view, list.next);
  }

  async #load(view: View): Promise<void> {
    if (view === 'queue') void this.#stopped();
    let after: string | null = null;
    for (let page = 0; page < PAGES[view]; page++) {
      after = await this.#page(view, after);
      if (after === null) return;
    }
  }

  async #page(view: View, after: string | null): Promise<string | null> {
    const live = this.#live;
    const me = live.state.me?.id;
    if (me === undefined) return null;
    live.dispatch({ type: 'list.asked', view });
    this.#busy.add(view);
    const { beat } = live.state;
    try {
      const { items, next } = await live.call<Page>('GET', '/v1/conversations', {
        query: { ...queryOf(view, me), limit: LIMIT, after: after ?? undefined },
      });
      live.dispatch({ type: 'list.came', view, items, next, after, beat });
      return next;
    } catch (error) {
      live.dispatch({ type: 'list.failed', view, message: sayError(error) });
      return null;
    } finally {
      this.#busy.delete(view);
    }
  }

  /** What the loop guard stopped has no holder, and stands in the queue. Few, if any. */
  async #stopped(): Promise<void> {
    const { beat } = this.#live.state;
    const page = await this.#live
      .call<Page>('GET', '/v1/conversations', { query: { status: 'open', holder: 'nobody', limit: LIMIT } })
      .catch(() => null);
    if (page) this.#live.dispatch({ type: 'stopped.came', rows: page.items, beat });
  }
}
