import type {
  AgentRef,
  Availability,
  CustomerCard,
  Estimate,
  FileRef,
  HandoffContext,
  HandoffId,
  IntegrationId,
  Millis,
  Ticket,
} from '@baton/core';
import type { RawReply, RawRequest } from './inbound.ts';

export interface DeskCapabilities {
  /** Its agents read and write Baton's own log: nothing is sent, nothing comes back by webhook. Our console only. */
  direct: boolean;
  /** The customer's typing is shown there. */
  typing: boolean;
  /** That the customer has read is shown there. */
  readMarks: boolean;
  /** `full`: files go there as files; `link`: as a signed link in the text. */
  files: 'full' | 'link';
  /** How the transcript arrives: as messages of their authors, or as one readable note (split where too long). */
  transcript: 'messages' | 'note';
  /** Says itself who is ahead and how long it takes. */
  position: boolean;
  /** Says whether somebody is there. */
  availability: boolean;
  /** How its agents give a conversation back to the bot, for people; null: they cannot. */
  handBack: string | null;
  /** Lost webhooks are found by asking the desk again. */
  poll: boolean;
  /** What it says of a ticket besides its agents' words. What is missing here Baton cannot know at once. */
  tells: readonly ('assigned' | 'unassigned' | 'closed' | 'reopened')[];
}

/** Everything that a desk needs to know of a customer's message. */
export interface OutMessage {
  /** Ours, and the same at every try: where the vendor takes an idempotency key or metadata, it is this. */
  key: string;
  seq: number;
  author: { role: 'customer' | 'bot' | 'agent' | 'system'; name: string };
  /** All words, degraded to what the desk shows. */
  text: string;
  files: FileRef[];
  at: Millis;
  /** Keys of what the customer said right after it, which is in here, too (`Desk.joins`): found by each of them. */
  joined?: readonly string[];
}

/** What opening needs besides the context. */
export interface OpenTicket {
  handoff: HandoffId;
  context: HandoffContext;
  /** Where the queue is in that desk: a team's, group's or department's id, from the integration's configuration. */
  group: string | null;
  /** A signed link to the whole transcript in Baton, for the agent. */
  transcriptUrl: string;
  /** The webhook's address of this integration, for desks that take it with each conversation. */
  inboundUrl: string;
}

/** When it was so, at the vendor's clock: events that arrive in the wrong order are put right by it. */
interface Moment {
  at?: Millis;
  /** A clock that counts in steps of so many milliseconds: it was up to that much later than `at`. Without it, in single ones. */
  tick?: Millis;
}

/**
 * What a desk tells us, mapped from its webhook or poll. `ticket` is the ticket's id. `key` tells one event from the next:
 * the same event has the same key, whichever way and however often it comes; two events never share one.
 */
export type DeskEvent =
  | ({
      type: 'agent.said';
      ticket: string;
      key: string;
      agent: AgentRef;
      /** Plain text: no HTML, no quoted history, no signature that the desk added. */
      text: string;
      files: RemoteFile[];
      /** The message's id there. */
      externalId?: string;
    } & Moment)
  | { type: 'agent.typing'; ticket: string; agent: AgentRef; on: boolean }
  | { type: 'read'; ticket: string }
  | ({ type: 'assigned'; ticket: string; key: string; agent: AgentRef } & Moment)
  /** To a team, or to nobody: it waits again. */
  | ({ type: 'unassigned'; ticket: string; key: string } & Moment)
  | ({ type: 'returned'; ticket: string; key: string; agent: AgentRef | null; note?: string } & Moment)
  | ({ type: 'closed'; ticket: string; key: string; agent: AgentRef | null } & Moment)
  | ({ type: 'reopened'; ticket: string; key: string } & Moment)
  /** The webhook says only that something changed: `refresh` fetches what, or else `poll`, from where it stopped. */
  | { type: 'changed'; ticket: string; key: string }
  /** Understood and of no use to us, or not known: counted, never an error. Our own messages that come back are this. */
  | { type: 'ignored'; why: string };

/** A file at the vendor's, to be fetched, checked and kept by us. */
export interface RemoteFile {
  url: string;
  name: string;
  mime?: string;
  size?: number;
  /** The vendor wants our credentials for it: sent to the vendor's own hosts only. */
  authorized?: boolean;
}

export interface DeskOutlook {
  state: Availability;
  agentsOnline: number | null;
  waiting: number | null;
  /** Of this ticket, where the desk knows. */
  position: number | null;
  estimate: Estimate | null;
}

/** What a desk's webhook said: events in their order, and the answer that the vendor expects where it is not a plain 200. */
export interface Received {
  events: DeskEvent[];
  reply?: RawReply;
}

/**
 * Where agents work. All methods but `receive` may do I/O; all throw `AdapterFailure` only.
 *
 * `again` says that an earlier try of the same thing may have arrived, in whole or in part (a time-out, a crash, a failure of
 * a later call). Then the adapter looks first and does only what is missing: twice is never two. Without it nothing has been
 * tried, and looking would be a wasted call.
 */
export interface Desk {
  readonly id: IntegrationId;
  readonly name: string;
  readonly can: DeskCapabilities;
  /** For vendors that count how often a ticket is written to: what a customer said while it waited comes as one message. */
  readonly joins?: true;
  /** Can this group take somebody now? `unknown` is an answer. With a ticket: also its place, where the desk knows it. */
  availability(group: string | null, ticket: Ticket | null): Promise<DeskOutlook>;
  /** The ticket with the whole transcript in it. One handoff, one ticket. */
  open(ticket: OpenTicket, again: boolean): Promise<Ticket>;
  /** A customer's message, with the customer as its author. Too long for the vendor: split, never cut. */
  send(ticket: Ticket, message: OutMessage, again: boolean): Promise<{ externalId: string }>;
  /**
   * `why` is for the agent to read. Closing twice, or what was closed or deleted there, is fine. A mark by which it was given
   * back, and that stands there until somebody takes it away (a tag, a group), goes in any case: it can be given back again.
   */
  close(ticket: Ticket, why: string): Promise<void>;
  /**
   * The ticket of a handoff that is over before we learnt its id, to close it; null: it never arrived. The customer is for
   * vendors that list tickets by person only.
   */
  findTicket(handoff: HandoffId, customer: CustomerCard): Promise<Ticket | null>;
  /**
   * Verifies (constant time, raw bytes; `request.at` is the clock), parses and maps. No I/O. A forged request throws `auth`;
   * an unknown shape is `ignored`. What we wrote ourselves is known by its author or its metadata, not by remembering ids: a
   * webhook may be faster than the answer to our own call.
   */
  receive(request: RawRequest): Received;
  /** Fetches what a `changed` event did not say. A desk that needs to know what it has seen before leaves it to `poll`. */
  refresh?(ticket: Ticket, changed: DeskEvent & { type: 'changed' }): Promise<DeskEvent[]>;
  /**
   * Everything since `cursor` (null: since the ticket was opened). What agents said has the same keys as in the webhooks; what
   * state the ticket is in may come again under another key, which changes nothing.
   */
  poll?(ticket: Ticket, cursor: string | null): Promise<{ events: DeskEvent[]; cursor: string }>;
  typing?(ticket: Ticket, on: boolean): Promise<void>;
  read?(ticket: Ticket): Promise<void>;
  /** The bytes of a file at the vendor's. Refuses what is larger than `limit` bytes, and private addresses. */
  fetchFile(file: RemoteFile, limit: number): Promise<{ bytes: Uint8Array; mime: string }>;
  /** A harmless call that shows that the credentials work: what was found, for people. */
  test(): Promise<string>;
}
