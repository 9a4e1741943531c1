import type { ServerFrameOf } from '@baton/protocol';
import { Witness } from '#bench/simulate/proof/witness.ts';
import type { Play, StintRecord } from './play.ts';
import type { Stage } from './stage.ts';
import type { Voice } from './voice.ts';
import type { ConversationId } from './wire.ts';

/** Seconds at human speed. */
const READ_SECONDS = 3;
/** What an agent says where the dialogue does not tell. True whatever was asked. */
const PLAIN = [
  'Thank you, I have written that down.',
  'I see. Is there anything else that I should know?',
  'Understood. I am looking at it.',
  'Thank you for telling me. Please go on.',
];

/** One agent's work on one conversation. */
export class Stint implements StintRecord {
  readonly agent: string;
  readonly witness = new Witness();
  began = false;
  readonly conversation: ConversationId;
  readonly #stage: Stage;
  readonly #play: Play;
  readonly #voice: Voice;
  readonly #id: string;
  readonly #handoff: string;
  #accepted = false;
  #epoch: number | undefined;
  #over = false;
  /** The customer's last message, and the last one that the agent has answered. */
  #heard = 0;
  #heardId: string | undefined;
  #answeredTo = 0;
  #messages = 0;

  constructor(
    stage: Stage,
    play: Play,
    voice: Voice,
    who: { agent: string; conversation: ConversationId; handoff: string; id: string },
  ) {
    this.#stage = stage;
    this.#play = play;
    this.#voice = voice;
    this.agent = who.agent;
    this.conversation = who.conversation;
    this.#handoff = who.handoff;
    this.#id = who.id;
  }

  /** Of the frame that accepts. */
  get acceptId(): string {
    return `${this.#id}-accept`;
  }

  get live(): boolean {
    return this.#voice.feed.state.is === 'live';
  }

  /** Control is not his, or the conversation has ended. */
  get over(): boolean {
    return this.#over;
  }

  take({ event, seq }: ServerFrameOf<'event'>): void {
    // What comes first is history, perhaps of an earlier stint of his.
    if (event.type === 'handoff.accepted') this.#accepted ||= event.handoff === this.#handoff;
    else if (event.type === 'control.changed' && this.#accepted) {
      const mine = event.to.holder === 'agent' && event.to.agent?.id === this.agent;
      if (mine) {
        this.began = true;
        this.#epoch = event.epoch;
      } else if (this.began) this.#over = true;
    } else if (event.type === 'conversation.closed' && this.began) this.#over = true;
    else if (event.type === 'message' && event.message.author.role === 'customer') {
      this.#heard = seq;
      this.#heardId = event.message.clientId;
      if (this.began) this.#voice.mention({ type: 'read', conversation: this.conversation, seq });
    }
    this.#play.pulse.beat();
  }

  /** The server did not let him have it. */
  refuse(): void {
    if (!this.began) this.#over = true;
    this.#play.pulse.beat();
  }

  /** From acceptance to the end of it. Throws when the run was stopped. */
  async work(name: string): Promise<void> {
    const { script } = this.#play;
    await this.#until(() => this.began);
    await this.#say(`Hello, this is ${name}. I have read what you wrote so far.`);
    for (let answers = 1; !this.#over; answers++) {
      if (script.ending.type === 'return' && answers > script.ending.after)
        return await this.#giveBack(script.ending.note);
      await this.#until(() => this.#heard > this.#answeredTo || this.#play.customerSilent);
      if (this.#over) return;
      if (this.#heard <= this.#answeredTo) break;
      for (const text of this.#answers()) await this.#say(text);
      if (script.agentCut === answers && this.#voice.wire.cut()) this.#play.agentCuts++;
    }
    if (script.ending.type === 'return') await this.#giveBack(script.ending.note);
    else await this.#resolve();
  }

  #answers(): string[] {
    const answers = this.#play.answersTo(this.#heardId);
    return answers.length > 0 ? answers : [PLAIN[this.#messages % PLAIN.length] as string];
  }

  async #say(text: string): Promise<void> {
    const { pace, tally } = this.#stage;
    const { conversation } = this;
    await pace.pass(READ_SECONDS);
    this.#voice.mention({ type: 'typing', conversation });
    await pace.pass(pace.typing(text, 'agent'));
    if (this.#over) return;
    this.#answeredTo = this.#heard;
    const clientId = `${this.#id}-${++this.#messages}`;
    this.witness.said(clientId);
    this.#play.sentAt.set(clientId, performance.now());
    tally.agentTurn();
    const epoch = this.#epoch === undefined ? {} : { epoch: this.#epoch };
    this.#voice.send({ type: 'say', clientId, conversation, parts: [{ type: 'text', text }], ...epoch });
  }

  async #giveBack(note: string): Promise<void> {
    if (this.#over) return;
    this.#voice.send({ type: 'release', id: `${this.#id}-release`, conversation: this.conversation, to: 'bot', note });
    await this.#until(() => false);
  }

  async #resolve(): Promise<void> {
    if (this.#over) return;
    await this.#say('Thank you for writing to us. Goodbye!');
    if (this.#over) return;
    this.#voice.send({ type: 'close', id: `${this.#id}-close`, conversation: this.conversation, outcome: 'resolved' });
    await this.#until(() => false);
  }

  /** Until something is so, or it is over. */
  async #until(condition: () => boolean): Promise<void> {
    await this.#play.pulse.until(() => this.#over || condition(), Number.POSITIVE_INFINITY, this.#stage.signal);
  }
}
