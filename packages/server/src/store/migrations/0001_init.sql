-- Every table has workspace_id, and foreign keys include it, so that a reference across workspaces cannot be written.

create table workspaces (
  id text primary key,
  name text not null,
  -- Rules of core (conversation/rules.ts), merged over the defaults: {"escalation": {...}, "limits": {...}, ...}
  rules jsonb not null default '{}',
  default_queue text,
  created_at timestamptz not null default now()
);

create table agents (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  email text not null,
  name text not null,
  avatar_url text,
  role text not null default 'agent' check (role in ('owner', 'admin', 'agent')),
  password_hash text,
  -- What the agent last chose; whether he is there is told by agent_presence.
  presence text not null default 'offline' check (presence in ('online', 'away', 'offline')),
  capacity int not null default 3 check (capacity between 0 and 100),
  -- When his last connection was gone; null: he never had one. Read only while he has none.
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  primary key (workspace_id, id),
  unique (id)
);
create unique index agents_email on agents (lower(email));

-- One row per live connection of an agent; a crashed node's rows run out by themselves.
create table agent_presence (
  workspace_id text not null,
  agent_id text not null,
  connection text not null,
  node text not null,
  seen_at timestamptz not null default now(),
  primary key (connection),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index agent_presence_agent on agent_presence (workspace_id, agent_id);

create table agent_sessions (
  token_hash bytea primary key,
  workspace_id text not null,
  agent_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);

-- Single use: the links that `npm start` prints.
create table login_links (
  token_hash bytea primary key,
  workspace_id text not null,
  agent_id text not null,
  expires_at timestamptz not null,
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);

create table api_keys (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  name text not null,
  hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id)
);

