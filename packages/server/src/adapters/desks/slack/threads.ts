import type { AgentRef, HandoffId, Millis } from '@baton/core';
import type { NotePiece } from '#kit/handoff-note.ts';
import { Memory } from '#kit/memory.ts';
import type { DeskEvent, OpenTicket, OutMessage } from '#ports/desk.ts';
import type { Files } from '#ports/files.ts';
import { type Slack, SlackRefusal } from './client.ts';
import { agentRefOf, changeIn, messageOf, type Reading, stateOf } from './inbound.ts';
import {
  fileComment,
  METADATA,
  noteMessage,
  notePieces,
  rootMark,
  rootMessage,
  shareBody,
  type Thread,
  wordMessages,
} from './outbound.ts';
import { EMOJI, type Message, placeOf, ticketId } from './shapes.ts';

/** Names change rarely. */
const NAME_MS: Millis = 24 * 3_600_000;
/** What was refused is asked for again sooner. */
const NAMELESS_MS: Millis = 600_000;
/** Messages that are asked for again: one may become visible after a later one. */
const OVERLAP_S = 60;
/** How far back the thread of a handoff is looked for. */
const LOOK_BACK_MS: Millis = 2 * 24 * 3_600_000;
/** Pages of 200 threads that are looked through at most. */
const PAGES = 10;

/** What Slack says of a thread that is not there any more. */
const GONE = new Set(['thread_not_found', 'message_not_found', 'channel_not_found', 'is_archived']);

/** Threads of handoffs, one each. */
export class Threads {
  readonly #api: Slack;
  readonly #files: Files;
  readonly #now: () => Millis;
  readonly #names: Memory<AgentRef>;
  #us: Promise<{ user: string; home: string; team: string }> | null = null;
  readonly reading: Reading;

