import type { Agent } from '@baton/protocol';
import type { Client, Login } from '#bench/server/client.ts';
import { ScriptedAgent } from '#bench/simulate/play/agent.ts';
import { Customer } from '#bench/simulate/play/customer.ts';
import { Pace } from '#bench/simulate/play/pace.ts';
import { Play } from '#bench/simulate/play/play.ts';
import type { Stage } from '#bench/simulate/play/stage.ts';
import { Tally } from '#bench/simulate/proof/tally.ts';
import type { Dialogue } from '#bench/simulate/script/dialogues.ts';
import { between, type Dice } from '#bench/simulate/script/random.ts';
import { type Script, scriptOf } from '#bench/simulate/script/script.ts';
import type { People } from './people.ts';

/** Customers at once, and of those the ones who need a person: the line stays one that a person can serve. */
const MOST_CUSTOMERS = 7;
const MOST_IN_NEED = 4;
/** The first ones come within seconds of each other, later ones after a while. Seconds. */
const FIRST = 4;
const FIRST_SECONDS = 3;
const BETWEEN_SECONDS = { low: 12, high: 35 };
/** How long a customer waits for a person, in seconds. */
const PATIENCE = { low: 240, high: 600 };

/** The street in front of the demo shop: customers come, talk and go, at human speed, until it is stopped. */
export class Street {
  readonly #stage: Stage;
  readonly #dialogues: readonly Dialogue[];
  readonly #dice: Dice;
  readonly #open = new Set<Play>();
  #next = 0;

  constructor(options: {
    client: Client;
    site: string;
    people: People;
    dialogues: readonly Dialogue[];
    dice: Dice;
    signal: AbortSignal;
  }) {
    const { client, site, people, signal } = options;
    this.#dialogues = options.dialogues;
    this.#dice = options.dice;
    this.#stage = {
      client,
      visitOf: () => people.visit(site),
      pace: new Pace(1, signal),
      signal,
      tally: new Tally(),
      run: `demo${Date.now().toString(36)}`,
    };
  }

  find(conversation: string): Play | null {
    for (const play of this.#open) if (play.conversation === conversation) return play;
    return null;
  }

  /** A colleague who takes one of our customers at a time. Other customers, as somebody in front of /demo, are not his. */
  async colleague(admin: Login, firstName: string): Promise<void> {
    const { client } = this.#stage;
    const { items } = await client.get<{ items: Agent[] }>('/v1/agents', admin);
    const known = items.find(({ name }) => name.startsWith(firstName));
    if (!known) return;
    const password = crypto.randomUUID();
    await client.write('PATCH', `/v1/agents/${known.id}`, admin, { password });
    const agent = new ScriptedAgent(this.#stage, this, await client.login(known.email, password));
    agent.start();
    agent.come(1);
    this.#stage.signal.addEventListener('abort', () => agent.stop(), { once: true });
  }

  /** Lets customers come until the signal. */
  async live(): Promise<void> {
    const { pace, signal } = this.#stage;
    for (let count = 1; !signal.aborted; count++) {
      const script = this.#nextScript();
      if (script) void this.#visit(script);
      const seconds = count < FIRST ? FIRST_SECONDS : between(this.#dice, BETWEEN_SECONDS.low, BETWEEN_SECONDS.high);
      await pace.pass(seconds).catch(() => undefined);
    }
  }

  /** The next dialogue, when there is room for one more customer of its kind. */
  #nextScript(): Script | null {
    const inNeed = [...this.#open].filter(({ script }) => script.wantsPerson).length;
    if (this.#open.size >= MOST_CUSTOMERS) return null;
    for (let tries = 0; tries < this.#dialogues.length; tries++) {
      const round = Math.floor(this.#next / this.#dialogues.length);
      const dialogue = this.#dialogues[this.#next++ % this.#dialogues.length];
      if (!dialogue) return null;
      const wantsPerson = dialogue.turns.some(({ role }) => role === 'agent');
      if (wantsPerson && inNeed >= MOST_IN_NEED) continue;
      const script = scriptOf(dialogue, { asks: 0, cuts: 0 }, `demo ${round}`);
      return {
        ...script,
        wantsPerson,
        firstDeclines: false,
        patience: between(this.#dice, PATIENCE.low, PATIENCE.high),
      };
    }
    return null;
  }

  async #visit(script: Script): Promise<void> {
    const play = new Play(script);
    const customer = new Customer(this.#stage, play, `${this.#stage.run}-${this.#next}`);
    this.#open.add(play);
    try {
      await customer.play();
    } catch (error) {
      // The server may be away for a moment; the next customer tries again.
      if (!this.#stage.signal.aborted) console.error(`A customer of the demo left: ${(error as Error).message}`);
    } finally {
      customer.leave();
      this.#open.delete(play);
    }
  }
}
