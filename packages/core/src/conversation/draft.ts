import type { Millis, NewId } from '#ids.ts';
import type { Given } from './commands.ts';
import type { ConversationEvent, Logged } from './events.ts';
import { evolve } from './evolve.ts';
import type { Refusal } from './refusals.ts';
import type { Rules } from './rules.ts';
import type { Conversation } from './state.ts';

/**
 * What a command comes to. `events` may be empty: nothing to do, and that is fine. `repeat` is a command that was
 * answered before, with the seq that answered it.
 */
export type Decision = { events: Logged[]; state: Conversation } | { refused: Refusal } | { repeat: number };

/**
 * A decision in the making: events collect, and the state moves along with each, so that a later move of the same
 * command sees what the earlier ones did. Lives for one `decide` call; nothing of it is seen from outside.
 */
export class Draft {
  state: Conversation;
  readonly events: Logged[] = [];
  readonly at: Millis;
  readonly rules: Rules;
  readonly newId: NewId;
  readonly #key: string | undefined;

  constructor(state: Conversation, given: Given, key: string | undefined) {
    this.state = state;
    this.at = given.at;
    this.rules = given.rules;
    this.newId = given.newId;
    this.#key = key;
  }

  /** Adds an event. The command's key goes on the first one. */
  add(event: ConversationEvent): this {
    const logged: Logged = { seq: this.state.seq + 1, at: this.at, event };
    if (this.#key !== undefined && this.events.length === 0) logged.key = this.#key;
    this.events.push(logged);
    this.state = evolve(this.state, logged);
    return this;
  }

  done(): Decision {
    return { events: this.events, state: this.state };
  }
}
