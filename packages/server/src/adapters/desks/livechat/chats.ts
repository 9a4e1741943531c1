import type { AgentRef, HandoffId, Millis } from '@baton/core';
import type { NotePiece } from '#kit/handoff-note.ts';
import { Memory } from '#kit/memory.ts';
import type { DeskEvent, DeskOutlook, OpenTicket, OutMessage } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Chat, LiveChat } from './client.ts';
import { type Reading, refOf, stateOf, wordsIn } from './inbound.ts';
import {
  BOT,
  chatBody,
  customerBody,
  HANDOFF,
  messagePieces,
  notePieces,
  othersNotes,
  type Piece,
  PROPERTY,
} from './outbound.ts';
import { refusalOf } from './refusals.ts';

/** What is looked through for what we wrote, or for what was missed: a chat that is archived and resumed is several threads. */
const THREADS = 5;
/** Events that are asked for again: one may become visible after a later one. */
const OVERLAP_MS: Millis = 60_000;
/** The group of chats that name none. */
const GENERAL = 0;

export interface ChatsConfig {
  clientId: string;
  returnTag: string;
  /** What a chat does when nobody is there. */
  whenOffline: 'refuse' | 'wait';
}

/**
 * Chats of handoffs. LiveChat has one chat for each customer and calls customers by ids of its own, so that each handoff is a
 * customer of its own: two at once would be one chat, and what is said late of the first would be taken for the second.
 */
export class Chats {
  readonly #api: LiveChat;
  readonly #files: Files;
  readonly #config: ChatsConfig;
  /** The customer of a handoff whose chat may have begun, and of a chat. */
  readonly #entities: Memory<string>;
  readonly #agents: Memory<AgentRef>;
  #bot: Promise<string> | null = null;
  readonly reading: Reading;

