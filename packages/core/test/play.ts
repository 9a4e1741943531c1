import type { Command } from '#conversation/commands.ts';
import { decide } from '#conversation/decide.ts';
import type { Decision } from '#conversation/draft.ts';
import type { Logged } from '#conversation/events.ts';
import { replay } from '#conversation/evolve.ts';
import type { Rules } from '#conversation/rules.ts';
import type { Conversation } from '#conversation/state.ts';
import type { Millis, NewId } from '#ids.ts';
import { BOT, opens, RULES } from './cast.ts';
import { START } from './given.ts';
import { commandOf, type Scene, SECRET, type Step } from './steps.ts';

/** One command and what became of it. */
export interface Turn {
  at: Millis;
  command: Command;
  before: Conversation | null;
  decision: Decision;
  /** What was written of it. */
  events: readonly Logged[];
  after: Conversation;
  /** Number of ids made before: the same number gives the same ids. */
  made: number;
}

export interface Played {
  rules: Rules;
  turns: Turn[];
  log: Logged[];
  state: Conversation;
}

/** Ids by a running number, so that a decision can be made again with the same ones. */
export function idsFrom(start: number): { newId: NewId; made: () => number } {
  let made = start;
  return {
    newId: (prefix) => {
      made++;
      return `${prefix}_${made}`;
    },
    made: () => made,
  };
}

export function rulesOf(scene: Omit<Scene, 'steps'>): Rules {
  const { escalation, limits } = RULES;
  return {
    ...RULES,
    limits: { ...limits, customerIdleSeconds: scene.customerIdle ? 300 : null },
    escalation: {
      ...escalation,
      signals: { ...escalation.signals, bot_error: { ...escalation.signals.bot_error, action: scene.botError } },
      topics: escalation.topics.map((topic) => ({ ...topic, action: scene.billing })),
    },
  };
}

/** A conversation, its log and its clock, as a node has them; the log's unique index on keys included. */
class World {
  readonly turns: Turn[] = [];
  readonly log: Logged[] = [];
  readonly rules: Rules;
  at: Millis = START;
  state: Conversation | null = null;
  readonly #ids = idsFrom(0);
  readonly #sent: Command[] = [];
  readonly #underWay: { command: Command; steps: number }[] = [];
  #stored: string | null = null;

  constructor(rules: Rules) {
    this.rules = rules;
  }

  step(step: Step): void {
    switch (step.do) {
      case 'send':
        this.#send(step);
        break;
      case 'resend': {
        const again = this.#sent.at(-1 - step.back);
        if (again) this.handle(again);
        break;
      }
      case 'wait':
        this.at += step.seconds * 1_000;
        break;
      case 'crash':
        this.state = replay(null, this.log);
        break;
      case 'store':
        this.#stored = JSON.stringify(this.state);
        break;
      case 'load': {
        const stored: Conversation | null = this.#stored === null ? null : JSON.parse(this.#stored);
        this.state = replay(stored, this.log.slice(stored?.seq ?? 0));
      }
    }
    for (const one of this.#underWay) one.steps--;
    for (const one of this.#underWay.splice(0)) {
      if (one.steps > 0) this.#underWay.push(one);
      else this.handle(one.command);
    }
  }

  #send({ send, key, later }: Extract<Step, { do: 'send' }>): void {
    if (this.state === null) return;
    const bare = commandOf(send, this.state);
    const command = key ? { ...bare, key: `k${this.#sent.length}` } : bare;
    this.#sent.push(command);
    if (later === 0) this.handle(command);
    else this.#underWay.push({ command, steps: later + 1 });
  }

  handle(command: Command): void {
    this.at += 100;
    const before = this.state;
    const made = this.#ids.made();
    const decision = decide(before, command, { at: this.at, newId: this.#ids.newId, rules: this.rules });
    let events: readonly Logged[] = [];
    // The unique index: a key that the state has forgotten still comes once.
    const taken = 'events' in decision && decision.events.some(({ key }) => key !== undefined && this.#has(key));
    if ('events' in decision && !taken) {
      events = decision.events;
      this.log.push(...events);
      if (events.length > 0) this.state = decision.state;
    }
    if (this.state) this.turns.push({ at: this.at, command, before, decision, events, after: this.state, made });
  }

  #has(key: string): boolean {
    return this.log.some((logged) => logged.key === key);
  }
}

/** Plays a scene to its end. */
export function play(scene: Scene): Played {
  const rules = rulesOf(scene);
  const world = new World(rules);
  const bot = scene.bot === 'none' ? null : BOT;
  const attributes = { secret: SECRET };
  world.handle(opens({ bot, attributes, ...(scene.bot === 'owns its channel' ? { channel: BOT } : {}) }));
  for (const step of scene.steps) world.step(step);
  if (world.state === null) throw new Error('The conversation was never opened.');
  return { rules, turns: world.turns, log: world.log, state: world.state };
}
