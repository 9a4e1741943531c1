import { hasRoom, type Millis, type Offer, type QueueId, routingOf } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import type { TeamRow } from '#store/line.ts';
import type { Directory, WebhookEntry } from './directory.ts';
import type { LineView } from './line-view.ts';

/** A hook that failed is left alone for so long; meanwhile we hand out by our own rules. */
const REST_MS = 30_000;
/** Nobody routes farther ahead than this. */
const MOST_WAITING = 100;

/** Signs (Standard Webhooks), posts, gives the JSON of the answer; throws `AdapterFailure`, after a second at the latest. */
export type AskHook = (webhook: WebhookEntry, id: string, body: string) => Promise<unknown>;

/**
 * Queues whose owner decides himself who gets whom: his endpoint is asked whenever we would offer something. It chooses
 * among those who are waiting and those who are free; what else it says, and what it does not say in time, is as not said.
 */
export class RoutingHooks {
  readonly #deps: { directory: Directory; world: World; ask: AskHook };
  readonly #restUntil = new Map<string, Millis>();

  constructor(deps: { directory: Directory; world: World; ask: AskHook }) {
    this.#deps = deps;
  }

  /** Has any queue of this line a hook? */
  concerns(view: LineView): boolean {
    return this.#hooked(view).length > 0;
  }

  /** What the hooks want, by queue. A queue that is not in it is ours to hand out. */
  async ask(view: LineView): Promise<Map<QueueId, Offer[]>> {
    const asked = this.#hooked(view).map(async ({ queue, hook }) => {
      const offers = await this.#askOne(view, queue, hook);
      return offers && ([queue, offers] as const);
    });
    return new Map((await Promise.all(asked)).filter((one) => one !== null));
  }

  #hooked(view: LineView): { queue: QueueId; hook: WebhookEntry }[] {
    const { directory, world } = this.#deps;
    const rules = directory.rules(view.workspace);
    if (!rules) return [];
    return [...new Set(view.queued().map((row) => row.queue))].flatMap((queue) => {
      const id = routingOf(rules, queue).hook;
      const hook = id === null ? undefined : directory.webhook(view.workspace, id);
      return hook && (this.#restUntil.get(hook.id) ?? 0) <= world.now() ? [{ queue, hook }] : [];
    });
  }

  async #askOne(view: LineView, queue: QueueId, hook: WebhookEntry): Promise<Offer[] | null> {
    const { world, ask } = this.#deps;
    const id = world.newId('evt');
    const body = { id, type: 'routing.asked', at: new Date(world.now()).toISOString(), ...question(view, queue) };
    try {
      return offersIn(await ask(hook, id, JSON.stringify(body)), view);
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      this.#restUntil.set(hook.id, world.now() + REST_MS);
      world.log.warn({ queue, webhook: hook.id, kind: error.kind }, 'a routing hook failed; Baton hands out meanwhile');
      return null;
    }
  }
}

function question(view: LineView, queue: QueueId): object {
  const waiting = view.queued().filter((row) => row.queue === queue);
  const free = view.team.filter((agent) => hasRoom(agent) && (agent.queues === null || agent.queues.includes(queue)));
  return {
    queue,
    waiting: waiting.slice(0, MOST_WAITING).map((row) => ({
      handoff: row.handoff,
      conversation: row.conversation,
      priority: row.priority,
      waitingSince: new Date(row.waitingSince).toISOString(),
      skills: row.skills,
      preferredSkills: row.preferredSkills,
      language: row.language,
      lastAgent: row.lastAgent,
      channel: row.channel,
      passedOver: row.passedOver.map(({ agent }) => agent),
    })),
    agents: free.map(wireAgent),
  };
}

function wireAgent({ agent, skills, languages, capacity, load, idleSince }: TeamRow): object {
  return { id: agent.id, name: agent.name, skills, languages: languages ?? null, capacity, load, idleSince };
}

/** `{offers: [{handoff, agent}]}`; an answer of another shape is a hook that fails. */
function offersIn(answer: unknown, view: LineView): Offer[] {
  const offers = (answer as { offers?: unknown } | null)?.offers;
  if (!Array.isArray(offers)) throw new AdapterFailure('rejected', 'The routing hook answered without `offers`.');
  return offers.flatMap((one: { handoff?: unknown; agent?: unknown } | null) => {
    const row = view.waiting.find(({ handoff }) => handoff === one?.handoff);
    const slots = view.team.find(({ agent }) => agent.id === one?.agent);
    return row && slots ? [{ handoff: row.handoff, agent: slots.agent }] : [];
  });
}
