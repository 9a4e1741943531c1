import type { ConversationId, CustomerId, IntegrationId, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export type Attributes = Record<string, string | number | boolean>;

export interface CustomerRow {
  id: CustomerId;
  externalId: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  /** Proven by a signed identity or by the workspace's own server, not only claimed. */
  verified: boolean;
  attributes: Attributes;
  createdAt: Date;
}

/** What is known of a person; what is left out stays as it is. */
export interface CustomerFacts {
  externalId?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  verified?: boolean | undefined;
  attributes?: Attributes | undefined;
}

export const CUSTOMER_COLUMNS =
  'c.id, c.external_id as "externalId", c.name, c.email, c.phone, c.verified, c.attributes, c.created_at as "createdAt"';

/** New, or the one who has this external id already; then what is said of him is added. The same id twice is one. */
export async function createCustomer(
  db: Db,
  workspace: WorkspaceId,
  id: CustomerId,
  facts: CustomerFacts,
): Promise<CustomerRow> {
  const same =
    facts.externalId === undefined ? '(workspace_id, id)' : '(workspace_id, external_id) where external_id is not null';
  const { rows } = await db.query<CustomerRow>(
    `insert into customers as c (workspace_id, id, external_id, name, email, phone, verified, attributes)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict ${same} do update set
       name = coalesce(excluded.name, c.name), email = coalesce(excluded.email, c.email),
       phone = coalesce(excluded.phone, c.phone), verified = c.verified or excluded.verified,
       attributes = c.attributes || excluded.attributes, updated_at = now()
     returning ${CUSTOMER_COLUMNS}`,
    [
      workspace,
      id,
      facts.externalId ?? null,
      facts.name ?? null,
      facts.email ?? null,
      facts.phone ?? null,
      facts.verified ?? false,
      facts.attributes ?? {},
    ],
  );
  return rows[0] as CustomerRow;
}

/** Somebody who is known by this email alone: nothing about him is proven, so an email is enough to be him. */
export async function findClaimedCustomer(db: Db, workspace: WorkspaceId, email: string): Promise<CustomerId | null> {
  const { rows } = await db.query<{ id: CustomerId }>(
    `select id from customers
      where workspace_id = $1 and lower(email) = lower($2) and external_id is null and not verified and merged_into is null
      order by id desc limit 1`,
    [workspace, email],
  );
  return rows[0]?.id ?? null;
}

/** The customer under this id, or whoever he was merged into. */
export async function findCustomer(db: Db, workspace: WorkspaceId, id: string): Promise<CustomerRow | null> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER_COLUMNS} from customers c where workspace_id = $1
      and id = (select coalesce(merged_into, id) from customers where workspace_id = $1 and id = $2)`,
    [workspace, id],
  );
  return rows[0] ?? null;
}

export async function findCustomerByExternalId(
  db: Db,
  workspace: WorkspaceId,
  externalId: string,
): Promise<CustomerRow | null> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER_COLUMNS} from customers c where workspace_id = $1 and external_id = $2`,
    [workspace, externalId],
  );
  return rows[0] ?? null;
}

/** Adds to what is known; null when there is no such customer. */
export async function updateCustomer(
  db: Db,
  workspace: WorkspaceId,
  id: CustomerId,
  facts: CustomerFacts,
): Promise<CustomerRow | null> {
  const { rows } = await db.query<CustomerRow>(
    `update customers c set
       external_id = coalesce($3, external_id), name = coalesce($4, name), email = coalesce($5, email), phone = coalesce($6, phone),
       verified = verified or $7, attributes = attributes || $8, updated_at = now()
     where workspace_id = $1 and id = $2 returning ${CUSTOMER_COLUMNS}`,
    [
      workspace,
      id,
      facts.externalId ?? null,
      facts.name ?? null,
      facts.email ?? null,
      facts.phone ?? null,
      facts.verified ?? false,
      facts.attributes ?? {},
    ],
  );
  return rows[0] ?? null;
}

/**
 * An anonymous visitor turned out to be `into`: from now on both ids lead to that customer. The logs stay as they
 * were written. Twice is fine; whoever is identified himself is never merged.
 */
export async function mergeCustomer(
  db: Db,
  workspace: WorkspaceId,
  anonymous: CustomerId,
  into: CustomerId,
): Promise<void> {
  await db.query(
    `update customers set merged_into = $3, updated_at = now()
      where workspace_id = $1 and id = $2 and id <> $3 and external_id is null and not verified and merged_into is null`,
    [workspace, anonymous, into],
  );
}

export async function listCustomers(
  db: Db,
  workspace: WorkspaceId,
  filter: { externalId?: string | undefined; email?: string | undefined; after: string | null; limit: number },
): Promise<CustomerRow[]> {
  const { rows } = await db.query<CustomerRow>(
    `select ${CUSTOMER_COLUMNS} from customers c
      where workspace_id = $1 and merged_into is null and erasing_at is null and ($2::text is null or external_id = $2) and ($3::text is null or lower(email) = lower($3))
        and ($4::text is null or id < $4)
      order by id desc limit $5`,
    [workspace, filter.externalId ?? null, filter.email ?? null, filter.after, filter.limit],
  );
  return rows;
}

/** A visitor of a site that is switched on, with the conversation that he has open there. */
export async function findVisitor(
  db: Db,
  claims: { workspace: WorkspaceId; channel: IntegrationId; customer: CustomerId },
): Promise<{ customer: CustomerId; conversation: ConversationId | null } | null> {
  const { rows } = await db.query<{ customer: CustomerId; conversation: ConversationId | null }>({
    name: 'visitor',
    text: `with self as (
             select coalesce(x.merged_into, x.id) as id from customers x
               join integrations i on i.workspace_id = x.workspace_id and i.id = $2 and i.side = 'channel' and i.enabled
              where x.workspace_id = $1 and x.id = $3 and x.erasing_at is null
           )
           select self.id as customer, (
             select c.id from conversations c
              where c.workspace_id = $1 and c.channel_id = $2 and c.status = 'open'
                and c.customer_id = any (array(select m.id from customers m where m.workspace_id = $1 and m.merged_into = self.id) || self.id)
              order by c.id desc limit 1) as conversation
           from self`,
    values: [claims.workspace, claims.channel, claims.customer],
  });
  return rows[0] ?? null;
}
