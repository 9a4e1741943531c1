import type { WidgetSession } from '@baton/protocol';
import { CallRefused, createSession, isFinal } from './calls.ts';
import type { Memory } from './memory.ts';
import { pageOf, type Site } from './site.ts';

export type SessionNews =
  /** A new session, before anybody uses its token. `samePerson`: what is on the screen is still his. */
  | { type: 'entered'; session: WidgetSession; samePerson: boolean }
  /** The page's JWT was not taken; the visitor goes on without a name. */
  | { type: 'identity-refused'; reason: string };

/** Who the visitor is to the server: asked for when it is needed, one question at a time, the answer kept. */
export class Sessions {
  readonly #site: Site;
  readonly #memory: Memory;
  readonly #listeners = new Set<(news: SessionNews) => void>();
  #session: WidgetSession | null = null;
  #asking: Promise<WidgetSession> | null = null;
  #identity: string | null;

  constructor(site: Site, memory: Memory) {
    this.#site = site;
    this.#memory = memory;
    this.#identity = site.identity;
  }

  /** Null until the server has answered once. */
  get current(): WidgetSession | null {
    return this.#session;
  }

  on(listener: (news: SessionNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A token; a new one when the last was refused. Null: none is to be had here. Throws when the server is away. */
  async token(refused: boolean): Promise<string | null> {
    if (this.#session && !refused) return this.#session.token;
    try {
      return (await this.renew()).token;
    } catch (error) {
      if (isFinal(error)) return null;
      throw error;
    }
  }

  renew(): Promise<WidgetSession> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Another identity from the next session on; null: nobody known, and not the one before either. */
  async identify(identity: string | null): Promise<void> {
    // A question under way was asked for somebody else.
    await this.#asking?.catch(() => {});
    this.#identity = identity;
    if (identity === null) this.#memory.set('token', null);
    await this.renew();
  }

  async #ask(): Promise<WidgetSession> {
    const site = this.#site;
    const visitorToken = this.#memory.get('token');
    const input = { siteKey: site.key, ...(visitorToken ? { visitorToken } : {}), page: pageOf(), locale: site.locale };
    try {
      const identity = this.#identity ? { identityToken: this.#identity } : {};
      return this.#enter(await createSession(site.host, { ...input, ...identity }));
    } catch (error) {
      if (!(error instanceof CallRefused) || error.code !== 'identity_invalid') throw error;
      this.#identity = null;
      this.#tell({ type: 'identity-refused', reason: error.message });
      return this.#enter(await createSession(site.host, input));
    }
  }

  /** A visitor who gets a name is the same person; any other change is somebody else at this browser. */
  #enter(session: WidgetSession): WidgetSession {
    const memory = this.#memory;
    const { id, verified } = session.visitor;
    const [last, wasVerified] = (memory.get('visitor') ?? '').split(' ');
    const samePerson = !last || last === id || (verified && !wasVerified);
    memory.set('visitor', verified ? `${id} verified` : id);
    memory.set('token', session.token);
    this.#session = session;
    if (!samePerson) forget(memory);
    this.#tell({ type: 'entered', session, samePerson });
    return session;
  }

  #tell(news: SessionNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** What the one before said and left unsent is not for the one who is here now. */
function forget(memory: Memory): void {
  for (const key of ['left', 'read', 'draft', ...memory.keys('out:')]) memory.set(key, null);
}
