import { type AgentId, defaultPolicy, type NewId, type QueueId, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { createAgent } from './agents.ts';
import { type Db, transaction } from './db.ts';
import { createIntegration } from './integrations.ts';
import { saveKey } from './keys.ts';
import { hashPassword } from './passwords.ts';
import { createQueue } from './queues.ts';
import type { Seal } from './sealed.ts';
import { type Config, sealConfig } from './sealed-config.ts';
import { hashToken, newToken } from './secrets.ts';
import { saveLoginLink } from './sessions.ts';
import { createWorkspace, type RulesPatch } from './workspaces.ts';

/** What the operator said; null is made. */
export interface FirstStartWishes {
  ownerEmail: string | null;
  ownerPassword: string | null;
  apiKey: string | null;
  siteKey: string | null;
  /** A second queue, two agents, a shop's name. */
  demo: boolean;
}

/** What was made, told this one time: passwords and keys are kept as hashes only. */
export interface FirstStart {
  workspace: WorkspaceId;
  owner: { email: string; password: string /** It was not given, so somebody must be told. */; made: boolean };
  apiKey: { key: string; made: boolean };
  siteKey: { key: string; made: boolean };
}

/** Nodes that start at once on an empty database: one fills it, the others wait and find it full. */
const LOCK = 0x6669727374;

/** Fills an empty database: workspace, owner, queue, widget, API channel, bot, key. Null where there is a workspace already. */
export async function firstStart(
  pool: Pool,
  wishes: FirstStartWishes,
  newId: NewId,
  seal: Seal,
): Promise<FirstStart | null> {
  const { rows } = await pool.query('select 1 from workspaces limit 1');
  if (rows.length > 0) return null;
  const password = wishes.ownerPassword ?? newToken().slice(0, 16);
  const passwordHash = await hashPassword(password);
  return transaction(pool, async (db) => {
    await db.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const { rowCount } = await db.query('select 1 from workspaces limit 1');
    if (rowCount !== 0) return null;
    const workspace = newId('wsp');
    const apiKey = wishes.apiKey ?? newToken('baton_');
    const siteKey = wishes.siteKey ?? `site_${newToken().slice(0, 16)}`;
    const email = wishes.ownerEmail ?? 'owner@example.com';
    await makeWorkspace(db, workspace, wishes.demo, newId);
    await createAgent(db, workspace, newId('agt'), { email, name: nameOf(email), role: 'owner', passwordHash });
    if (wishes.demo) for (const agent of DEMO_AGENTS) await createAgent(db, workspace, newId('agt'), agent);
    await saveKey(db, { id: newId('key'), workspace, name: 'First key', scopes: ['admin'], hash: hashToken(apiKey) });
    await makeIntegrations(db, workspace, siteKey, wishes.demo, newId, seal);
    return {
      workspace,
      owner: { email, password, made: wishes.ownerPassword === null },
      apiKey: { key: apiKey, made: wishes.apiKey === null },
      siteKey: { key: siteKey, made: wishes.siteKey === null },
    };
  });
}

const DEMO_AGENTS = [
  { email: 'dana@example.com', name: 'Dana Reyes', role: 'agent' },
  { email: 'sam@example.com', name: 'Sam Okafor', role: 'agent' },
] as const;

async function makeWorkspace(db: Db, workspace: WorkspaceId, demo: boolean, newId: NewId): Promise<void> {
  const support = newId('que');
  const billing = newId('que');
  await createWorkspace(db, {
    id: workspace,
    name: demo ? 'Ambleton' : 'My workspace',
    defaultQueue: support,
    rules: demo ? demoRules(billing) : {},
  });
  await createQueue(db, workspace, support, { name: 'Support' });
  if (demo) await createQueue(db, workspace, billing, { name: 'Billing' });
}

/** The shop sends what is about money to its billing queue. */
function demoRules(billing: QueueId): RulesPatch {
  const topics = defaultPolicy().topics.map((topic) =>
    topic.name === 'billing' ? { ...topic, queue: billing } : topic,
  );
  return { escalation: { topics }, voice: 'Ambleton' };
}

async function makeIntegrations(
  db: Db,
  workspace: WorkspaceId,
  siteKey: string,
  demo: boolean,
  newId: NewId,
  seal: Seal,
): Promise<void> {
  const site = newId('int');
  const bot = newId('int');
  const open = (config: Config) => sealConfig(seal, [], { workspace, id: bot }, config);
  const own = { workspace, bot: null, siteKey: null, enabled: true };
  await createIntegration(db, {
    ...own,
    id: bot,
    side: 'bot',
    kind: 'house',
    name: demo ? 'Amber' : 'Assistant',
    config: open(demo ? { about: 'Ambleton, a shop for things for the home' } : {}),
  });
  const theme = demo
    ? { title: 'Ambleton', color: '#2f6b4f', greeting: 'Hello! Ask about an order, a delivery or a return.' }
    : {};
  // Questions to begin with, one a line (packages/widget/src/strings.ts).
  const strings = demo
    ? { suggestions: 'Where is my order?\nHow long does delivery take?\nHow do I return something?' }
    : {};
  await createIntegration(db, {
    ...own,
    id: site,
    side: 'channel',
    kind: 'widget',
    name: 'Website',
    config: sealConfig(
      seal,
      ['identitySecret'],
      { workspace, id: site },
      { identitySecret: newToken(), allowedOrigins: [], theme, strings },
    ),
    bot,
    siteKey,
  });
  await createIntegration(db, {
    ...own,
    id: newId('int'),
    side: 'channel',
    kind: 'api',
    name: 'API',
    config: open({}),
  });
}

/** `robin.ellis@example.com` is Robin Ellis until somebody says otherwise. */
function nameOf(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter((word) => /^[a-z]/i.test(word));
  return words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join(' ') || 'Owner';
}

/** How long a link that `npm start` prints logs in. */
const LINK_MS = 86_400_000;

export interface LoginLink {
  name: string;
  email: string;
  role: 'owner' | 'admin' | 'agent';
  /** Behind `/login/`. */
  token: string;
}

/** Links that log in once, for the first agents of the only workspace; none when there are more: then people know how. */
export async function makeLoginLinks(pool: Pool, now: number, most = 3): Promise<LoginLink[]> {
  const { rows } = await pool.query<{
    workspace: WorkspaceId;
    id: AgentId;
    name: string;
    email: string;
    role: LoginLink['role'];
    workspaces: number;
  }>(
    `select workspace_id as workspace, id, name, email, role, (select count(*)::int from workspaces) as workspaces from agents
      where disabled_at is null order by role <> 'owner', created_at, email limit $1`,
    [most],
  );
  const links: LoginLink[] = [];
  for (const { workspace, id, name, email, role, workspaces } of rows) {
    if (workspaces > 1) break;
    const token = newToken();
    await saveLoginLink(pool, {
      tokenHash: hashToken(token),
      workspace,
      agent: id,
      expiresAt: new Date(now + LINK_MS),
    });
    links.push({ name, email, role, token });
  }
  return links;
}
