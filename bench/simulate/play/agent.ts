import type { ServerFrame, ServerFrameOf } from '@baton/protocol';
import type { Login } from '#bench/server/client.ts';
import type { Play } from './play.ts';
import type { Stage } from './stage.ts';
import { Stint } from './stint.ts';
import { Voice } from './voice.ts';
import type { ConversationId } from './wire.ts';

/** Seconds at human speed from the offer to the answer. */
const ACCEPT_SECONDS = 4;
/** The offer of a first message can be here before the customer has heard in which conversation it is. */
const UNKNOWN_MS = 2_000;

/** The plays of a run, by their conversation. */
export interface Plays {
  /** Null: the conversation is not one of ours. */
  find(conversation: string): Play | null;
}

/** A scripted agent at the console's socket. */
export class ScriptedAgent {
  readonly id: string;
  readonly #stage: Stage;
  readonly #plays: Plays;
  readonly #name: string;
  readonly #voice: Voice;
  readonly #stints = new Map<string, Stint>();
  /** Offers that he has seen. */
  readonly #asked = new Set<string>();
  #count = 0;
  #presence = 0;

  constructor(stage: Stage, plays: Plays, login: Login) {
    this.#stage = stage;
    this.#plays = plays;
    this.id = login.session.agent.id;
    this.#name = login.session.agent.name;
    const tap = {
      hello: (since: Readonly<Record<string, number>>) => {
        for (const stint of this.#stints.values()) stint.witness.connected(since[stint.conversation] ?? null);
      },
      frame: (frame: ServerFrame) => this.#witness(frame),
    };
    this.#voice = new Voice(stage, '/v1/realtime', tap, { headers: { cookie: login.cookie } });
    this.#voice.feed.onFrame((frame) => this.#take(frame));
  }

  start(): void {
    this.#voice.feed.start();
  }

  /** Says what he can take from now on; kept until the server has it. */
  come(capacity: number): void {
    this.#voice.send({ type: 'presence', id: this.#presenceId(), state: 'online', capacity });
  }

  go(): void {
    this.#voice.send({ type: 'presence', id: this.#presenceId(), state: 'offline' });
  }

  get settled(): boolean {
    return this.#voice.settled;
  }

  stop(): void {
    this.#voice.feed.stop();
  }

  /** The proof is done: he need not read this conversation any more. */
  forget(conversation: ConversationId): void {
    if (!this.#stints.delete(conversation)) return;
    this.#voice.mention({ type: 'unfollow', conversation });
  }

  #presenceId(): string {
    return `${this.#stage.run}-presence-${++this.#presence}`;
  }

  #witness(frame: ServerFrame): void {
    if (frame.type === 'event') {
      const stint = this.#stints.get(frame.conversation);
      stint?.witness.received(frame.seq);
      if (frame.event.type === 'message' && stint) this.#hearMessage(frame.conversation, frame.event.message);
    } else if (frame.type === 'ack' || frame.type === 'refused') {
      for (const { witness } of this.#stints.values()) {
        if (frame.type === 'ack') witness.acknowledged(frame);
        else witness.refused(frame);
      }
    }
  }

  #hearMessage(
    conversation: string,
    { author, clientId }: Extract<ServerFrameOf<'event'>['event'], { type: 'message' }>['message'],
  ): void {
    const { tally } = this.#stage;
    tally.received('agents');
    const play = this.#plays.find(conversation);
    const at = author.role === 'customer' && clientId !== undefined ? play?.sentAt.get(clientId) : undefined;
    // What he reads on accepting is history.
    if (at !== undefined && this.#stints.get(conversation)?.began) tally.delivered(performance.now() - at);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'offer') void this.#answer(frame);
    else if (frame.type === 'event') this.#stints.get(frame.conversation)?.take(frame);
    else if (frame.type === 'refused' && frame.id) this.#refused(frame.id);
  }

  #refused(id: string): void {
    for (const stint of this.#stints.values()) if (stint.acceptId === id) stint.refuse();
  }

  async #answer({ conversation, handoff, expiresAt }: ServerFrameOf<'offer'>): Promise<void> {
    // After a reconnection the server asks again what it has asked already.
    const offer = `${handoff} ${expiresAt}`;
    if (this.#asked.has(offer)) return;
    this.#asked.add(offer);
    const play = await this.#playOf(conversation);
    if (!play || (play.script.firstDeclines && !play.declined)) {
      if (play) play.declined = true;
      this.#voice.send({ type: 'decline', id: `${this.#stage.run}-decline-${++this.#count}`, handoff });
      return;
    }
    try {
      await this.#stage.pace.pass(ACCEPT_SECONDS);
      await this.#accept(play, conversation, handoff);
    } catch (error) {
      if (!this.#stage.signal.aborted) throw error;
    }
  }

  async #accept(play: Play, conversation: ConversationId, handoff: ServerFrameOf<'offer'>['handoff']): Promise<void> {
    const id = `${this.#stage.run}-${this.id}-${++this.#count}`;
    const stint = new Stint(this.#stage, play, this.#voice, { agent: this.id, conversation, handoff, id });
    // Whatever he still followed of an earlier stint ends with it.
    this.forget(conversation);
    this.#stints.set(conversation, stint);
    play.stints.push(stint);
    this.#voice.send({ type: 'accept', id: stint.acceptId, handoff });
    await stint.work(this.#name);
  }

  async #playOf(conversation: string): Promise<Play | null> {
    const until = performance.now() + UNKNOWN_MS;
    for (;;) {
      const play = this.#plays.find(conversation);
      if (play || performance.now() > until || this.#stage.signal.aborted) return play;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