  constructor(api: Slack, files: Files, now: () => Millis) {
    this.#api = api;
    this.#files = files;
    this.#now = now;
    this.#names = new Memory(now);
    this.reading = { agentOf: (user) => this.#names.get(user) };
  }

  /** Who we are there. */
  us(): Promise<{ user: string; home: string; team: string }> {
    this.#us ??= this.#api
      .me()
      .then(({ url, team, user_id }) => ({ user: user_id, home: url.replace(/\/+$/, ''), team: team ?? 'Slack' }))
      .catch((error: unknown) => {
        this.#us = null;
        throw error;
      });
    return this.#us;
  }

  /** The thread of a handoff with all its notes. With `again` only what is missing is done. */
  async open(channel: string, ticket: OpenTicket, again: boolean): Promise<Thread> {
    const known = again ? await this.find([channel], ticket.handoff) : null;
    const thread = known ?? { channel, ts: await this.#api.write(rootMessage(ticket, channel)) };
    await this.#writeNotes(thread, notePieces(ticket), known ? await this.#written(thread) : new Map());
    return thread;
  }

  /** Among the first messages of the channel, which are as many as there were handoffs. */
  async find(channels: readonly string[], handoff: HandoffId): Promise<Thread | null> {
    const mark = rootMark(handoff);
    const oldest = String((this.#now() - LOOK_BACK_MS) / 1_000);
    for (const channel of channels) {
      let pages = 0;
      for await (const page of this.#api.roots(channel, oldest)) {
        const root = page.find((message) => markOf(message) === mark);
        if (root) return { channel, ts: root.ts };
        if (++pages === PAGES) break;
      }
    }
    return null;
  }

  /** Gives the id of the first thing that it became. */
  async send(thread: Thread, message: OutMessage, again: boolean): Promise<string> {
    const there = again ? await this.#written(thread) : new Map<string, string>();
    let first: string | undefined;
    for (const { mark, json } of wordMessages(thread, message)) {
      const ts = there.get(mark) ?? (await this.#api.write(json));
      first ??= ts;
    }
    for (const index of message.files.keys()) {
      const id = await this.#share(thread, message, index, there);
      first ??= id;
    }
    return first ?? thread.ts;
  }

  /** Its id, or that of the words that stand for it: a file that is gone here is named, with its address. */
  async #share(
    thread: Thread,
    message: OutMessage,
    index: number,
    there: ReadonlyMap<string, string>,
  ): Promise<string | undefined> {
    const known = there.get(fileComment(message, index));
    const file = message.files[index];
    if (known !== undefined || !file) return known;
    const bytes = await this.#files.read(file);
    if (!bytes) {
      const named = {
        ...message,
        key: `${message.key} file ${index + 1}`,
        text: `${file.name}: ${file.url}`,
        files: [],
      };
      return this.send(thread, named, there.size > 0);
    }
    const id = await this.#api.upload(file.name, new Uint8Array(bytes));
    await this.#api.share(shareBody(thread, message, index, id));
    return id;
  }

  /** Says why, and marks the thread as done. */
  async close(thread: Thread, why: string): Promise<void> {
    const messages = await this.#read(thread);
    const root = messages?.find(({ ts }) => ts === thread.ts);
    if (!messages || (root && whoPut(root, EMOJI.close).length > 0)) return;
    try {
      await this.#writeNotes(
        thread,
        [{ mark: `closed ${ticketId(thread.channel, thread.ts)}`, text: why }],
        marks(messages),
      );
      await this.#api.react(thread.channel, thread.ts, EMOJI.close);
    } catch (error) {
      if (!(error instanceof SlackRefusal) || (error.code !== 'already_reacted' && !GONE.has(error.code))) throw error;
    }
  }

  /** What somebody said or did whose name had to be asked for. */
  async refresh(ticket: string, key: string): Promise<DeskEvent[]> {
    const change = changeIn(key);
    if (!change) return [];
    if ('act' in change) {
      const { act, user, ts } = change;
      return [stateOf(act, ticket, await this.#agent(user), user, ts)];
    }
    const { channel, ts } = placeOf(ticket);
    const message = await this.#api.message(channel, ts, change.said);
    return message ? this.#named(channel, [message]) : [];
  }

  /** What has happened since: words under the keys that they have as events, emoji where they differ from what was seen last. */
  async poll(ticket: string, cursor: string | null): Promise<{ events: DeskEvent[]; cursor: string }> {
    const thread = placeOf(ticket);
    const seen: Cursor = { ts: thread.ts, closers: [], returners: [], ...(cursor === null ? {} : JSON.parse(cursor)) };
    const messages = await this.#read(thread, String(Number(seen.ts) - OVERLAP_S));
    if (!messages)
      return { events: [{ type: 'closed', ticket, key: `gone:${ticket}`, agent: null }], cursor: JSON.stringify(seen) };
    const replies = messages.filter(({ ts }) => ts !== thread.ts);
    const root = messages.find(({ ts }) => ts === thread.ts);
    const { user: own } = await this.us();
    const now: Cursor = {
      ts: replies.at(-1)?.ts ?? seen.ts,
      closers: root ? whoPut(root, EMOJI.close).filter((user) => user !== own) : seen.closers,
      returners: root ? whoPut(root, EMOJI.return) : seen.returners,
    };
    const events = await this.#named(thread.channel, replies);
    // Slack does not say when an emoji was put there; nobody can take away another's, so that it counts once for each.
    const moment = (what: string, who: string) => ({ ticket, key: `poll:${what}:${ticket}:${who}:${seen.ts}` });
    const returner = now.returners.find((user) => !seen.returners.includes(user));
    const closer = now.closers.find((user) => !seen.closers.includes(user));
    if (returner) events.push({ type: 'returned', ...moment('return', returner), agent: await this.#agent(returner) });
    if (closer) events.push({ type: 'closed', ...moment('close', closer), agent: await this.#agent(closer) });
    if (now.closers.length === 0 && seen.closers.length > 0)
      events.push({ type: 'reopened', ...moment('reopen', seen.closers.join()) });
    return { events, cursor: JSON.stringify(now) };
  }

  /** What people say in these messages, everybody by his name. */
  async #named(channel: string, messages: readonly Message[]): Promise<DeskEvent[]> {
    const events: DeskEvent[] = [];
    for (const message of messages) {
      let read = messageOf(channel, message, this.reading);
      if (read === 'stranger' && message.user) {
        await this.#agent(message.user);
        read = messageOf(channel, message, this.reading);
      }
      if (read !== 'stranger' && read.type !== 'ignored') events.push(read);
    }
    return events;
  }

  /** Without a name where Slack does not give it (somebody of another workspace, a missing scope): his words must not be lost over it. */
  async #agent(user: string): Promise<AgentRef> {
    const known = this.#names.get(user);
    if (known) return known;
    const { agent, ms } = await this.#api.member(user).then(
      (member) => ({ agent: agentRefOf(member), ms: NAME_MS }),
      (error: unknown) => {
        if (!(error instanceof SlackRefusal) || error.kind === 'retry') throw error;
        return { agent: { id: user, name: 'Agent' }, ms: NAMELESS_MS };
      },
    );
    this.#names.set(user, agent, ms);
    return agent;
  }

  /** Writes the notes that are not there yet, in order. */
  async #writeNotes(thread: Thread, pieces: readonly NotePiece[], there: ReadonlyMap<string, string>): Promise<void> {
    for (const piece of pieces) if (!there.has(piece.mark)) await this.#api.write(noteMessage(thread, piece));
  }

  async #written(thread: Thread): Promise<Map<string, string>> {
    return marks((await this.#read(thread)) ?? []);
  }

  /** Null: it is gone. */
  async #read({ channel, ts }: Thread, oldest?: string): Promise<Message[] | null> {
    try {
      const messages: Message[] = [];
      for await (const page of this.#api.thread(channel, ts, oldest)) messages.push(...page);
      return messages;
    } catch (error) {
      if (error instanceof SlackRefusal && GONE.has(error.code)) return null;
      throw error;
    }
  }
}

/** Where the last poll ended. */
interface Cursor {
  ts: string;
  /** Who has put the emoji there that closes, and the one that gives back. */
  closers: string[];
  returners: string[];
}

/** What we wrote, by its mark; files by the words with them. */
function marks(messages: readonly Message[]): Map<string, string> {
  return new Map(
    messages.flatMap((message): [string, string][] => {
      const mark = markOf(message) ?? (message.bot_id && message.files?.length ? message.text : null);
      return mark ? [[mark, message.ts]] : [];
    }),
  );
}

function markOf({ metadata }: Message): string | null {
  const mark = metadata?.event_type === METADATA ? metadata.event_payload.mark : null;
  return typeof mark === 'string' ? mark : null;
}

function whoPut({ reactions }: Message, emoji: string): string[] {
  return reactions?.find(({ name }) => name === emoji)?.users ?? [];
}
