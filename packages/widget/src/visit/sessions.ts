import type { WidgetSession } from '@baton/protocol';
import { CallRefused, createSession } from './calls.ts';
import type { Memory } from './memory.ts';
import { pageOf, type Site } from './site.ts';

export interface SessionsOptions {
  site: Site;
  memory: Memory;
  /** Each new session, before anybody uses its token. `samePerson`: what is on the screen is still his. */
  entered: (session: WidgetSession, samePerson: boolean) => void;
  /** The page's JWT was not taken; the visitor goes on without a name. */
  identityRefused: (reason: string) => void;
}

/** Who the visitor is to the server: asked for when it is needed, one question at a time, the answer kept. */
export class Sessions {
  readonly #options: SessionsOptions;
  #session: WidgetSession | null = null;
  #asking: Promise<WidgetSession> | null = null;
  #identity: string | null;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#identity = options.site.identity;
  }

  /** Null until the server has answered once. */
  get current(): WidgetSession | null {
    return this.#session;
  }

  /** A token; a new one when the last was refused. Null: none is to be had here. Throws when the server is away. */
  async token(refused: boolean): Promise<string | null> {
    if (this.#session && !refused) return this.#session.token;
    try {
      return (await this.renew()).token;
    } catch (error) {
      if (error instanceof CallRefused && error.final) return null;
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
    if (identity === null) this.#options.memory.set('token', null);
    await this.renew();
  }

  async #ask(): Promise<WidgetSession> {
    const { site, memory } = this.#options;
    const visitorToken = memory.get('token');
    const input = { siteKey: site.key, ...(visitorToken ? { visitorToken } : {}), page: pageOf(), locale: site.locale };
    try {
      const identity = this.#identity ? { identityToken: this.#identity } : {};
      return this.#enter(await createSession(site.host, { ...input, ...identity }));
    } catch (error) {
      if (!(error instanceof CallRefused) || error.code !== 'identity_invalid') throw error;
      this.#identity = null;
      this.#options.identityRefused(error.message);
      return this.#enter(await createSession(site.host, input));
    }
  }

  /** A visitor who gets a name is the same person; any other change is somebody else at this browser. */
  #enter(session: WidgetSession): WidgetSession {
    const { memory, entered } = this.#options;
    const { id, verified } = session.visitor;
    const [last, wasVerified] = (memory.get('visitor') ?? '').split(' ');
    const samePerson = !last || last === id || (verified && !wasVerified);
    memory.set('visitor', verified ? `${id} verified` : id);
    memory.set('token', session.token);
    this.#session = session;
    entered(session, samePerson);
    return session;
  }
}
