import { setTimeout as sleep } from 'node:timers/promises';
import type { PartInput, ServerFrame } from '@baton/protocol';
import { Client } from '#bench/server/client.ts';
import type { ConversationId } from '#bench/simulate/play/wire.ts';
import { Witness } from '#bench/simulate/proof/witness.ts';
import { between, oneOf } from '#bench/simulate/script/random.ts';
import { Line } from './line.ts';
import { SITE } from './node.ts';
import type { Stage } from './stage.ts';

const TALK = [
  'I ordered the grey lamp on Monday and have heard nothing since.',
  'The number is AM-20417.',
  'Könnten Sie bitte nachsehen, ob die Lieferung noch vor Freitag kommt?',
  'It was paid by card, and the money has left my account already.',
  'The box was open when it came, and one of the screws is missing.',
  'Thank you, that helps. One more thing, though.',
] as const;
/** More than this unanswered, and he waits: people do not type for minutes into a window that shows no sign of life. */
const MOST_UNANSWERED = 20;
const TURN_MS = 20;
/** He stays so long with a person who says nothing, and then goes on. */
const PATIENCE_MS = 120_000;
/** What came with the answer to his last question has arrived within this. */
const ARRIVED_MS = 300;
/** A server that does not answer is asked again after this. */
const AWAY_MS = 200;

/** A customer at the widget: asks the bot, asks for a person, talks in bursts, loses his network. */
export class Visitor {
  readonly id: string;
  readonly witness = new Witness();
  readonly #stage: Stage;
  readonly #client: Client;
  #token = '';
  #line: Line | null = null;
  #conversation: ConversationId | null = null;
  #holder: 'bot' | 'queue' | 'agent' | 'nobody' = 'bot';
  #closed = false;
  #messages = 0;
  #welcomes = 0;
  /** The present connection has brought all that was missed: its first ping is answered after that. */
  #fresh = false;
  /** When he had everything and left; null: he is still there. */
  leftAt: number | null = null;

  constructor(stage: Stage, id: string) {
    this.#stage = stage;
    this.id = id;
    this.#client = new Client(stage.url);
  }

  get conversation(): ConversationId | null {
    return this.#conversation;
  }

  get settled(): boolean {
    return this.#line?.settled ?? true;
  }

  /** What he still waits for, for whoever looks why. */
  get waiting(): string {
    return `${this.#holder}${this.#closed ? ' closed' : ''} ${JSON.stringify(this.#line?.waiting ?? [])}`;
  }

  cut(): void {
    this.#line?.cut();
  }

  /** All of it, from the page load to the last word. */
  async live(): Promise<void> {
    const { dice } = this.#stage;
    await this.#enter();
    this.#stage.tally.conversations++;
    this.#say(1);
    await this.#until(() => this.#conversation !== null);
    for (let turns = between(dice, 0, 2); turns > 0; turns--) await this.#burst(1);
    if (dice() < 0.9) await this.#withPerson();
    await this.#until(() => this.settled);
    await this.#leave();
  }

  stop(): void {
    this.#line?.stop();
  }

  async #enter(): Promise<void> {
    for (;;) {
      const session = await this.#client.visit({ siteKey: SITE }).catch(() => null);
      if (session) {
        this.#token = session.token;
        const ears = {
          connected: (since: Readonly<Record<string, number>>) =>
            this.witness.connected(this.#conversation ? (since[this.#conversation] ?? null) : null),
          wire: (frame: ServerFrame) => this.#witness(frame),
          frame: (frame: ServerFrame) => this.#take(frame),
        };
        this.#line = new Line(this.#stage, '/widget/v1/realtime', ears, { token: () => session.token });
        this.#line.start();
        return;
      }
      await this.#pass(200);
    }
  }

  #witness(frame: ServerFrame): void {
    if (frame.type === 'event') this.witness.received(frame.seq);
    else if (frame.type === 'ack') this.witness.acknowledged(frame);
    else if (frame.type === 'refused') this.witness.refused(frame);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'pong') this.#fresh = true;
    if (frame.type === 'welcome') {
      this.#welcomes++;
      this.#fresh = false;
      this.#line?.mention({ type: 'ping' });
    }
    if (frame.type === 'ack' && frame.conversation) this.#conversation ??= frame.conversation;
    if (frame.type !== 'event') return;
    const { event } = frame;
    if (event.type === 'control.changed') this.#holder = event.to.holder;
    else if (event.type === 'conversation.closed') this.#closed = true;
    else if (event.type === 'conversation.reopened') this.#closed = false;
  }

  #say(count: number): void {
    for (; count > 0; count--) {
      const clientId = `${this.id}-${++this.#messages}`;
      const parts: PartInput[] = [{ type: 'text', text: `${this.#messages} ${oneOf(this.#stage.dice, TALK)}` }];
      this.witness.said(clientId);
      this.#line?.send({
        type: 'say',
        clientId,
        parts,
        ...(this.#conversation ? { conversation: this.#conversation } : {}),
      });
    }
  }

  async #burst(most: number): Promise<void> {
    const { dice } = this.#stage;
    await this.#until(() => (this.#line?.waiting.length ?? 0) < MOST_UNANSWERED);
    this.#say(between(dice, 1, most));
    if (this.#conversation) this.#line?.mention({ type: 'typing', conversation: this.#conversation });
    if (dice() < 0.01) this.cut();
    await this.#pass(between(dice, 1, 10) * TURN_MS);
  }

  async #withPerson(): Promise<void> {
    const { dice } = this.#stage;
    const conversation = this.#conversation ?? undefined;
    const id = `${this.id}-ask`;
    this.#line?.send({ type: 'ask-human', id, ...(conversation ? { conversation } : {}) });
    await this.#until(() => this.settled);
    let talk = between(dice, 10, 60);
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.#closed && this.#holder !== 'bot' && this.#holder !== 'nobody') {
      if (talk > 0 && !this.#stage.ending) {
        await this.#burst(4);
        talk--;
      } else if (this.#holder === 'queue' && (this.#stage.ending || performance.now() > deadline)) {
        if (conversation) this.#line?.send({ type: 'cancel', id: `${this.id}-cancel`, conversation });
        await this.#until(() => this.settled);
        return;
      } else await this.#pass(100);
    }
    if (!this.#closed && !this.#stage.ending) await this.#burst(1);
  }

  /**
   * Comes back once more over a fresh connection, and stays until it has brought all that can be read. Asked over HTTP: a
   * database that goes away while he enters leaves him standing, and he is brought along later (CR4).
   */
  async #leave(): Promise<void> {
    const welcomes = this.#welcomes;
    this.cut();
    let left = 0;
    // Calm for a moment: a connection that breaks meanwhile is not the last one.
    while (left < ARRIVED_MS) {
      await this.#until(() => this.#welcomes > welcomes && this.#fresh && this.settled);
      await this.#pass(TURN_MS);
      left = this.#fresh ? left + TURN_MS : 0;
      if (left >= ARRIVED_MS && !(await this.#hasAll())) left = 0;
    }
    this.leftAt = Date.now();
    this.stop();
  }

  async #hasAll(): Promise<boolean> {
    if (this.#conversation === null) return true;
    const known = await this.#client.headOf(this.#token, this.#conversation, this.witness.head).catch(() => null);
    if (known === null) await this.#pass(AWAY_MS);
    return known !== null && known <= this.witness.head;
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#pass(TURN_MS);
  }

  async #pass(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stage.signal });
  }
}
