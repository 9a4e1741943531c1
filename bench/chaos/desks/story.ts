import { setTimeout as sleep } from 'node:timers/promises';
import type { EventItem } from '@baton/protocol';
import type { Baton } from '@baton/sdk';
import type { DeskTwin, TwinAgent } from '@baton/server/src/adapters/kit/desk-twin.ts';
import { between, type Dice } from '#bench/simulate/script/random.ts';

/** Who takes part in one conversation. */
export interface Cast {
  baton: Baton;
  twin: DeskTwin;
  /** The queue that leads to this desk alone. */
  queue: string;
  /** Told apart from every other conversation at every desk. */
  name: string;
  dice: Dice;
  signal: AbortSignal;
}

/** How a person ended it, or the customer. */
type Ending = 'handed back' | 'closed there' | 'closed here';

type EventOf<T extends EventItem['event']['type']> = Extract<EventItem['event'], { type: T }>;

const LOOK_MS = 100;
const PAUSE_MS = { low: 50, high: 700 };

/** One customer and one agent: what they did is kept, to be held against what arrived. */
export class Story {
  readonly name: string;
  readonly #cast: Cast;
  readonly transcript: string[] = [];
  /** What the customer said while the desk had it, as acknowledged by Baton, in order. */
  readonly asked: string[] = [];
  /** What the agent answered at the desk, in order. */
  readonly answered: string[] = [];
  /** What he wrote for his colleagues. */
  readonly noted: string[] = [];
  conversation: EventOf<'conversation.opened'>['id'] | null = null;
  ticket: string | null = null;
  /** Handoffs that no desk took: the customer was told, and asked again. */
  refused = 0;
  ending: Ending | null = null;
  over = false;
  #events: EventItem[] = [];

  constructor(cast: Cast) {
    this.name = cast.name;
    this.#cast = cast;
  }

  /** Plays it to its end. */
  async play(): Promise<void> {
    const { dice, signal } = this.#cast;
    await this.#handOff();
    const reading = new AbortController();
    const listening = this.#listen(AbortSignal.any([signal, reading.signal]));
    try {
      await this.#find();
      for (let turns = between(dice, 0, 2); turns > 0; turns--) await this.#ask();
      await this.#talk();
      await this.#end();
      this.over = true;
    } finally {
      reading.abort();
      await listening;
    }
  }

  async #handOff(): Promise<void> {
    const { baton, name, queue, dice } = this.#cast;
    for (let line = 0; line < between(dice, 1, 5); line++) this.transcript.push(`${name} before ${line}.`);
    const { conversation } = await baton.post('/v1/handoffs', {
      body: {
        customer: { externalId: name, name: `Customer ${name}`, email: `${name}@example.com` },
        transcript: this.transcript.map((text, at) => ({ role: at % 2 === 0 ? 'customer' : 'bot', text }) as const),
        reason: 'customer_asked',
        queue,
      },
      idempotencyKey: `open-${name}`,
    });
    this.conversation = conversation.id;
  }

  /** Hears what the bot's server hears. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { baton } = this.#cast;
    for await (const item of baton.events(this.conversation ?? '', { signal })) this.#events.push(item);
  }

  #last<T extends EventItem['event']['type']>(type: T): { seq: number; event: EventOf<T> } | undefined {
    return this.#events.findLast(({ event }) => event.type === type) as { seq: number; event: EventOf<T> } | undefined;
  }

  /** The ticket that the desk says it has. A handoff that failed is asked for once more. */
  async #find(): Promise<void> {
    const { baton, queue } = this.#cast;
    const conversation = this.conversation ?? 'cnv_';
    this.ticket = await this.#until('the ticket', async () => {
      const ended = this.#last('handoff.ended');
      const requested = this.#last('handoff.requested');
      if (ended && requested && ended.seq > requested.seq) {
        this.refused++;
        await baton.post('/v1/conversations/{id}/handoff', {
          params: { id: conversation },
          body: { reason: 'customer_asked', queue },
          idempotencyKey: `again-${conversation}-${ended.seq}`,
        });
        await this.#until('the next try', () => (this.#last('handoff.requested')?.seq ?? 0) > ended.seq);
        return null;
      }
      return this.#last('handoff.queued')?.event.ticket?.id;
    });
  }

  async #ask(): Promise<void> {
    const { baton, name } = this.#cast;
    const text = `${name} asks ${this.asked.length}.`;
    await baton.post('/v1/conversations/{id}/messages', {
      params: { id: this.conversation ?? 'cnv_' },
      body: { author: { role: 'customer' }, text, clientId: `${name}-${this.asked.length}` },
    });
    this.asked.push(text);
  }

  /** They talk, each at his own pace: nobody waits for an answer. */
  async #talk(): Promise<void> {
    const { twin, dice, name } = this.#cast;
    const [agent] = twin.agents;
    await twin.agent.take(this.ticket ?? '', agent);
    const customer = async () => {
      for (let left = between(dice, 2, 5); left > 0; left--) {
        await this.#pause();
        await this.#ask();
      }
    };
    const answers = async () => {
      for (let left = between(dice, 2, 5); left > 0; left--) {
        await this.#pause();
        const text = `${name} answers ${this.answered.length}.`;
        await twin.agent.reply(this.ticket ?? '', agent, text);
        this.answered.push(text);
        if (dice() < 0.3) await this.#note(agent);
      }
    };
    await Promise.all([customer(), answers()]);
  }

  async #note(agent: TwinAgent): Promise<void> {
    const text = `${this.name} among us ${this.noted.length}.`;
    await this.#cast.twin.agent.note(this.ticket ?? '', agent, text);
    this.noted.push(text);
  }

  /** Nobody leaves while there is something that he has not read. */
  async #end(): Promise<void> {
    const { twin, dice, baton } = this.#cast;
    const [agent] = twin.agents;
    const ticket = this.ticket ?? '';
    const dices = dice();
    if (dices < 0.8) {
      await this.#until('the customer’s last words at the desk', () => this.#reads(this.asked.at(-1) ?? ''));
      this.ending = dices < 0.45 ? 'handed back' : 'closed there';
      if (this.ending === 'handed back') await twin.agent.handBack(ticket, agent, `${this.name} goes back.`);
      else await twin.agent.close(ticket, agent);
    } else {
      await this.#until('the agent’s last words here', () => this.#hears(this.answered.at(-1) ?? ''));
      this.ending = 'closed here';
      await baton.post('/v1/conversations/{id}/close', {
        params: { id: this.conversation ?? 'cnv_' },
        body: { outcome: 'resolved' },
        idempotencyKey: `close-${this.name}`,
      });
    }
    const requested = this.#last('handoff.requested')?.seq ?? 0;
    await this.#until('the end', () => (this.#last('handoff.ended')?.seq ?? 0) > requested);
  }

  #reads(words: string): boolean {
    return this.#cast.twin.ticket(this.ticket ?? '')?.entries.some(({ text }) => text.includes(words)) ?? false;
  }

  #hears(words: string): boolean {
    return this.#events.some(
      ({ event }) => event.type === 'message' && JSON.stringify(event.message.parts).includes(words),
    );
  }

  #pause(): Promise<void> {
    return sleep(between(this.#cast.dice, PAUSE_MS.low, PAUSE_MS.high), undefined, { signal: this.#cast.signal });
  }

  /** What it waits for, for whoever asks why a run does not end. */
  waiting = '';

  async #until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
    this.waiting = what;
    for (;;) {
      const found = await look();
      if (found) {
        this.waiting = '';
        return found;
      }
      await sleep(LOOK_MS, undefined, { signal: this.#cast.signal });
    }
  }
}
