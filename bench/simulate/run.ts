import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Login } from '#bench/server/client.ts';
import type { Options } from './options.ts';
import { ScriptedAgent } from './play/agent.ts';
import { Customer } from './play/customer.ts';
import { Pace } from './play/pace.ts';
import { Play } from './play/play.ts';
import type { Stage } from './play/stage.ts';
import { prove } from './proof/prove.ts';
import { type Report, Tally } from './proof/tally.ts';
import type { Dialogue } from './script/dialogues.ts';
import { scriptOf } from './script/script.ts';

/** First names of scripted agents; with more agents they come again with a number. */
const NAMES = ['Dana', 'Sam', 'Noor', 'Alex', 'Mira', 'Jonas', 'Ines', 'Tom'];
/** The first customers come one after another, spread over so long at human speed. */
const OPENING_SECONDS = 60;
/** At the end agents say that they go; a server that does not answer is not waited for. */
const GOING_MS = 5_000;
const LOOK_MS = 20;

export interface Run {
  options: Pick<Options, 'agents' | 'capacity' | 'speed' | 'concurrency' | 'seed' | 'cuts' | 'asks' | 'maxSeconds'>;
  dialogues: readonly Dialogue[];
  client: Client;
  site: string;
  admin: Login;
  /** Somebody wants it to stop. */
  stopped: AbortSignal;
  /** Told as soon as there is something to count. */
  watch?: (progress: Progress) => void;
}

export interface Progress {
  total: number;
  tally: Tally;
  /** Conversations that are under way. */
  open: number;
}

/** Plays all dialogues against a running server and reports what became of them. Its scripted agents are gone afterwards. */
export async function simulate(run: Run): Promise<Report> {
  const { options, dialogues, client, site } = run;
  const began = performance.now();
  const tally = new Tally();
  const timeOver = AbortSignal.timeout(options.maxSeconds * 1_000);
  const done = new AbortController();
  const signal = AbortSignal.any([run.stopped, timeOver, done.signal]);
  const stage: Stage = {
    client,
    visitOf: ({ dialogue }) => ({
      siteKey: site,
      page: { url: 'https://simulated.example/', title: dialogue.id.slice(0, 300) },
    }),
    pace: new Pace(options.speed, signal),
    signal,
    tally,
    run: `sim${Date.now().toString(36)}`,
  };
  const cast = new Cast(stage, run);
  const agents = await cast.hire();
  try {
    run.watch?.({
      total: dialogues.length,
      tally,
      get open() {
        return cast.open;
      },
    });
    await cast.playAll(agents);
  } finally {
    done.abort();
    await cast.dismiss(agents);
  }
  const ended = run.stopped.aborted
    ? 'stopped'
    : timeOver.aborted && tally.finished < dialogues.length
      ? 'time'
      : 'done';
  const { seed, speed, capacity } = options;
  return tally.report({
    seed,
    speed,
    agents: options.agents,
    capacity,
    seconds: (performance.now() - began) / 1_000,
    ended,
  });
}

/** Everybody who takes part. */
class Cast {
  readonly #stage: Stage;
  readonly #run: Run;
  readonly #plays = new Map<string, Play>();
  readonly #open = new Set<Play>();
  #next = 0;

  constructor(stage: Stage, run: Run) {
    this.#stage = stage;
    this.#run = run;
  }

  get open(): number {
    return this.#open.size;
  }

  /** The play of a conversation; a customer is known by it as soon as he knows it himself. */
  find(conversation: string): Play | null {
    const known = this.#plays.get(conversation);
    if (known) return known;
    for (const play of this.#open) if (play.conversation === conversation) return play;
    return null;
  }

  async hire(): Promise<ScriptedAgent[]> {
    const { options, client, admin } = this.#run;
    const agents: ScriptedAgent[] = [];
    for (let number = 0; number < options.agents; number++) {
      const round = Math.floor(number / NAMES.length);
      const name = `${NAMES[number % NAMES.length]}${round > 0 ? ` ${round + 1}` : ''}`;
      const email = `scripted-${number + 1}@simulated.example`;
      const password = crypto.randomUUID();
      await client.putAgent(admin, { email, name, role: 'agent', capacity: options.capacity, password });
      const agent = new ScriptedAgent(this.#stage, this, await client.login(email, password));
      agent.start();
      agent.come(options.capacity);
      agents.push(agent);
    }
    return agents;
  }

  /** Nobody is left behind who seems to be at work: they go, and their accounts are disabled. */
  async dismiss(agents: readonly ScriptedAgent[]): Promise<void> {
    for (const agent of agents) agent.go();
    const until = performance.now() + GOING_MS;
    while (performance.now() < until && !agents.every((agent) => agent.settled)) await sleep(LOOK_MS);
    const { client, admin } = this.#run;
    for (const agent of agents) {
      agent.stop();
      await client.write('DELETE', `/v1/agents/${agent.id}`, admin).catch(() => null);
    }
  }

  async playAll(agents: readonly ScriptedAgent[]): Promise<void> {
    const { options, dialogues } = this.#run;
    const places = Math.min(options.concurrency, dialogues.length);
    await Promise.all(
      Array.from({ length: places }, (_, place) => this.#playInTurn(agents, (place / places) * OPENING_SECONDS)),
    );
  }

  /** One of the places for customers: one comes after the other. */
  async #playInTurn(agents: readonly ScriptedAgent[], afterSeconds: number): Promise<void> {
    const { pace, signal } = this.#stage;
    await pace.pass(afterSeconds).catch(() => null);
    const { dialogues, options } = this.#run;
    while (!signal.aborted) {
      const number = this.#next++;
      const dialogue = dialogues[number];
      if (!dialogue) return;
      const play = new Play(scriptOf(dialogue, options, options.seed));
      await this.#playOne(play, `${this.#stage.run}-${number}`, agents);
    }
  }

  async #playOne(play: Play, id: string, agents: readonly ScriptedAgent[]): Promise<void> {
    const { tally, signal } = this.#stage;
    const customer = new Customer(this.#stage, play, id);
    this.#open.add(play);
    tally.played++;
    try {
      await customer.play();
      tally.finished++;
    } catch (error) {
      if (!signal.aborted) throw error;
      tally.unfinished(customer.whereabouts);
    } finally {
      // Who stops it wants it to end now; when the time is over, what was said is still held against the log.
      if (!this.#run.stopped.aborted) await prove(this.#run, tally, play);
      customer.leave();
      if (play.conversation) for (const agent of agents) agent.forget(play.conversation);
      this.#open.delete(play);
    }
  }
}
