-- Who is up: one row per running server. A node that died is forgotten by itself.
create table nodes (
  id text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- Does it hear the others? While one does not, all look at the log by themselves more often.
  hears boolean not null,
  -- Told apart from the others': nodes with different SECRET_KEYs do not know each other's visitors.
  key_check text not null
);
