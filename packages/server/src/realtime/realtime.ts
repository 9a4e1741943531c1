import type {
  AgentId,
  AgentRef,
  Conversation,
  ConversationId,
  CustomerId,
  HandoffContext,
  HandoffId,
  IntegrationId,
  Page,
  Part,
  WorkspaceId,
} from '@baton/core';
import type { ConversationSummary, PartInput } from '@baton/protocol';
import type { Directory } from '#hub/directory.ts';
import type { Ledger } from '#hub/ledger.ts';
import type { Line } from '#hub/line.ts';
import type { Nodes } from '#hub/nodes/nodes.ts';
import type { Presence } from '#hub/presence.ts';
import type { ReadMarks } from '#hub/read-marks.ts';
import type { ShownEstimates } from '#hub/shown-estimates.ts';
import type { Signals } from '#hub/signals.ts';
import type { Log, World } from '#ports/world.ts';
import type { AgentWork, OpenWork } from '#store/agent-work.ts';
import type { Feed } from './feed.ts';

export type { OpenWork } from '#store/agent-work.ts';

/** Who a connection is, as the HTTP side tells it (http/auth.ts). */
export type Principal =
  | {
      kind: 'agent';
      workspace: WorkspaceId;
      agent: AgentRef & { id: AgentId };
      role: 'owner' | 'admin' | 'agent';
      /** Hash of his session, in hex. */
      session?: string;
    }
  | { kind: 'key'; workspace: WorkspaceId; key: string; scopes: readonly string[] }
  | Visitor;

export interface Visitor {
  kind: 'visitor';
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
  /** The language of his window, BCP 47. */
  locale?: string;
  conversation?: ConversationId;
}

/** How much each may send; each gives 0, or the milliseconds to wait (http/limits.ts). */
export interface RealtimeLimits {
  visitor(customer: string): number;
  staff(id: string): number;
  hello(address: string): number;
}

/** What the sockets need of everybody else; put together by the app. */
export interface Realtime {
  ledger: Ledger;
  nodes: Nodes;
  feed: Feed;
  signals: Signals;
  directory: Directory;
  presence: Presence;
  line: Pick<Line, 'askDesks' | 'view'>;
  reads: ReadMarks;
  /** Keeps what customers are shown of their wait. */
  shown: Pick<ShownEstimates, 'note'>;
  world: World;
  log: Log;
  limits: RealtimeLimits;
  /** Notes what an agent did against another's will (store/audit.ts). */
  audit(workspace: WorkspaceId, agent: AgentRef & { id: AgentId }, action: 'take.force', target: string): void;
  /** The visitor's open conversation on this site, or a new one (hub/visits.ts). */
  openFor(visitor: Visitor, page: Page | undefined): Promise<ConversationId>;
  /** Is this conversation one of this visitor, also under an earlier, anonymous self? */
  isOwn(visitor: Visitor, conversation: ConversationId): Promise<boolean>;
  /** The last conversations of these workspaces in which something happened since then. */
  headsSince(
    workspaces: readonly WorkspaceId[],
    since: number,
  ): Promise<{ workspace: WorkspaceId; id: ConversationId; seq: number }[]>;
  context(state: Conversation): Promise<HandoffContext | null>;
  summaries(workspace: WorkspaceId, ids: readonly ConversationId[]): Promise<ConversationSummary[]>;
  workOf(workspace: WorkspaceId, agent: AgentId): Promise<AgentWork>;
  /** What these agents have and are asked; who has nothing is left out. */
  workOfAll(agents: readonly AgentId[]): Promise<Map<AgentId, OpenWork>>;
  openConversationsOf(
    visitors: readonly Visitor[],
  ): Promise<{ id: ConversationId; customer: CustomerId; channel: IntegrationId }[]>;
  /** The conversation of an open handoff. */
  conversationOf(workspace: WorkspaceId, handoff: HandoffId): Promise<ConversationId | null>;
  /** A client's parts as the log keeps them: files are looked up, and must be the sender's own. */
  withFiles(
    workspace: WorkspaceId,
    parts: readonly PartInput[],
    uploadedBy: string | null,
  ): Promise<{ parts: Part[] } | { unknown: string[] }>;
  customerName(workspace: WorkspaceId, customer: CustomerId): Promise<string | null>;
  agent(workspace: WorkspaceId, id: AgentId): Promise<(AgentRef & { id: AgentId }) | null>;
}
