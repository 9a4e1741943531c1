-- Every range that a customer saw in the banner while he waited. What he was told first is with the handoff.
create table estimates_shown (
  workspace_id text not null,
  conversation_id text not null references conversations on delete cascade,
  handoff_id text not null,
  queue_id text not null,
  at timestamptz not null,
  position int,
  low_seconds real not null,
  middle_seconds real not null,
  high_seconds real not null,
  basis text not null
);
create index estimates_shown_at on estimates_shown (workspace_id, at);
create index estimates_shown_conversation on estimates_shown (conversation_id);
