import { expect } from 'vitest';
import type { Command } from '#conversation/commands.ts';
import { decide } from '#conversation/decide.ts';
import type { Decision } from '#conversation/draft.ts';
import type { EventType, Logged } from '#conversation/events.ts';
import type { RefusalCode } from '#conversation/refusals.ts';
import type { Rules } from '#conversation/rules.ts';
import type { Conversation } from '#conversation/state.ts';
import type { Millis, NewId } from '#ids.ts';
import { textOf } from '#message/message.ts';
import { opens, RULES } from './cast.ts';

/** When stories begin. */
export const START: Millis = 1_795_343_400_000;

/** What is expected of one event: its type, or as much of it as matters. */
export type Expected = EventType | Record<string, unknown>;

/** Ids in order, each kind counted apart: the first handoff is `hnd_1`. */
export function counter(): NewId {
  const made: Record<string, number> = {};
  return (prefix) => {
    made[prefix] = (made[prefix] ?? 0) + 1;
    return `${prefix}_${made[prefix]}`;
  };
}

/**
 * A story about one conversation: given what happened, when somebody does something, then these events follow, or a
 * refusal. Commands come a second apart. What is given must be possible: a refusal there fails the test.
 */
export class Story {
  state: Conversation | null = null;
  readonly log: Logged[] = [];
  readonly rules: Rules;
  at: Millis = START;
  /** What the last `when` came to. */
  decision: Decision | null = null;
  readonly #newId = counter();

  constructor(rules: Rules) {
    this.rules = rules;
  }

  given(commands: readonly Command[]): this {
    for (const command of commands) {
      this.when(command);
      if (this.decision && 'refused' in this.decision) {
        expect.fail(`given ${command.type}: refused, ${this.decision.refused.code}`);
      }
    }
    return this;
  }

  after(seconds: number): this {
    this.at += seconds * 1_000;
    return this;
  }

  when(command: Command): this {
    this.at += 1_000;
    this.decision = decide(this.state, command, { at: this.at, newId: this.#newId, rules: this.rules });
    if ('events' in this.decision) {
      this.log.push(...this.decision.events);
      this.state = this.decision.state;
    }
    return this;
  }

  /** Exactly these events, in this order. */
  leadsTo(...expected: Expected[]): this {
    const shapes = expected.map((one) => (typeof one === 'string' ? { type: one } : one));
    expect(this.events.map(({ event }) => event)).toMatchObject(shapes);
    return this;
  }

  refused(code: RefusalCode): this {
    expect(this.decision).toMatchObject({ refused: { code } });
    return this;
  }

  /** Answered before, with the seq of then. */
  repeats(seq: number): this {
    expect(this.decision).toEqual({ repeat: seq });
    return this;
  }

  /** The state now, as much of it as matters. */
  now(expected: object): this {
    expect(this.state).toMatchObject(expected);
    return this;
  }

  get events(): Logged[] {
    if (!this.decision || !('events' in this.decision))
      expect.fail(`nothing happened: ${JSON.stringify(this.decision)}`);
    return this.decision.events;
  }

  get known(): Conversation {
    if (this.state === null) expect.fail('the conversation is not open yet');
    return this.state;
  }

  /** What Baton itself said in the last step. */
  get told(): string[] {
    return this.events.flatMap(({ event }) =>
      event.type === 'message' && event.message.author.role === 'system' ? [textOf(event.message.parts)] : [],
    );
  }
}

/** A conversation of Ada's with the bot at the widget, and what came then. */
export function given(...commands: Command[]): Story {
  return under(RULES, ...commands);
}

/** The same under other rules. */
export function under(rules: Rules, ...commands: Command[]): Story {
  const begins = commands[0]?.type === 'open' ? [] : [opens()];
  return new Story(rules).given([...begins, ...commands]);
}