create table queues (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  name text not null,
  -- Desks in the order they are tried; an empty string is our own console.
  desks text[] not null default '{""}',
  -- Limits of core merged over the workspace's: {"offerSeconds": 20}
  limits jsonb not null default '{}',
  -- Agents who serve it; null is everybody.
  agents text[],
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index queues_name on queues (workspace_id, lower(name));

-- A configured adapter: a channel, a bot or a desk.
create table integrations (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  side text not null check (side in ('channel', 'bot', 'desk')),
  kind text not null,
  name text not null,
  config jsonb not null default '{}',
  -- A channel's bot.
  bot_id text,
  -- A widget's public key.
  site_key text unique,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table customers (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  external_id text,
  name text,
  email text,
  phone text,
  verified boolean not null default false,
  attributes jsonb not null default '{}',
  -- An anonymous visitor who turned out to be a known customer: that one. Conversations keep who opened them; readers follow this.
  merged_into text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, merged_into) references customers (workspace_id, id) on delete cascade
);
create index customers_merged on customers (workspace_id, merged_into) where merged_into is not null;
create index customers_email on customers (workspace_id, lower(email)) where email is not null;
create unique index customers_external on customers (workspace_id, external_id) where external_id is not null;

-- The head of each log. `seq` is the fence: whoever writes names the seq it expects. Columns that every message
-- changes carry no index and the page keeps room, so that the update stays in place (HOT).
create table conversations (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  channel_id text not null,
  customer_id text not null,
  seq int not null,
  status text not null,
  holder text not null,
  agent_id text,
  queue_id text,
  handoff_phase text,
  page jsonb,
  rating int,
  rating_comment text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- To the minute, so that the index on it is touched at most once a minute.
  active_at timestamptz not null,
  primary key (id),
  unique (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, channel_id) references integrations (workspace_id, id)
) with (fillfactor = 70);
create index conversations_active on conversations (workspace_id, active_at desc, id desc);
create index conversations_customer on conversations (workspace_id, customer_id, id desc);
create index conversations_open on conversations (workspace_id, holder, active_at desc) where status = 'open';
create index conversations_agent on conversations (workspace_id, agent_id) where agent_id is not null;

-- State of core as of seq; later events are played on top. Rewritten when something but a message changed, and then and
-- now. Apart from the head: every message makes a new version of that row, which has to be small.
create table conversation_states (
  conversation_id text primary key references conversations on delete cascade,
  seq int not null,
  state json not null
);

-- The log. Append only. `event` is json, not jsonb: it is written and read whole, never searched, and text costs less.
-- No foreign key: one per row costs more than the row itself; the one statement that writes here (store/flush.ts)
-- takes conversation and workspace from the head that it has just moved.
create table events (
  conversation_id text not null,
  seq int not null,
  workspace_id text not null,
  at timestamptz not null,
  type text not null,
  event json not null,
  -- Key of the command that caused it; on its first event only.
  key text,
  primary key (conversation_id, seq)
);
create unique index events_key on events (conversation_id, key) where key is not null;

-- Read marks live beside the log: they change often and nothing is decided by them.
create table read_marks (
  conversation_id text not null references conversations on delete cascade,
  side text not null check (side in ('customer', 'agent')),
  seq int not null,
  at timestamptz not null default now(),
  primary key (conversation_id, side)
);

create table handoffs (
  workspace_id text not null,
  id text not null,
  conversation_id text not null,
  phase text not null,
  reason text not null,
  evidence jsonb not null default '[]',
  summary text,
  queue_id text not null,
  desk_id text,
  priority int not null default 0,
  front boolean not null default false,
  skills text[] not null default '{}',
  agent_id text,
  agent jsonb,
  ticket jsonb,
  outcome text,
  reply_webhook text,
  -- How far an outside desk's ticket was read by polling.
  poll_cursor text,
  passed_over jsonb not null default '[]',
  expires_at timestamptz,
  waiting_since timestamptz not null,
  requested_at timestamptz not null,
  queued_at timestamptz,
  -- When an agent was first asked: from here to accepted_at is the answer time.
  offered_at timestamptz,
  accepted_at timestamptz,
  first_reply_at timestamptz,
  ended_at timestamptz,
  -- What the customer was told when he entered the line.
  told_position int,
  told_estimate jsonb,
  told_at timestamptz,
  primary key (workspace_id, id),
  unique (id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create unique index handoffs_one_open on handoffs (conversation_id) where phase <> 'ended';
create index handoffs_line on handoffs (workspace_id, queue_id, front desc, priority desc, waiting_since) where phase in ('requested', 'queued', 'offered');
create index handoffs_agent on handoffs (workspace_id, agent_id) where phase in ('offered', 'active');
create index handoffs_recent on handoffs (workspace_id, queue_id, accepted_at desc) where accepted_at is not null;
create index handoffs_ended on handoffs (workspace_id, queue_id, ended_at desc) where ended_at is not null;
create index handoffs_given on handoffs (workspace_id, agent_id, accepted_at desc) where accepted_at is not null;
create index handoffs_ticket on handoffs (desk_id, (ticket ->> 'id')) where ticket is not null;
create index handoffs_conversation on handoffs (conversation_id, requested_at desc);

-- Visitors who wait for a person, one row per node that has a connection of theirs: who stays away too long has left
-- the line. A crashed node's rows run out by themselves.
create table visitor_presence (
  conversation_id text not null references conversations on delete cascade,
  node text not null,
  seen_at timestamptz not null,
  -- When this node's last connection of his was gone.
  gone_at timestamptz,
  primary key (conversation_id, node)
);

-- The next moment at which something must happen to a conversation. May be early, never late: a tick that finds
-- nothing due sets the true time. So a message does not have to touch it.
create table deadlines (
  conversation_id text primary key references conversations on delete cascade,
  due_at timestamptz not null
);
create index deadlines_due on deadlines (due_at);

-- One row per conversation and outside side (bot, desk, channel, webhook). A worker leases a row that is due, sends the
-- events after seq in order, and moves seq.
create table cursors (
  conversation_id text not null references conversations on delete cascade,
  side text not null,
  seq int not null default 0,
  -- Null: nothing to send.
  due_at timestamptz,
  attempts int not null default 0,
  -- Counts wake-ups, so that one that comes while a worker is at it is not lost.
  wakes int not null default 0,
  leased_until timestamptz,
  lease text,
  last_error text,
  primary key (conversation_id, side)
);
create index cursors_due on cursors (due_at) where due_at is not null;

-- Which side has which event, under which outside id.
create table deliveries (
  conversation_id text not null references conversations on delete cascade,
  side text not null,
  seq int not null,
  part int not null default 0,
  state text not null check (state in ('pending', 'sent', 'delivered', 'read', 'failed', 'unknown')),
  external_id text,
  detail text,
  at timestamptz not null default now(),
  primary key (conversation_id, side, seq, part)
);
create index deliveries_external on deliveries (side, external_id) where external_id is not null;

-- Dedupe of what comes in from outside: vendors' webhooks.
create table inbox (
  integration_id text not null,
  key text not null,
  -- The order of arrival.
  n bigint generated always as identity,
  payload jsonb,
  received_at timestamptz not null default now(),
  done_at timestamptz,
  primary key (integration_id, key)
);
create index inbox_open on inbox (integration_id, n) where done_at is null;

-- Answers to writes with an Idempotency-Key.
create table idempotency_keys (
  workspace_id text not null references workspaces on delete cascade,
  key text not null,
  -- Hash of method, path and body: a different one under the same key is a mistake.
  request_hash bytea not null,
  status int,
  body jsonb,
  created_at timestamptz not null default now(),
  -- Taken over from a process that died over it.
  claimed_at timestamptz,
  primary key (workspace_id, key)
);

create table webhooks (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  url text not null,
  events text[] not null,
  secret text not null,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table files (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  -- The unguessable part of its address.
  secret text not null unique,
  -- Id of the customer, agent or key that sent it: a visitor may say only his own files.
  uploaded_by text not null,
  name text not null,
  mime text not null,
  size int not null,
  path text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

-- What the house bot knows. `keywords` are other words that customers use for the title's.
create table articles (
  workspace_id text not null references workspaces on delete cascade,
  path text not null,
  title text not null,
  keywords text not null default '',
  body text not null,
  hash text not null,
  words tsvector generated always as (
    setweight(to_tsvector('english', title || ' ' || keywords), 'A') || setweight(to_tsvector('english', body), 'B')
  ) stored,
  primary key (workspace_id, path)
);
create index articles_words on articles using gin (words);
