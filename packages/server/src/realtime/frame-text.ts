import { type ConversationEvent, type ConversationId, forCustomer, isForAll, type Logged } from '@baton/core';
import type { ClientFrame } from '@baton/protocol';
import { presentEvent, presentTime } from '#present/event.ts';

/** Who reads: a customer sees less (core: conversation/audience.ts). */
export type Audience = 'customer' | 'staff';

/**
 * An `event` frame as text. Made once for all readers of a kind. `json` is the event as the log has it: most messages
 * between a customer and an agent are the same text for log, customer and staff, so they are serialised once in all.
 */
export class EventText {
  readonly seq: number;
  readonly #conversation: ConversationId;
  readonly #logged: Logged;
  readonly #json: string | undefined;
  #staff: string | undefined;
  #customer: string | null | undefined;

  constructor(conversation: ConversationId, logged: Logged, json?: string) {
    this.seq = logged.seq;
    this.#conversation = conversation;
    this.#logged = logged;
    this.#json = json;
  }

  /** The frame for a kind of reader; null when he must not see the event. */
  for(audience: Audience): string | null {
    if (audience === 'staff') {
      this.#staff ??= this.#frame(
        this.#sameAsStored() ? (this.#json as string) : JSON.stringify(presentEvent(this.#logged.event)),
      );
      return this.#staff;
    }
    if (this.#customer === undefined) this.#customer = this.#forCustomer();
    return this.#customer;
  }

  #forCustomer(): string | null {
    if (this.#sameAsStored() && isPlain(this.#logged.event)) return this.for('staff');
    const event = forCustomer(this.#logged.event);
    return event === null ? null : this.#frame(JSON.stringify(presentEvent(event)));
  }

  #sameAsStored(): boolean {
    const { event } = this.#logged;
    return (
      this.#json !== undefined &&
      event.type === 'message' &&
      event.message.turn === undefined &&
      event.message.answers === undefined &&
      event.message.saidAt === undefined
    );
  }

  #frame(event: string): string {
    return `{"type":"event","conversation":"${this.#conversation}","seq":${this.seq},"at":"${presentTime(this.#logged.at)}","event":${event}}`;
  }
}

/** An `ack`. Put together by hand: one goes out for each message. Ids of conversations need no quoting. */
export function ackText(to: ClientFrame, conversation?: ConversationId, seq?: number): string {
  let text = '{"type":"ack"';
  if ('clientId' in to && to.clientId) text += `,"clientId":${JSON.stringify(to.clientId)}`;
  if (to.id) text += `,"id":${JSON.stringify(to.id)}`;
  if (conversation) text += `,"conversation":"${conversation}"`;
  if (seq !== undefined) text += `,"seq":${seq}`;
  return `${text}}`;
}

/** Nothing in it that a customer must not see. */
function isPlain(event: ConversationEvent): boolean {
  return event.type === 'message' && isForAll(event.message);
}
