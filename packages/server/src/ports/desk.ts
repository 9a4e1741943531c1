import type { AgentRef, Availability, Estimate, HandoffContext, HandoffId, IntegrationId, Message, QueueId, Ticket } from '@baton/core';

export interface DeskCapabilities {
  /** Its agents read and write Baton's own log: nothing is sent, nothing comes back by webhook. Our console only. */
  direct: boolean;
  typing: boolean;
  readMarks: boolean;
  files: boolean;
  /** Says itself who is ahead and how long it takes. */
  position: boolean;
}

/** What an outside desk tells us, mapped from its webhook or poll. */
export type DeskEvent =
  | { type: 'agent.said'; ticket: string; key: string; agent: AgentRef; message: Pick<Message, 'parts'> }
  | { type: 'accepted'; ticket: string; key: string; agent: AgentRef }
  | { type: 'transferred'; ticket: string; key: string; agent: AgentRef | null }
  | { type: 'returned'; ticket: string; key: string; agent: AgentRef | null; note?: string }
  | { type: 'closed'; ticket: string; key: string; agent: AgentRef | null }
  | { type: 'reopened'; ticket: string; key: string }
  | { type: 'ignored'; why: string };

export interface DeskOutlook {
  state: Availability;
  agentsOnline: number | null;
  waiting: number | null;
  estimate: Estimate | null;
}

/** Where agents work. All methods may do I/O and throw `AdapterFailure` only. Twice with one key is fine for all. */
export interface Desk {
  /** Null is our own console. */
  readonly id: IntegrationId | null;
  readonly can: DeskCapabilities;
  availability(queue: QueueId): Promise<DeskOutlook>;
  /** Brings the whole conversation there. The same handoff twice gives the same ticket. */
  open(handoff: HandoffId, context: HandoffContext): Promise<Ticket>;
  send(ticket: Ticket, message: Message, key: string): Promise<{ externalId: string }>;
  /** Closing twice is fine. */
  close(ticket: Ticket, why: string): Promise<void>;
}
