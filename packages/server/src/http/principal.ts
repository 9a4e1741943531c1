// Who stands behind a request (auth.ts tells).
import type { AgentId, AgentRef, ConversationId, CustomerId, IntegrationId, KeyId, WorkspaceId } from '@baton/core';
import type { Scope } from '@baton/protocol';

export type AgentRole = 'owner' | 'admin' | 'agent';

/** A person of the workspace, logged in to the console. */
export interface AgentPrincipal {
  kind: 'agent';
  workspace: WorkspaceId;
  agent: AgentRef & { id: AgentId };
  role: AgentRole;
  /** Hash of his session, in hex: sockets look whether it still stands. */
  session?: string;
}

/** Somebody's own server. */
export interface KeyPrincipal {
  kind: 'key';
  workspace: WorkspaceId;
  key: KeyId;
  scopes: readonly Scope[];
}

/** A customer on a site, anonymous or identified. `channel` is the widget's integration. */
export interface VisitorPrincipal {
  kind: 'visitor';
  workspace: WorkspaceId;
  channel: IntegrationId;
  customer: CustomerId;
  /** The language of his window, BCP 47. */
  locale?: string;
  conversation?: ConversationId;
}

export type Principal = AgentPrincipal | KeyPrincipal | VisitorPrincipal;

/** Who cannot be told, and what to do about it. */
export interface Unknown {
  kind: 'unknown';
  code: 'unauthenticated' | 'token_invalid' | 'token_expired';
  message: string;
}
