import type { PartInput, ServerFrame, ServerFrameOf, WidgetSessionInput } from '@baton/protocol';
import type { Line } from '#bench/simulate/script/script.ts';
import type { Play } from './play.ts';
import type { Stage } from './stage.ts';
import { Voice } from './voice.ts';

/** After this, in real time, a silent bot has broken its promise (15 s, twice tried); the customer goes on and it is counted. */
const BOT_MS = 40_000;
/** Seconds at human speed, each from 1 to 2 times as long. */
const THINK_SECONDS = 4;
/** So long, at human speed, a customer waits for an agent's answer before he goes on. */
const AGENT_SECONDS = 600;
/** Nobody asks for a person for ever: from the third time on he stays with the bot. Keeps clear of the loop guard. */
const MOST_HANDOFFS = 2;
/** A cut "soon" comes this long after the message, in milliseconds: its answer is under way. */
const SOON_MS = 30;

/** A customer at the widget, playing his dialogue. */
export class Customer {
  readonly #stage: Stage;
  readonly #play: Play;
  readonly #id: string;
  #voice: Voice | null = null;
  #holder: 'bot' | 'queue' | 'agent' | 'nobody' = 'bot';
  #closed = false;
  /** Where he is; told with the message that opens the conversation. */
  #page: WidgetSessionInput['page'];
  #handoffs = 0;
  /** A question of Baton that waits for a choice. */
  #asked: 'handoff' | 'wait' | null = null;
  /** The last message of his own, and the last of the one who answers. */
  #said = 0;
  #heard = 0;
  #line = 0;
  #messages = 0;

  constructor(stage: Stage, play: Play, id: string) {
    this.#stage = stage;
    this.#play = play;
    this.#id = id;
  }

  /** Plays all of it; ends when everything is said and whoever had control has ended it. Throws when the run was stopped. */
  async play(): Promise<void> {
    await this.#enter();
    const { script } = this.#play;
    while (!this.#closed && this.#line < script.lines.length) {
      const line = await this.#sayNext();
      await this.#hear(line?.waitsForAnswer ?? false);
    }
    this.#play.customerSilent = true;
    this.#play.pulse.beat();
    await this.#end();
  }

  /** Where he stands, for whoever wonders why he does not come to an end. */
  get whereabouts(): string {
    const { conversation, script } = this.#play;
    const settled = this.#voice?.settled ? '' : ', something of his is not answered';
    return `${conversation ?? 'no conversation yet'}: ${this.#holder} has control, ${this.#line} of ${script.lines.length} lines said${settled}`;
  }

  leave(): void {
    this.#voice?.feed.stop();
  }

  async #enter(): Promise<void> {
    const { client } = this.#stage;
    const visit = this.#stage.visitOf(this.#play.script);
    this.#page = visit.page;
    const session = await client.visit(visit);
    const { witness } = this.#play;
    const tap = {
      hello: (since: Readonly<Record<string, number>>) =>
        witness.connected(this.#play.conversation ? (since[this.#play.conversation] ?? null) : null),
      frame: (frame: ServerFrame) => this.#witness(frame),
    };
    this.#voice = new Voice(this.#stage, '/widget/v1/realtime', tap, { token: () => session.token });
    const { feed } = this.#voice;
    this.#play.live = () => feed.state.is === 'live';
    feed.onFrame((frame) => {
      this.#take(frame);
      this.#play.pulse.beat();
    });
    feed.start();
  }

  #witness(frame: ServerFrame): void {
    const { witness, sentAt } = this.#play;
    if (frame.type === 'ack') {
      witness.acknowledged(frame);
      const at = sentAt.get(frame.clientId ?? '');
      if (at !== undefined && frame.clientId?.startsWith(this.#id))
        this.#stage.tally.acknowledged(performance.now() - at);
    } else if (frame.type === 'refused') witness.refused(frame);
    else if (frame.type === 'event') {
      witness.received(frame.seq);
      if (frame.event.type !== 'message') return;
      this.#stage.tally.received('customers');
      const { author, clientId } = frame.event.message;
      const at = author.role === 'agent' && clientId !== undefined ? sentAt.get(clientId) : undefined;
      if (at !== undefined) this.#stage.tally.delivered(performance.now() - at);
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'ack' && frame.conversation) this.#play.conversation ??= frame.conversation;
    if (frame.type !== 'event') return;
    const { event } = frame;
    if (event.type === 'conversation.closed') this.#closed = true;
    else if (event.type === 'conversation.reopened') this.#closed = false;
    else if (event.type === 'control.changed') this.#holder = event.to.holder;
    else if (event.type === 'handoff.requested') this.#handoffs++;
    else if (event.type === 'message') this.#message(frame, event.message);
  }

  #message(
    frame: ServerFrameOf<'event'>,
    { author, parts }: Extract<ServerFrameOf<'event'>['event'], { type: 'message' }>['message'],
  ): void {
    if (author.role === 'customer') {
      this.#said = frame.seq;
      return;
    }
    if (author.role === this.#holder || author.role === 'system') this.#heard = frame.seq;
    const choices = parts.flatMap((part) => (part.type === 'choices' ? part.choices : []));
    if (choices.some(({ id }) => id === 'handoff:yes')) this.#asked = 'handoff';
    if (choices.some(({ id }) => id === 'wait:keep')) this.#asked = 'wait';
    this.#voice?.mention({ type: 'read', conversation: frame.conversation, seq: frame.seq });
  }

  /** Thinks, types and says the next line, and what the script wants to happen after it. */
  async #sayNext(): Promise<Line | undefined> {
    const { script } = this.#play;
    const line = script.lines[this.#line];
    if (!line) return undefined;
    const index = this.#line++;
    await this.#type(line.text);
    const clientId = this.#say([{ type: 'text', text: line.text }]);
    this.#play.isLine(clientId, index);
    if (script.cut?.after === index + 1) await this.#cut(script.cut.when);
    // The first one opens the conversation: the second has to name it.
    if (line.waitsForAnswer || index === 0) await this.#answered();
    if (script.ask?.after === index + 1 && this.#holder === 'bot' && !this.#closed) await this.#ask(script.ask);
    return line;
  }

  async #type(text: string): Promise<void> {
    const { pace } = this.#stage;
    await pace.pass(THINK_SECONDS * (1 + (text.length % 10) / 10));
    const { conversation } = this.#play;
    if (conversation) this.#voice?.mention({ type: 'typing', conversation });
    await pace.pass(pace.typing(text, 'customer'));
  }

  #say(parts: PartInput[]): string {
    const { witness, sentAt, conversation } = this.#play;
    const clientId = `${this.#id}-${++this.#messages}`;
    witness.said(clientId);
    sentAt.set(clientId, performance.now());
    this.#stage.tally.turn();
    this.#asked = null;
    this.#said = Number.POSITIVE_INFINITY;
    const place = conversation ? { conversation } : this.#page ? { page: this.#page } : {};
    this.#voice?.send({ type: 'say', clientId, parts, ...place });
    return clientId;
  }

