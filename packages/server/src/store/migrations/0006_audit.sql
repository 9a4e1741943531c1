-- Who of the staff did what. Append only: nothing of ours changes a row; what is old is swept.
create table audit (
  workspace_id text not null references workspaces on delete cascade,
  -- Sorted by text is sorted by time.
  id text not null,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('agent', 'key', 'nobody')),
  actor_id text,
  -- As he was called then.
  actor_name text,
  action text not null,
  -- Id of what it was done to.
  target text,
  address text,
  -- Names of fields that were changed, and the new role, scopes or switch; never values that people wrote, never secrets.
  detail jsonb not null default '{}',
  primary key (workspace_id, id)
);
create index audit_actor on audit (workspace_id, actor_id, id desc);
create index audit_target on audit (workspace_id, target, id desc);
