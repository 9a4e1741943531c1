import type { ConversationId, IntegrationId, Millis, Part, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { Desk, DeskEvent, RemoteFile } from '#ports/desk.ts';
import type { World } from '#ports/world.ts';
import { isOurs } from '#store/deliveries.ts';
import { type KeptItem, lastState } from '#store/inbox.ts';
import { isOpening, type OfTicket, ofTicket, ticketOf } from '#store/tickets.ts';
import { askDesk } from './ask-desk.ts';
import type { Circuits } from './circuits.ts';
import { commandsFor, type DeskNews, type Place } from './desk-commands.ts';
import type { DeskIngest } from './desk-ingest.ts';
import type { Ledger } from './ledger.ts';
import { isOfBefore, isOvertaken, STATES } from './overtaken.ts';

/** An agent may answer before we have noted the ticket: a webhook of an unknown ticket waits for it this long. */
const UNKNOWN_TICKET_MS: Millis = 60_000;
const LOOK_AGAIN_MS: Millis = 1_000;
/** Times in a row that news is worked out anew because the conversation has just moved. */
const MOST_RACES = 5;

/** Keeps a vendor's file as our own, or says why not in its place. Throws what may come right by itself, unless it is the last try. */
export type KeepFile = (
  workspace: WorkspaceId,
  conversation: ConversationId,
  desk: Desk,
  file: RemoteFile,
  lastTry: boolean,
) => Promise<Part>;

export interface BringDeps {
  pool: Pool;
  world: World;
  ledger: Pick<Ledger, 'readNow' | 'commit'>;
  circuits: Circuits;
  ingest: Pick<DeskIngest, 'keep'>;
  keepFile: KeepFile;
}

/**
 * What became of an item. `not ours`: of a ticket that is none of ours, as far as known. `wait`: to be looked at again. `refused`:
 * an agent's words, as often as the conversation moved meanwhile; they must not be lost over that.
 */
export type Brought = 'done' | 'not ours' | { wait: Millis } | { refused: string };

/**
 * Brings what a desk told of one of its tickets into the conversation. `wasKnown`: the ticket was, when its desk could have been asked
 * first. Throws `AdapterFailure` where the desk must be asked for it.
 */
export async function bringNews(
  deps: BringDeps,
  id: IntegrationId,
  desk: Desk,
  item: KeptItem,
  { lastTry, wasKnown }: { lastTry: boolean; wasKnown: boolean },
): Promise<Brought> {
  const { pool, world } = deps;
  const event = item.payload as Extract<DeskEvent, { key: string }>;
  // An agent may be faster than we are with noting the ticket.
  const mayBeNoted = async () => world.now() - item.receivedAt < UNKNOWN_TICKET_MS && (await isOpening(pool, id));
  let found = await ofTicket(pool, id, event.ticket);
  if (!found) {
    if (await mayBeNoted()) return { wait: LOOK_AGAIN_MS };
    // Asked once more: what is not being opened any more may have been noted between the two questions.
    found = await ofTicket(pool, id, event.ticket);
  }
  if (!found) {
    // Desks tell of all their tickets, and most are none of ours. One whose number came late (a kill in the middle of the opening)
    // is ours after all: asked, the desk says it again.
    world.log.debug({ integration: id, type: event.type }, 'a desk wrote about a ticket that is not ours');
    return 'not ours';
  }
  // Noted just now: what an agent said first may be missing, and is asked for.
  if (!wasKnown) return { wait: 0 };
  if (event.type !== 'changed') return bring(deps, { id, desk, found }, event, item, lastTry);
  const ticket = await ticketOf(pool, found.handoff);
  if (!ticket && (await mayBeNoted())) return { wait: LOOK_AGAIN_MS };
  await follow(deps, { id, desk, found }, ticket ?? { id: event.ticket }, event);
  return 'done';
}

interface At {
  id: IntegrationId;
  desk: Desk;
  found: OfTicket;
}

/** Something changed: asks what. */
async function follow(
  { pool, world, circuits, ingest }: BringDeps,
  { id, desk, found }: At,
  ticket: { id: string },
  event: Extract<DeskEvent, { type: 'changed' }>,
): Promise<void> {
  const { refresh } = desk;
  if (refresh) {
    const events = await circuits.call(id, 'fetch change', () => refresh.call(desk, ticket, event));
    await ingest.keep(id, { events });
  } else await askDesk({ pool, world, circuits, ingest }, { id, desk, ticket, handoff: found.handoff }, 'fetch change');
}

async function bring(
  deps: BringDeps,
  { id, desk, found }: At,
  event: DeskNews,
  item: KeptItem,
  lastTry: boolean,
): Promise<Brought> {
  const { pool, ledger, keepFile } = deps;
  const { externalId } = event.type === 'agent.said' ? event : {};
  if (externalId && (await isOurs(pool, found.conversation, `desk:${id}`, externalId))) return 'done';
  const before = await ledger.readNow(found.conversation);
  if (!before) return 'done';
  const age = await ageOf(pool, id, found, event, item);
  if (age === 'of before') return 'done';
  const files: Part[] = [];
  for (const file of event.type === 'agent.said' ? event.files : [])
    files.push(await keepFile(before.workspace, before.id, desk, file, lastTry));
  const ticket = await ticketOf(pool, found.handoff);
  const place: Place = { desk: id, handoff: found.handoff, ticket, overtaken: age === 'overtaken' };
  return commit(deps, id, place, before.id, event, files);
}

/** Of the handoff before this one, overtaken by what is known already, or news. */
async function ageOf(
  pool: Pool,
  id: IntegrationId,
  { requestedAt: from, endedAt: until }: OfTicket,
  { type, ticket, tick = 1 }: DeskNews,
  { at, receivedAt }: KeptItem,
): Promise<'of before' | 'overtaken' | 'news'> {
  const told = { type, at, tick, receivedAt };
  if (receivedAt < from) {
    const said = await lastState(pool, { integration: id, ticket, from: 0, until }, ['agent.said']);
    if (isOfBefore(told, from, said?.at ?? null)) return 'of before';
  }
  // What a desk says of a ticket after the end is how we closed it there.
  const state = await lastState(pool, { integration: id, ticket, from, until }, STATES);
  return isOvertaken(told, until, state) ? 'overtaken' : 'news';
}

/**
 * Each command has a key of its own, whichever way it is worked out: done once, it stays done. What was refused because
 * the conversation has moved on meanwhile is worked out anew.
 */
async function commit(
  { ledger, world }: BringDeps,
  id: IntegrationId,
  place: Place,
  conversation: ConversationId,
  event: DeskNews,
  files: readonly Part[],
): Promise<Brought> {
  let refused = '';
  for (let attempt = 0; attempt < MOST_RACES; attempt++) {
    // What another node has just written counts: held against an older state, news may seem to ask for nothing.
    const state = await ledger.readNow(conversation);
    if (!state) return 'done';
    refused = '';
    // What gave him control is done once and counts no more: who loses it again before he has spoken is only heard.
    const at = attempt + 1 < MOST_RACES ? place : { ...place, overtaken: true };
    for (const command of commandsFor(state, at, event, files)) {
      const what = command.type === 'say' || command.type === 'barge' ? 'words' : command.type;
      const outcome = await ledger.commit(conversation, { ...command, key: `in:${id}:${event.key}:${what}` });
      if (outcome.ok) continue;
      refused = outcome.refusal.code;
      break;
    }
    if (refused === '') return 'done';
    world.log.info({ integration: id, type: event.type, code: refused }, 'a desk’s event was refused');
  }
  return event.type === 'agent.said' ? { refused } : 'done';
}