  async #cut(when: 'at once' | 'soon'): Promise<void> {
    if (when === 'soon') await new Promise((resolve) => setTimeout(resolve, SOON_MS));
    if (this.#voice?.wire.cut()) this.#play.customerCuts++;
  }

  /** Until the server has answered everything that he sent, and he has seen it himself. */
  async #answered(): Promise<void> {
    const { pulse } = this.#play;
    await pulse.until(() => this.#voice?.settled ?? false, Number.POSITIVE_INFINITY, this.#stage.signal);
  }

  async #ask(ask: NonNullable<Play['script']['ask']>): Promise<void> {
    const { conversation } = this.#play;
    if (ask.by === 'words') {
      await this.#type(ask.text);
      this.#play.askIds.add(this.#say([{ type: 'text', text: ask.text }]));
    } else {
      const id = `${this.#id}-button`;
      this.#play.askIds.add(id);
      this.#voice?.send({ type: 'ask-human', id, ...(conversation ? { conversation } : {}) });
    }
    await this.#answered();
  }

  /** Waits for what his words lead to: an answer, a question of Baton, the line. */
  async #hear(waitsForAnswer: boolean): Promise<void> {
    const { pulse } = this.#play;
    const { signal, pace } = this.#stage;
    while (!this.#closed) {
      if (this.#asked === 'handoff') await this.#choose(this.#wantsPerson() ? 'handoff:yes' : 'handoff:no');
      else if (this.#holder === 'queue') await this.#wait();
      else if (!waitsForAnswer || this.#heard > this.#said) return;
      else {
        const holder = this.#holder;
        const changed = () =>
          this.#closed || this.#asked === 'handoff' || this.#holder !== holder || this.#heard > this.#said;
        if (await pulse.until(changed, holder === 'bot' ? BOT_MS : pace.ms(AGENT_SECONDS), signal)) continue;
        this.#play.silences[holder === 'agent' ? 'agent' : 'bot']++;
        return;
      }
    }
  }

  #wantsPerson(): boolean {
    return this.#play.script.wantsPerson && this.#handoffs < MOST_HANDOFFS;
  }

  async #choose(choice: 'handoff:yes' | 'handoff:no' | 'wait:keep'): Promise<void> {
    await this.#stage.pace.pass(THINK_SECONDS);
    // While he thought, somebody may have taken over: then nobody asks any more.
    if (this.#asked === null) return;
    this.#say([
      {
        type: 'text',
        text: choice === 'handoff:no' ? 'No, thank you' : choice === 'handoff:yes' ? 'Yes, please' : 'Keep waiting',
        choice,
      },
    ]);
    await this.#answered();
  }

  /** In the line, until it is over. */
  async #wait(): Promise<void> {
    const { pulse, script } = this.#play;
    const { pace, signal } = this.#stage;
    const over = () => this.#closed || this.#holder !== 'queue';
    const until = performance.now() + pace.ms(script.patience);
    let mayWrite = script.writesWhileWaiting;
    while (!over()) {
      if (this.#asked === 'wait') await this.#choose('wait:keep');
      if (mayWrite && this.#line < script.lines.length) {
        mayWrite = false;
        await this.#sayNext();
        continue;
      }
      if (await pulse.until(() => over() || this.#asked === 'wait', Math.max(0, until - performance.now()), signal))
        continue;
      await this.#cancel();
      return;
    }
  }

  /** Leaves the line. An agent may have been quicker: then it is refused, and he stays. */
  async #cancel(): Promise<void> {
    const { conversation } = this.#play;
    if (conversation) this.#voice?.send({ type: 'cancel', id: `${this.#id}-cancel`, conversation });
    await this.#answered();
    await this.#play.pulse.until(
      () => this.#closed || this.#holder !== 'queue',
      Number.POSITIVE_INFINITY,
      this.#stage.signal,
    );
  }

  /** Everything is said: the rest is up to whoever has control. */
  async #end(): Promise<void> {
    const { pulse, script, conversation } = this.#play;
    const { signal } = this.#stage;
    while (!this.#closed && (this.#holder === 'queue' || this.#holder === 'agent')) {
      if (this.#holder === 'queue') await this.#wait();
      else await pulse.until(() => this.#closed || this.#holder !== 'agent', Number.POSITIVE_INFINITY, signal);
    }
    if (this.#closed && script.rating !== null && conversation) {
      this.#voice?.send({ type: 'rate', id: `${this.#id}-rating`, conversation, score: script.rating });
    }
    await this.#answered();
  }
}
