import {
  type Command,
  type Conversation,
  type ConversationId,
  decide,
  defaultRules,
  type Logged,
  type NewId,
  type QueueId,
  type Refusal,
  type Rules,
} from '@baton/core';

/** A conversation of the fake hub: its state as core decides it, its log, and what core does not keep. */
export interface Talk {
  state: Conversation;
  log: Logged[];
  customer: {
    id: string;
    name: string | null;
    email: string | null;
    phone: string | null;
    externalId: string | null;
    verified: boolean;
    attributes: Record<string, string | number | boolean>;
  };
  page: { url: string; title?: string } | null;
}

export type Outcome = { ok: true; talk: Talk; events: Logged[]; seq: number } | { ok: false; refusal: Refusal };

export const QUEUE = 'que_general' as QueueId;

/**
 * The hub in memory: core's own rules, without a database. It behaves as the real one does wherever the console can
 * see it; what it leaves out (bots, desks, more than one workspace) the console cannot tell.
 */
export class FakeHub {
  readonly talks = new Map<ConversationId, Talk>();
  readonly rules: Rules = defaultRules(QUEUE);
  readonly #listeners = new Set<(talk: Talk, events: Logged[]) => void>();
  #count = 0;

  readonly newId: NewId = (prefix) => `${prefix}_${(++this.#count).toString(36).padStart(8, '0')}`;

  /** Decides and keeps. `at` lets a test write the past. */
  submit(id: ConversationId, command: Command, at = Date.now()): Outcome {
    const talk = this.talks.get(id);
    const decision = decide(talk?.state ?? null, command, { at, newId: this.newId, rules: this.rules });
    if ('refused' in decision) return { ok: false, refusal: decision.refused };
    if ('repeat' in decision)
      return talk
        ? { ok: true, talk, events: [], seq: decision.repeat }
        : { ok: false, refusal: { code: 'not_found', message: 'There is no such conversation.' } };
    const now: Talk = talk ?? {
      state: decision.state,
      log: [],
      customer: anonymous(decision.state.customer),
      page: null,
    };
    now.state = decision.state;
    now.log.push(...decision.events);
    this.talks.set(id, now);
    for (const listener of this.#listeners) listener(now, decision.events);
    return { ok: true, talk: now, events: decision.events, seq: decision.seq };
  }

  onCommitted(listener: (talk: Talk, events: Logged[]) => void): void {
    this.#listeners.add(listener);
  }

  /** Puts who waits into the line and offers him to the first agent: what desk and dispatch do in the real hub. */
  dispatch(talk: Talk, agent: { id: `agt_${string}`; name: string } | null, at = Date.now()): void {
    const { handoff, id } = talk.state;
    if (handoff?.phase === 'requested')
      this.submit(
        id,
        {
          type: 'acknowledge',
          handoff: handoff.id,
          outlook: {
            availability: 'busy',
            position: 1,
            ahead: 0,
            estimate: {
              p50Seconds: 150,
              lowSeconds: 120,
              highSeconds: 240,
              coverage: 0.8,
              basis: 'measured',
              asOf: at,
            },
          },
        },
        at,
      );
    const queued = talk.state.handoff;
    if (agent && queued?.phase === 'queued') this.submit(id, { type: 'offer', handoff: queued.id, agent }, at);
  }
}

function anonymous(id: string): Talk['customer'] {
  return { id, name: null, email: null, phone: null, externalId: null, verified: false, attributes: {} };
}
