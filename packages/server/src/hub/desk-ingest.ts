import type {
  AgentRef,
  Command,
  Conversation,
  ConversationId,
  IntegrationId,
  Part,
  Ticket,
  WorkspaceId,
} from '@baton/core';
import type { Pool } from 'pg';
import type { Desk, DeskEvent, Received, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { RawReply, RawRequest } from '#ports/inbound.ts';
import type { World } from '#ports/world.ts';
import { isOurs } from '#store/deliveries.ts';
import { type InboxItem, inboxDone, keepInbox, openInbox } from '#store/inbox.ts';
import { ofTicket, ticketOf } from '#store/tickets.ts';
import type { Circuits } from './circuits.ts';
import type { Desks } from './desks.ts';
import type { Ledger } from './ledger.ts';
import type { Signals } from './signals.ts';

/** An agent may answer before we have noted the ticket: a webhook of an unknown ticket waits for it this long. */
const UNKNOWN_TICKET_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

export interface DeskIngestDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  desks: Desks;
  circuits: Circuits;
  signals: Signals;
  /** Keeps a vendor's file as our own; null when it may not be kept (type, size, private address). */
  keepFile(workspace: WorkspaceId, conversation: ConversationId, desk: Desk, file: RemoteFile): Promise<Part>;
}

type Kept = Extract<DeskEvent, { key: string }>;

/**
 * What comes back from outside desks. Each event is kept before the vendor is answered, worked off in the order of its
 * arrival, and written under a key of its own: duplicates, late ones and those that a poll finds again change nothing.
 */
export class DeskIngest {
  readonly #deps: DeskIngestDeps;
  readonly #working = new Map<IntegrationId, Promise<void>>();
  readonly #again = new Set<IntegrationId>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(deps: DeskIngestDeps) {
    this.#deps = deps;
  }

  /** A vendor's request. Throws `AdapterFailure` `auth` when it is forged; a database that is away throws as it does. */
  async receive(id: IntegrationId, secret: string | null, request: RawRequest): Promise<RawReply> {
    const found = await this.#deps.desks.find(id);
    if (!found || (found.secret !== null && found.secret !== secret))
      throw new AdapterFailure('auth', 'There is no such integration, or its secret is another.');
    const received = found.desk.receive(request);
    await this.keep(id, found.workspace, received);
    return received.reply ?? { status: 200, body: '{"ok":true}', contentType: 'application/json' };
  }

  /** Keeps events, by webhook or poll, and begins to work them off. */
  async keep(id: IntegrationId, workspace: WorkspaceId, { events }: Received): Promise<void> {
    const items = events.flatMap((event) => ('key' in event ? [{ key: event.key, payload: event }] : []));
    await keepInbox(this.#deps.pool, id, items);
    for (const event of events) if (!('key' in event)) await this.#passing(id, event);
    if (items.length > 0) this.work(id, workspace);
  }

  /** Works off what is kept. Also at start: for what a crash left. */
  work(id: IntegrationId, workspace: WorkspaceId): void {
    if (this.#stopped) return;
    if (this.#working.has(id)) {
      this.#again.add(id);
      return;
    }
    const working = this.#workOff(id, workspace)
      .catch((error: unknown) => {
        this.#deps.world.log.warn(
          { error, integration: id },
          'what a desk sent could not be worked off; it is tried again',
        );
        this.#later(id, workspace);
      })
      .finally(() => {
        this.#working.delete(id);
        if (this.#again.delete(id)) this.work(id, workspace);
      });
    this.#working.set(id, working);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#working.values());
  }

  #later(id: IntegrationId, workspace: WorkspaceId): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.work(id, workspace);
    }, LOOK_AGAIN_MS);
    this.#timers.add(timer.unref());
  }

  async #workOff(id: IntegrationId, workspace: WorkspaceId): Promise<void> {
    const { pool, desks } = this.#deps;
    const desk = await desks.get(workspace, id);
    if (!desk) return;
    // A ticket whose first event must wait holds back its later ones, and no other ticket's.
    const held = new Set<string>();
    for (const item of await openInbox(pool, id)) {
      const event = item.payload as Kept;
      if (held.has(event.ticket)) continue;
      if (await this.#apply(id, workspace, desk, event, item)) await inboxDone(pool, id, [item.key]);
      else held.add(event.ticket);
    }
    if (held.size > 0) this.#later(id, workspace);
  }

  /** False: not yet. */
  async #apply(id: IntegrationId, workspace: WorkspaceId, desk: Desk, event: Kept, item: InboxItem): Promise<boolean> {
    const { pool, ledger, world } = this.#deps;
    const found = await ofTicket(pool, id, event.ticket);
    if (!found) {
      const age = world.now() - (item.receivedAt ?? world.now());
      if (age < UNKNOWN_TICKET_MS) return false;
      world.log.info({ integration: id, type: event.type }, 'a desk wrote about a ticket that is not ours');
      return true;
    }
    if (event.type === 'changed') {
      const ticket = await ticketOf(pool, found.handoff);
      if (!ticket || !desk.refresh) return true;
      const events = await this.#deps.circuits.call(
        id,
        'fetch change',
        () => desk.refresh?.(ticket, event) ?? Promise.resolve([]),
      );
      await this.keep(id, workspace, { events });
      return true;
    }
    const [state, ticket] = await Promise.all([ledger.read(found.conversation), ticketOf(pool, found.handoff)]);
    if (!state) return true;
    if (
      event.type === 'agent.said' &&
      event.externalId !== undefined &&
      (await isOurs(pool, `desk:${id}`, event.externalId))
    )
      return true;
    for (const [index, command] of (await this.#commands(id, desk, state, ticket, event)).entries()) {
      // A refusal is an answer: what the desk did does not fit any more, and the log shows what holds.
      await ledger.commit(state.id, { ...command, key: `in:${id}:${event.key}:${index}` });
    }
    return true;
  }

  async #commands(
    id: IntegrationId,
    desk: Desk,
    state: Conversation,
    ticket: Ticket | null,
    event: Exclude<Kept, { type: 'changed' }>,
  ): Promise<Command[]> {
    switch (event.type) {
      case 'agent.said': {
        const agent = { ...event.agent, desk: id };
        const files: Part[] = [];
        for (const file of event.files) files.push(await this.#deps.keepFile(state.workspace, state.id, desk, file));
        const parts: Part[] = [...(event.text === '' ? [] : [{ type: 'text' as const, text: event.text }]), ...files];
        if (parts.length === 0) return [];
        const seated = seat(state, id, agent, ticket);
        return seated === null
          ? [{ type: 'barge', agent, parts }]
          : [...seated, { type: 'say', author: { role: 'agent', ...agent }, parts }];
      }
      case 'assigned':
        return seat(state, id, { ...event.agent, desk: id }, ticket, true) ?? [];
      case 'unassigned':
        return state.handoff?.phase === 'active' && state.handoff.desk === id
          ? [{ type: 'requeue', handoff: state.handoff.id, why: 'requeued' }]
          : [];
      case 'returned':
        return back(state, id, event.agent, event.note);
      case 'closed':
        return closed(state, id, event.agent);
      case 'reopened':
        return state.status === 'closed' ? [{ type: 'reopen', by: { role: 'api', id } }] : [];
    }
  }

  async #passing(id: IntegrationId, event: Exclude<DeskEvent, { key: string }>): Promise<void> {
    if (event.type === 'ignored') {
      this.#deps.world.log.debug({ integration: id, why: event.why }, 'a desk sent something of no use to us');
      return;
    }
    const found = await ofTicket(this.#deps.pool, id, event.ticket);
    if (!found?.open) return;
    const { conversation } = found;
    if (event.type === 'agent.typing')
      this.#deps.signals.send({
        type: 'typing',
        conversation,
        who: { role: 'agent', id: event.agent.id, name: event.agent.name },
        on: event.on,
      });
    else {
      const state = await this.#deps.ledger.read(conversation);
      if (state) this.#deps.signals.send({ type: 'read', conversation, who: 'agent', seq: state.seq });
    }
  }
}

