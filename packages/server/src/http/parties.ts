import type { Actor, Conversation, ConversationId, IntegrationId, NewId, QueueId, WorkspaceId } from '@baton/core';
import type { CustomerInput } from '@baton/protocol/schemas';
import type { z } from 'zod';
import {
  type CustomerRow,
  createCustomer,
  findClaimedCustomer,
  findCustomer,
  updateCustomer,
} from '#store/customers.ts';
import type { Db } from '#store/db.ts';
import { isErased } from '#store/erase.ts';
import { findIntegration } from '#store/integrations.ts';
import { queueNamed, queueNames } from '#store/queues.ts';
import { isCustomerOf } from '#store/visits.ts';
import type { HttpDeps } from './deps.ts';
import type { AgentPrincipal, KeyPrincipal, VisitorPrincipal } from './principal.ts';
import { HttpProblem } from './problems.ts';

/** Who acts, in words of core. */
export function actorOf(caller: AgentPrincipal | KeyPrincipal): Actor {
  return caller.kind === 'agent' ? { role: 'agent', agent: caller.agent } : { role: 'api', id: caller.key };
}

/** The conversation as of now, when it is one of the caller's workspace; of others the caller must not even hear. */
export async function conversationOf(
  deps: HttpDeps,
  caller: { workspace: WorkspaceId },
  id: ConversationId,
): Promise<Conversation> {
  const state = await deps.ledger.readNow(id);
  if (!state || state.workspace !== caller.workspace) throw noConversation(id);
  return state;
}

/** A visitor reads his own conversations of his site, and those that he began there before he was known. */
export async function conversationOfVisitor(
  deps: HttpDeps,
  visitor: VisitorPrincipal,
  id: ConversationId,
): Promise<void> {
  if (!(await isCustomerOf(deps.pool, visitor, id))) throw noConversation(id);
}

function noConversation(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no conversation ${id}.`);
}

/** A queue by its id or name; the error lists the names there are. */
export async function queueOf(db: Db, workspace: WorkspaceId, idOrName: string): Promise<QueueId> {
  const queue = await queueNamed(db, workspace, idOrName);
  if (queue) return queue;
  const names = (await queueNames(db, workspace)).map(({ name }) => name);
  throw new HttpProblem('queue_unknown', `There is no queue "${idOrName}". There are: ${names.join(', ')}.`, {
    errors: [{ path: 'queue', message: `One of ${names.join(', ')}.` }],
  });
}

/** A desk by its id. */
export async function deskOf(db: Db, workspace: WorkspaceId, id: string): Promise<IntegrationId> {
  const found = await findIntegration(db, workspace, id);
  if (found?.side === 'desk' && found.enabled) return found.id;
  throw new HttpProblem(
    'desk_unknown',
    `There is no desk "${id}" that is switched on. GET /v1/integrations?side=desk lists them; leave it out for our own console.`,
  );
}

/**
 * The customer that a server speaks of. Known by `id`, then by `externalId`, then by an `email` under which nobody
 * proven is known; otherwise he is new, with exactly what was said of him: no name and no address is made up.
 * A server's own id counts as proof of who it is, an email that somebody typed does not.
 */
export async function customerOf(
  db: Db,
  workspace: WorkspaceId,
  input: z.output<typeof CustomerInput>,
  newId: NewId,
): Promise<CustomerRow> {
  const { id, ...facts } = input;
  if (id !== undefined) {
    const known = await findCustomer(db, workspace, id);
    if (!known || (await isErased(db, workspace, known.id)))
      throw new HttpProblem('customer_unknown', `There is no customer ${id}. Leave the id out to make one.`);
    if (facts.externalId !== undefined && known.externalId !== null && known.externalId !== facts.externalId) {
      throw new HttpProblem('customer_unknown', `Customer ${id} has another externalId. Name him by one of the two.`);
    }
    return (
      (await updateCustomer(db, workspace, known.id, { ...facts, verified: facts.externalId !== undefined })) ?? known
    );
  }
  if (facts.externalId === undefined && facts.email !== undefined) {
    const known = await findClaimedCustomer(db, workspace, facts.email);
    if (known) return (await updateCustomer(db, workspace, known, facts)) as CustomerRow;
  }
  return await createCustomer(db, workspace, newId('cus'), { ...facts, verified: facts.externalId !== undefined });
}

/** The bot that speaks on a conversation's channel, as its messages name it. */
export async function botOf(
  db: Db,
  state: Conversation,
  name: string | undefined,
): Promise<{ role: 'bot'; id: IntegrationId; name?: string }> {
  const id = state.bot;
  if (id === null)
    throw new HttpProblem(
      'no_bot',
      'No bot is connected to the channel of this conversation, so nothing can be said as one.',
    );
  const known = name ?? (await findIntegration(db, state.workspace, id))?.name;
  return { role: 'bot', id, ...(known ? { name: known } : {}) };
}
