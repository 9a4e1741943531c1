import type { Pool } from 'pg';
import { contextOf } from '#hub/contexts.ts';
import type { Hub } from '#hub/hub.ts';
import { openFor } from '#hub/visits.ts';
import type { World } from '#ports/world.ts';
import { presentSummary } from '#present/conversation.ts';
import { agentWork, conversationOfHandoff, workOfAgents } from '#store/agent-work.ts';
import { findAgent } from '#store/agents.ts';
import { saveAudit } from '#store/audit.ts';
import { findCustomer } from '#store/customers.ts';
import { withFiles } from '#store/files.ts';
import { findConversations, headsSince } from '#store/lists.ts';
import { isCustomerOf, openConversationsOf } from '#store/visits.ts';
import { Entrance, type Identify } from './entrance.ts';
import { Feed } from './feed.ts';
import { Gateway } from './gateway.ts';
import type { Realtime, RealtimeLimits } from './realtime.ts';
import { Revocations } from './revocations.ts';
import { Sessions } from './sessions.ts';
import { Streams } from './stream.ts';

export interface RealtimeSide {
  gateway: Gateway;
  streams: Streams;
  sessions: Sessions;
  feed: Feed;
  revocations: Revocations;
}

/** The sockets and streams, put together over a hub. `base` is where files are served. */
export function assembleRealtime({
  pool,
  world,
  hub,
  identify,
  base,
  limits,
  proxies = 0,
}: {
  pool: Pool;
  world: World;
  hub: Hub;
  identify: Identify;
  base: () => string;
  limits: RealtimeLimits;
  /** How many proxies stand before us (TRUST_PROXY). */
  proxies?: number;
}): RealtimeSide {
  const { ledger, nodes, directory, signals, presence, line, reads, shown } = hub;
  const feed = new Feed({ pool, ledger, log: world.log });
  nodes.serve(feed);
  const realtime: Realtime = {
    ledger,
    nodes,
    feed,
    signals,
    directory,
    presence,
    line,
    reads,
    shown,
    world,
    log: world.log,
    limits,
    audit: (workspace, agent, action, target) =>
      void saveAudit(pool, world.newId, {
        workspace,
        actor: { kind: 'agent', id: agent.id, name: agent.name },
        action,
        target,
        address: null,
        detail: {},
      }).catch((error: unknown) => world.log.error({ error, action, target }, 'what an agent did could not be noted')),
    openFor: (visitor, page) =>
      openFor({ pool, ledger, directory, newId: world.newId }, visitor, { page, locale: visitor.locale }),
    isOwn: async (visitor, conversation) => {
      const state = await ledger.read(conversation);
      if (state?.workspace !== visitor.workspace || state.channel !== visitor.channel) return false;
      return state.customer === visitor.customer || isCustomerOf(pool, visitor, conversation);
    },
    context: (state) => contextOf({ pool, directory }, state),
    summaries: async (workspace, ids) => (await findConversations(pool, workspace, ids)).map(presentSummary),
    workOf: (workspace, agent) => agentWork(pool, workspace, agent),
    workOfAll: (agents) => workOfAgents(pool, agents),
    headsSince: (workspaces, since) => headsSince(pool, workspaces, since),
    openConversationsOf: (visitors) => openConversationsOf(pool, visitors),
    conversationOf: (workspace, handoff) => conversationOfHandoff(pool, workspace, handoff),
    withFiles: (workspace, parts, uploadedBy) =>
      withFiles(pool, workspace, parts as Parameters<typeof withFiles>[2], { base: base(), uploadedBy }),
    customerName: async (workspace, customer) => (await findCustomer(pool, workspace, customer))?.name ?? null,
    agent: async (workspace, id) => {
      const row = await findAgent(pool, workspace, id);
      return row && { id: row.id, name: row.name, ...(row.avatarUrl ? { avatarUrl: row.avatarUrl } : {}) };
    },
  };
  const sessions = new Sessions();
  sessions.listen(realtime, line);
  const entrance = new Entrance({ realtime, identify, sessions });
  const revocations = new Revocations({ pool, log: world.log, all: () => sessions.all() });
  return { revocations, gateway: new Gateway(entrance, proxies), streams: new Streams(entrance), sessions, feed };
}
