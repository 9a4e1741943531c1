import type {
  AgentRef,
  Availability,
  Estimate,
  FileRef,
  HandoffContext,
  HandoffId,
  IntegrationId,
  Millis,
  QueueId,
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
  /** How lost webhooks are found: by asking the desk again. */
  poll: boolean;
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
}

/** What opening needs besides the context. The same handoff twice gives the same ticket. */
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

/** What a desk tells us, mapped from its webhook or poll. `ticket` is the ticket's id, `key` tells one event from the next. */
export type DeskEvent =
  | {
      type: 'agent.said';
      ticket: string;
      key: string;
      agent: AgentRef;
      text: string;
      files: RemoteFile[] /** The message's id there: what we sent ourselves is known by it. */;
      externalId?: string;
      at?: Millis;
    }
  | { type: 'agent.typing'; ticket: string; agent: AgentRef; on: boolean }
  | { type: 'read'; ticket: string }
  | { type: 'assigned'; ticket: string; key: string; agent: AgentRef }
  /** To a team, or to nobody: it waits again. */
  | { type: 'unassigned'; ticket: string; key: string }
  | { type: 'returned'; ticket: string; key: string; agent: AgentRef | null; note?: string }
  | { type: 'closed'; ticket: string; key: string; agent: AgentRef | null }
  | { type: 'reopened'; ticket: string; key: string }
  /** The webhook says only that something changed: `refresh` fetches what. */
  | { type: 'changed'; ticket: string; key: string }
  /** Understood and of no use to us, or not known: stored and counted, never an error. */
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
 * Where agents work. All methods but `receive` may do I/O; all throw `AdapterFailure` only. Twice with one key is fine for
 * all of them: a desk without idempotency keys is asked first (`findTicket`, `findMessage`).
 */
export interface Desk {
  readonly id: IntegrationId;
  readonly name: string;
  readonly can: DeskCapabilities;
  /** Can this group take somebody now? `unknown` is an answer. */
  availability(group: string | null): Promise<DeskOutlook>;
  open(ticket: OpenTicket): Promise<Ticket>;
  /** A customer's message, with the customer as its author. */
  send(ticket: Ticket, message: OutMessage): Promise<{ externalId: string }>;
  /** `why` is for the agent to read. Closing twice, or what was closed there, is fine. */
  close(ticket: Ticket, why: string): Promise<void>;
  /** After an `uncertain` open: is the ticket there? */
  findTicket(handoff: HandoffId): Promise<Ticket | null>;
  /** After an `uncertain` send: is the message there? */
  findMessage(ticket: Ticket, message: OutMessage): Promise<{ externalId: string } | null>;
  /** Verifies (constant time, raw bytes), parses and maps. No I/O. A forged request throws `auth`; an unknown shape is `ignored`. */
  receive(request: RawRequest): Received;
  /** Fetches what a `changed` event did not say. */
  refresh?(ticket: Ticket, changed: DeskEvent & { type: 'changed' }): Promise<DeskEvent[]>;
  /** Everything since `cursor` (null: since the ticket was opened), as events with the same keys as the webhooks'. */
  poll?(ticket: Ticket, cursor: string | null): Promise<{ events: DeskEvent[]; cursor: string }>;
  typing?(ticket: Ticket, on: boolean): Promise<void>;
  read?(ticket: Ticket): Promise<void>;
  /** The bytes of a file at the vendor's. Refuses what is larger than `limit`. */
  fetchFile?(file: RemoteFile, limit: number): Promise<{ bytes: Uint8Array; mime: string }>;
  /** A harmless call that shows that the credentials work: what was found, for people. */
  test(): Promise<string>;
}

/** The desk's queue for one of ours. */
export type GroupOf = (queue: QueueId) => string | null;
