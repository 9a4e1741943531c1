import type { ServerFrame, ServerFrameOf } from '@baton/protocol';
import type { ConversationId } from '#bench/simulate/play/wire.ts';
import { Witness } from '#bench/simulate/proof/witness.ts';
import { between, oneOf } from '#bench/simulate/script/random.ts';
import { Line } from './line.ts';
import type { Stage } from './stage.ts';

const ANSWERS = [
  'I see. Let me look that up.',
  'Thank you, I have found your order.',
  'It left the warehouse yesterday.',
  'I have asked the carrier, and will tell you as soon as I know.',
] as const;
const LOOK_MS = 200;
/** A customer who says nothing for so long has no more questions. */
const SILENT_MS = 3_000;

/** One conversation as he knows it: from his own wire alone. */
interface Case {
  witness: Witness;
  /** Control is his, by what he has heard. */
  epoch: number | null;
  heardAt: number;
  answers: number;
  enough: number;
  ended: boolean;
}

/** An agent at the console: accepts, answers, gives back or closes, loses his network. */
export class ChaosAgent {
  readonly id: string;
  readonly #stage: Stage;
  readonly #capacity: number;
  readonly #line: Line;
  readonly #cases = new Map<ConversationId, Case>();
  /** By clientId: whose witness an answer of the server is for. */
  readonly #said = new Map<string, Witness>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(stage: Stage, id: string, cookie: string, capacity: number) {
    this.#stage = stage;
    this.id = id;
    this.#capacity = capacity;
    const ears = {
      connected: (since: Readonly<Record<string, number>>) => {
        for (const [conversation, { witness }] of this.#cases) witness.connected(since[conversation] ?? null);
      },
      wire: (frame: ServerFrame) => this.#witness(frame),
      frame: (frame: ServerFrame) => this.#take(frame),
    };
    this.#line = new Line(stage, '/v1/realtime', ears, { headers: { cookie } });
    this.#timer = setInterval(() => this.#lookAround(), LOOK_MS);
  }

  start(): void {
    this.#line.start();
    this.#line.send({ type: 'presence', id: this.#next('presence'), state: 'online', capacity: this.#capacity });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#line.stop();
  }

  cut(): void {
    this.#line.cut();
  }

  get settled(): boolean {
    return this.#line.settled;
  }

  get waiting(): string {
    return JSON.stringify(this.#line.waiting);
  }

  /** What he saw of a conversation. */
  witnessOf(conversation: string): Witness | undefined {
    return this.#cases.get(conversation as ConversationId)?.witness;
  }

  /** Conversations that he believes to hold. */
  get holds(): ConversationId[] {
    return [...this.#cases].flatMap(([conversation, { epoch }]) => (epoch === null ? [] : [conversation]));
  }

  #next(what: string): string {
    return `${this.id}-${what}-${++this.#count}`;
  }

  #caseOf(conversation: ConversationId): Case {
    let known = this.#cases.get(conversation);
    if (!known) {
      const enough = between(this.#stage.dice, 15, 80);
      known = { witness: new Witness(), epoch: null, heardAt: performance.now(), answers: 0, enough, ended: false };
      this.#cases.set(conversation, known);
    }
    return known;
  }

  #witness(frame: ServerFrame): void {
    if (frame.type === 'event') this.#caseOf(frame.conversation).witness.received(frame.seq);
    else if (frame.type === 'ack' && frame.clientId) this.#said.get(frame.clientId)?.acknowledged(frame);
    else if (frame.type === 'refused' && frame.clientId) this.#said.get(frame.clientId)?.refused(frame);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'offer') return this.#answerOffer(frame);
    if (frame.type !== 'event') return;
    const known = this.#caseOf(frame.conversation);
    const { event } = frame;
    if (event.type === 'control.changed') {
      const mine = event.to.holder === 'agent' && event.to.agent?.id === this.id;
      known.epoch = mine ? event.epoch : null;
      if (!mine) return;
      Object.assign(known, { heardAt: performance.now(), answers: 0, ended: false });
      this.#say(frame.conversation, known);
    } else if (event.type === 'conversation.closed') known.epoch = null;
    else if (event.type === 'message' && event.message.author.role === 'customer' && known.epoch !== null) {
      known.heardAt = performance.now();
      if (this.#stage.dice() < 0.8) this.#say(frame.conversation, known);
    }
  }

  #answerOffer({ handoff }: ServerFrameOf<'offer'>): void {
    const { dice, ending } = this.#stage;
    const answer =
      dice() < 0.1 && !ending
        ? ({ type: 'decline', id: this.#next('decline'), handoff } as const)
        : ({ type: 'accept', id: this.#next('accept'), handoff } as const);
    setTimeout(() => this.#line.send(answer), dice() * 100);
  }

  #say(conversation: ConversationId, known: Case): void {
    if (known.ended || known.epoch === null) return;
    const clientId = this.#next('say');
    known.answers++;
    known.witness.said(clientId);
    this.#said.set(clientId, known.witness);
    const text = `${known.answers} ${oneOf(this.#stage.dice, ANSWERS)}`;
    this.#line.send({ type: 'say', clientId, conversation, epoch: known.epoch, parts: [{ type: 'text', text }] });
    if (this.#stage.dice() < 0.002) this.cut();
  }

  #lookAround(): void {
    const now = performance.now();
    for (const [conversation, known] of this.#cases) {
      if (known.epoch === null || known.ended) continue;
      const over = known.answers >= known.enough || now - known.heardAt > SILENT_MS || this.#stage.ending;
      if (!over) continue;
      known.ended = true;
      if (this.#stage.dice() < 0.6)
        this.#line.send({ type: 'release', id: this.#next('release'), conversation, to: 'bot', note: 'All is said.' });
      else this.#line.send({ type: 'close', id: this.#next('close'), conversation, outcome: 'resolved' });
    }
  }
}