/**
 * What gives this agent control, whatever stood before: he answers there, so he holds the conversation, also when he
 * answers after the handoff has ended, from a phone, or by email. Null: an agent of ours holds it, and keeps it.
 */
function seat(
  state: Conversation,
  id: IntegrationId,
  agent: AgentRef,
  ticket: Ticket | null,
  onlyOpen = false,
): Command[] | null {
  const { control, handoff, status } = state;
  if (control.holder === 'agent') {
    if (control.agent.id === agent.id) return [];
    return control.agent.desk === id ? [{ type: 'take', agent, force: true }] : null;
  }
  if (handoff?.desk === id && handoff.phase !== 'active')
    return [{ type: 'accept', handoff: handoff.id, agent, direct: true }];
  if (onlyOpen) return [];
  const take: Command = { type: 'take', agent, ...(ticket ? { ticket } : {}) };
  return status === 'closed' ? [{ type: 'reopen', by: { role: 'agent', agent } }, take] : [take];
}

function back(state: Conversation, id: IntegrationId, agent: AgentRef | null, note: string | undefined): Command[] {
  const { control, handoff } = state;
  if (handoff?.desk !== id) return [];
  const more = note === undefined ? {} : { note };
  if (control.holder === 'agent') return [{ type: 'release', by: { role: 'agent', agent: control.agent }, ...more }];
  return [
    {
      type: 'cancel',
      handoff: handoff.id,
      by: agent ? { role: 'agent', agent: { ...agent, desk: id } } : { role: 'api', id },
    },
  ];
}

/** Closed there: solved where somebody answered; where nobody did, the customer is not left with nothing. */
function closed(state: Conversation, id: IntegrationId, agent: AgentRef | null): Command[] {
  const { control, handoff } = state;
  if (handoff?.desk !== id) return [];
  if (control.holder === 'agent')
    return [{ type: 'close', by: { role: 'agent', agent: control.agent }, outcome: 'resolved' }];
  return [
    {
      type: 'cancel',
      handoff: handoff.id,
      by: agent ? { role: 'agent', agent: { ...agent, desk: id } } : { role: 'api', id },
    },
  ];
}
