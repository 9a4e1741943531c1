import type { Millis, NewId } from '#ids.ts';
import type { Given } from './commands.ts';
import type { ConversationEvent, Logged } from './events.ts';
import { evolve } from './evolve.ts';
import type { Refusal } from './refusals.ts';
import type { Rules } from './rules.ts';
import type { Conversation } from './state.ts';

/**
 * What a command comes to. `events` may be empty: nothing to do, and that is fine. `seq` is what the sender is told,
 * and what the same key gets again: the place of his message, or of the last event. `repeat` is a command that was
 * answered before, with the seq that answered it.
 */
export type Decision =
  | { events: Logged[]; state: Conversation; seq: number }
  | { refused: Refusal }
  | { repeat: number };

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
  readonly #says: boolean;
  #answered: number | null = null;

  /** `key` of the command, and whether it says something. Neither for the transcript that a conversation is opened with. */
  constructor(state: Conversation, given: Given, { key, says }: { key?: string | undefined; says?: boolean } = {}) {
    this.state = state;
    this.at = given.at;
    this.rules = given.rules;
    this.newId = given.newId;
    this.#key = key;
    this.#says = says ?? false;
  }

  add(event: ConversationEvent): this {
    const logged: Logged = { seq: this.state.seq + 1, at: this.at, event };
    if (this.#key !== undefined && this.#answered === null && this.#answers(event)) {
      logged.key = this.#key;
      this.#answered = logged.seq;
    }
    this.events.push(logged);
    this.state = evolve(this.state, logged);
    return this;
  }

  /** What is said is answered by the message itself, also where the conversation had to be reopened first. */
  #answers(event: ConversationEvent): boolean {
    return !this.#says || (event.type === 'message' && event.message.author.role !== 'system');
  }

  done(): Decision {
    return { events: this.events, state: this.state, seq: this.#answered ?? this.state.seq };
  }
}