  constructor(api: LiveChat, files: Files, now: () => Millis, config: ChatsConfig) {
    this.#entities = new Memory(now);
    this.#agents = new Memory(now);
    this.#api = api;
    this.#files = files;
    this.#config = config;
    this.reading = { agentOf: (id) => this.#agents.get(id), returnTag: config.returnTag };
  }

  /** The bot, which is made with the property of our chats where they are not there yet. */
  bot(): Promise<string> {
    this.#bot ??= this.#prepare().catch((error: unknown) => {
      this.#bot = null;
      throw error;
    });
    return this.#bot;
  }

  async #prepare(): Promise<string> {
    if (!(HANDOFF in (await this.#api.properties()))) await this.#api.addProperty(PROPERTY);
    const known = (await this.#api.bots()).find(({ name }) => name === BOT.name);
    return known?.id ?? this.#api.addBot(BOT);
  }

  /** The chat of a handoff with all its notes. With `again` only what is missing is done. */
  async open(ticket: OpenTicket, again: boolean): Promise<string> {
    const { handoff, group } = ticket;
    const bot = await this.bot();
    const known = again ? await this.find(handoff) : null;
    const chat = known ?? (await this.#start(ticket, group));
    await this.#writeNotes(bot, chat, notePieces(ticket), known === null ? new Map() : await this.#written(chat));
    return chat;
  }

  async #start(ticket: OpenTicket, group: string | null): Promise<string> {
    const { handoff } = ticket;
    const { clientId, whenOffline } = this.#config;
    const entity = this.#entities.get(handoff) ?? (await this.#api.newCustomer());
    this.#entities.set(handoff, entity);
    await this.#api.describeCustomer(entity, customerBody(ticket));
    try {
      const chat = await this.#api.startChat(entity, chatBody(handoff, group, clientId, whenOffline === 'wait'));
      this.#entities.set(chat, entity);
      return chat;
    } catch (error) {
      if (refusalOf(error) !== 'validation' || !/already exists/i.test((error as Error).message)) throw error;
      // An earlier try arrived after we had looked for it. The next one finds it.
      throw new AdapterFailure('uncertain', 'LiveChat has begun this chat meanwhile.', { cause: error });
    }
  }

  /** By the customer whom we made for it, while we remember; then by the handoff that is kept with the chat. */
  async find(handoff: HandoffId): Promise<string | null> {
    const entity = this.#entities.get(handoff);
    if (entity !== undefined) return this.#api.chatOf(entity);
    const [found] = await this.#api.chatsWith(HANDOFF, handoff);
    return found?.id ?? null;
  }

  /** Gives the id of the first event that it became. */
  async send(chat: string, message: OutMessage, again: boolean): Promise<string> {
    const there = again ? await this.#written(chat) : new Map<string, string>();
    if (message.author.role !== 'customer')
      return this.#writeNotes(await this.bot(), chat, othersNotes(message), there);
    const entity = await this.#entityOf(chat);
    let first: string | undefined;
    for (const piece of messagePieces(message)) {
      const id = there.get(piece.custom_id) ?? (await this.#say(entity, chat, await this.#eventOf(entity, piece)));
      first ??= id;
    }
    return first ?? chat;
  }

  /** A file that is gone here is named, with its address. */
  async #eventOf(entity: string, { custom_id, ...piece }: Piece): Promise<object> {
    if ('text' in piece) return { type: 'message', text: piece.text, custom_id };
    const { file } = piece;
    const bytes = await this.#files.read(file);
    if (!bytes) return { type: 'message', text: `${file.name}: ${file.url}`, custom_id };
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)], { type: file.mime }), file.name);
    return { type: 'file', url: await this.#api.upload(entity, form), custom_id };
  }

  /** LiveChat archives a chat in which nothing was said for a while: his words begin it anew, in its group. */
  async #say(entity: string, chat: string, event: object): Promise<string> {
    try {
      return await this.#api.say(entity, chat, event);
    } catch (error) {
      if (refusalOf(error) !== 'chat_inactive') throw error;
      const { access } = await this.#api.chat(chat);
      const resumed = await this.#api.resumeChat(entity, {
        active: true,
        continuous: true,
        chat: {
          id: chat,
          ...(access?.group_ids ? { access: { group_ids: access.group_ids } } : {}),
          thread: { events: [event] },
        },
      });
      return resumed ?? chat;
    }
  }

  async typing(chat: string, on: boolean): Promise<void> {
    await this.#api.sneakPeek(await this.#entityOf(chat), chat, on ? '…' : '');
  }

  async read(chat: string, now: Millis): Promise<void> {
    await this.#api.seen(await this.#entityOf(chat), chat, new Date(now).toISOString());
  }

  /** Archives it and says why. What is archived or gone needs no closing. */
  async close(chat: string, why: string): Promise<void> {
    const found = await this.#get(chat);
    if (!found || found.thread?.active === false) return;
    const bot = await this.bot();
    try {
      const there = new Map(found.thread?.events.map(({ custom_id, id }) => [custom_id ?? '', id]));
      await this.#writeNotes(bot, chat, [{ mark: `baton closed ${chat}`, text: why }], there);
      await this.#api.endChat(bot, chat);
    } catch (error) {
      if (refusalOf(error) !== 'chat_inactive') throw error;
    }
  }

  /** What has happened since the time of `cursor`, under the keys that it has by webhook. */
  async poll(chat: string, cursor: string | null): Promise<{ events: DeskEvent[]; cursor: string }> {
    const found = await this.#get(chat);
    if (!found)
      return { events: [{ type: 'closed', ticket: chat, key: `gone:${chat}`, agent: null }], cursor: cursor ?? '0' };
    const since = Number(cursor ?? 0);
    // Newest first, events within them oldest first.
    const threads = found.thread?.previous_thread_id
      ? (await this.#api.threads(chat, THREADS)).reverse()
      : found.thread
        ? [found.thread]
        : [];
    const words = threads.flatMap((thread) => wordsIn(chat, thread, this.reading));
    const times = threads.flatMap(({ events }) => events.map(({ created_at }) => Date.parse(created_at)));
    return {
      events: [
        ...words.filter((event) => !('at' in event) || event.at === undefined || event.at >= since - OVERLAP_MS),
        ...stateOf(found, this.reading),
      ],
      cursor: String(Math.max(since, ...times.filter((time) => !Number.isNaN(time)))),
    };
  }

  /** Who is there, and the place of a chat that waits: LiveChat tells both. */
  async outlook(group: string | null, chat: string | null, now: Millis): Promise<DeskOutlook> {
    const number = Number(group ?? GENERAL);
    const status = (await this.#api.groups()).find(({ id }) => id === number)?.routing_status ?? '';
    const agents = await this.#api.routingStatuses(number);
    const queue = chat === null ? null : ((await this.#get(chat))?.thread?.queue ?? null);
    const wait = queue?.wait_time ?? null;
    return {
      state: /offline/.test(status) ? 'closed' : /queue/.test(status) ? 'busy' : status ? 'available' : 'unknown',
      agentsOnline: agents.filter((one) => one.agent_id.includes('@') && one.status === 'accepting_chats').length,
      waiting: null,
      position: queue?.position ?? null,
      // One number, of which nobody has measured how often it holds.
      estimate:
        wait === null
          ? null
          : { p50Seconds: wait, lowSeconds: wait, highSeconds: wait, coverage: 0, basis: 'livechat', asOf: now },
    };
  }

  /** Null: it is gone. Who is in it is known by name from now on. */
  async #get(chat: string): Promise<Chat | null> {
    try {
      const found = await this.#api.chat(chat);
      for (const user of found.users) if (user.type === 'agent') this.#agents.set(user.id, refOf(user));
      return found;
    } catch (error) {
      if (refusalOf(error) === 'not_found') return null;
      throw error;
    }
  }

  #entityOf(chat: string): Promise<string> {
    return this.#entities.recall(chat, async () => {
      const customer = (await this.#get(chat))?.users.find(({ type }) => type === 'customer');
      if (!customer) throw new AdapterFailure('rejected', 'There is no customer in that chat any more.');
      return customer.id;
    });
  }

  /** Writes the notes that are not there yet; gives the id of the first. */
  async #writeNotes(
    bot: string,
    chat: string,
    pieces: readonly NotePiece[],
    there: ReadonlyMap<string, string>,
  ): Promise<string> {
    const missing = pieces.some(({ mark }) => !there.has(mark));
    if (missing) await this.#api.supervise(bot, chat);
    let first: string | undefined;
    for (const { mark, text } of pieces) {
      const id = there.get(mark) ?? (await this.#api.note(bot, chat, text, mark));
      first ??= id;
    }
    return first ?? chat;
  }

  /** Which of our events are there, by `custom_id`. */
  async #written(chat: string): Promise<Map<string, string>> {
    const threads = await this.#api.threads(chat, THREADS);
    return new Map(
      threads.flatMap(({ events }) =>
        events.flatMap(({ custom_id, id }): [string, string][] => (custom_id ? [[custom_id, id]] : [])),
      ),
    );
  }
}
