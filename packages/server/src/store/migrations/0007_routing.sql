-- When a queue is served and how its line is handed out: hours of core (queue/hours.ts), null is always open; and what a
-- queue changed of the usual routing (queue/routing.ts): {"strategy": "round_robin", "overflow": {...}}
alter table queues add column hours jsonb;
alter table queues add column routing jsonb not null default '{}';

alter table agents drop constraint agents_presence_check;
alter table agents add constraint agents_presence_check check (presence in ('online', 'away', 'break', 'offline'));
-- In a break: when he said that he would be back.
alter table agents add column back_at timestamptz;
-- Null: has them all, nobody keeps any.
alter table agents add column skills text[];
alter table agents add column languages text[];
-- What one conversation of a kind of channel takes of his capacity, 1 where nothing is said: {"email": 0.5}
alter table agents add column weights jsonb not null default '{}';
-- His own wrap-up time; null: that of the queue.
alter table agents add column wrap_up_seconds int check (wrap_up_seconds between 0 and 3600);
-- What ended before is wrapped up: he said that he is ready.
alter table agents add column ready_at timestamptz not null default '-infinity';

-- What it would be better that an agent is able to do.
alter table handoffs add column preferred_skills text[] not null default '{}';
-- When he came into this line; queued_at is the first time.
alter table handoffs add column lined_at timestamptz;
-- An agent's last conversations: what he is wrapping up, and since when he is idle.
create index handoffs_done on handoffs (workspace_id, agent_id, ended_at desc) where agent_id is not null and ended_at is not null;

-- The roster: who is planned to work when. Shifts of one agent do not overlap.
create table shifts (
  workspace_id text not null references workspaces on delete cascade,
  id text not null,
  agent_id text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  -- By whose clocks it was planned, for showing it.
  zone text not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index shifts_time on shifts (workspace_id, starts_at);
create index shifts_agent on shifts (workspace_id, agent_id, starts_at);
