import { drawLognormal, randoms } from '@baton/core';

/** How fast the machine is on which everything runs, while it goes on. */
export type Machine = 'steady' | 'warming' | 'noisy' | 'jumps';

/** A world like that of `npm run simulate -- --dialogues`: all customers at once, few agents, seconds instead of minutes. */
export interface Rush {
  name: string;
  what: string;
  machine: Machine;
  /** Means, in seconds: the bot's part of a dialogue, an agent's, from being ready to being asked, from that to accepting. */
  bot: number;
  chat: number;
  finding: number;
  answering: number;
}

export const AGENTS = 3;
export const CAPACITY = 8;
/** Customers at once, and dialogues in all. */
const PLACES = 100;
const DIALOGUES = 900;
/** All places are taken within this time. */
const OPENING = 1;
/** An agent's own time to accept; the machine's comes on top. */
const ACCEPTING = 0.067;
/** From asking for a person to being told of the wait. */
const TELLING = 0.06;
const ASKS = 0.6;
const ASKS_AGAIN = 0.2;
const RETURNS = 0.25;
const LEAVES = 0.07;

const seconds = { bot: 4.5, chat: 4, finding: 0.3, answering: 0.08 };
export const RUSHES: readonly Rush[] = [
  { ...seconds, name: 'steady', what: 'a machine that is always as fast', machine: 'steady', chat: 2.5 },
  { ...seconds, name: 'warming', what: 'twice as slow at first', machine: 'warming', chat: 5 },
  { ...seconds, name: 'noisy', what: 'others work on it, too', machine: 'noisy', finding: 0.5, answering: 0.15 },
  { ...seconds, name: 'jumps', what: 'faster or slower all at once', machine: 'jumps', chat: 3 },
  {
    ...seconds,
    name: 'fast',
    what: 'waits of two seconds',
    machine: 'warming',
    bot: 6,
    finding: 0.05,
    answering: 0.03,
  },
];

/** One customer who asked for a person. Seconds from the beginning. */
export interface Asked {
  id: string;
  requestedAt: number;
  toldAt: number;
  /** Who was asked when. */
  offers: { at: number; agent: string }[];
  agent: string | null;
  acceptedAt: number | null;
  endedAt: number | null;
}

interface Agent {
  id: string;
  chats: number;
  asked: boolean;
}

interface InLine {
  asked: Asked;
  ringing: boolean;
  goesOn: (returned: boolean) => void;
}

/** Plays one run; who asked for a person comes back in the order of asking. */
export function playRush(rush: Rush, seed: number): Asked[] {
  return new Play(rush, seed).run();
}

class Play {
  readonly #rush: Rush;
  readonly #roll: () => number;
  readonly #slowness: (at: number) => number;
  readonly #agents: Agent[];
  readonly #all: Asked[] = [];
  readonly #events: { at: number; happen: () => void }[] = [];
  #line: InLine[] = [];
  #dialogues = 0;
  #now = 0;

  constructor(rush: Rush, seed: number) {
    this.#rush = rush;
    this.#roll = randoms(seed);
    this.#slowness = slownessOf(rush.machine, randoms(~seed));
    this.#agents = Array.from({ length: AGENTS }, (_, index) => ({ id: `agt_${index}`, chats: 0, asked: false }));
  }

  run(): Asked[] {
    for (let place = 0; place < PLACES; place++) this.#after((place / PLACES) * OPENING, () => this.#begin());
    for (let next = this.#events.pop(); next; next = this.#events.pop()) {
      this.#now = next.at;
      next.happen();
    }
    return this.#all;
  }

  /** Events are kept with the next one last. */
  #after(time: number, happen: () => void): void {
    const at = this.#now + time;
    const after = this.#events.findLastIndex((event) => event.at > at);
    this.#events.splice(after + 1, 0, { at, happen });
  }

  /** @param own share of it that does not depend on the machine */
  #time(mean: number, variation: number, own = 0): number {
    return drawLognormal({ mean, variation }, this.#roll) * (own + (1 - own) * this.#slowness(this.#now));
  }

  /** One dialogue after the other in each place. */
  #begin(): void {
    if (this.#dialogues++ >= DIALOGUES) return;
    this.#talkToBot(ASKS);
  }

  #talkToBot(asks: number): void {
    this.#after(this.#time(this.#rush.bot, 0.8, 0.5), () => {
      if (this.#roll() >= asks) return this.#begin();
      this.#ask((returned) => (returned ? this.#talkToBot(ASKS_AGAIN) : this.#begin()));
    });
  }

  #ask(goesOn: InLine['goesOn']): void {
    const id = `hnd_${String(this.#all.length).padStart(5, '0')}`;
    const times = { requestedAt: this.#now, toldAt: this.#now + TELLING, acceptedAt: null, endedAt: null };
    const one: InLine = { asked: { id, offers: [], agent: null, ...times }, ringing: false, goesOn };
    this.#all.push(one.asked);
    this.#line.push(one);
    if (this.#roll() < LEAVES) this.#after(1 + 9 * this.#roll(), () => this.#leave(one));
    this.#handOut();
  }

  #leave(one: InLine): void {
    if (!this.#line.includes(one)) return;
    this.#line = this.#line.filter((other) => other !== one);
    one.asked.endedAt = this.#now;
    one.goesOn(true);
  }

  #handOut(): void {
    for (const one of this.#line.filter(({ ringing }) => !ringing)) {
      const [agent] = this.#agents
        .filter(({ asked, chats }) => !asked && chats < CAPACITY)
        .sort((a, b) => a.chats - b.chats);
      if (!agent) return;
      agent.asked = true;
      one.ringing = true;
      this.#after(this.#time(this.#rush.finding, 0.5), () => this.#offer(agent, one));
    }
  }

  #offer(agent: Agent, one: InLine): void {
    one.asked.offers.push({ at: this.#now, agent: agent.id });
    this.#after(ACCEPTING + this.#time(this.#rush.answering, 0.6), () => {
      agent.asked = false;
      if (this.#line.includes(one)) this.#accept(agent, one);
      this.#handOut();
    });
  }

  #accept(agent: Agent, one: InLine): void {
    this.#line = this.#line.filter((other) => other !== one);
    agent.chats++;
    Object.assign(one.asked, { agent: agent.id, acceptedAt: this.#now });
    this.#after(this.#time(this.#rush.chat, 0.6, 0.5), () => {
      agent.chats--;
      one.asked.endedAt = this.#now;
      this.#handOut();
      one.goesOn(this.#roll() < RETURNS);
    });
  }
}

/** How many times as long as usual the machine takes for everything, at each second. */
function slownessOf(machine: Machine, roll: () => number): (at: number) => number {
  const [deviation, memory] = machine === 'noisy' ? [0.4, 30] : [0.1, 10];
  const made: number[] = [];
  const keeps = Math.exp(-1 / memory);
  let level = machine === 'noisy' ? deviation * normal(roll) : 0;
  let jumped = 0;
  return (at) => {
    while (made.length <= at) {
      level = keeps * level + deviation * Math.sqrt(1 - keeps * keeps) * normal(roll);
      if (machine === 'jumps' && roll() < 1 / 40) jumped = 0.5 * normal(roll);
      const cold = machine === 'steady' ? 1 : 1 + Math.exp(-made.length / 25);
      made.push(cold * Math.exp(level + jumped));
    }
    return made[Math.floor(at)] ?? 1;
  };
}

function normal(roll: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
}
