-- The conversation that a visitor's first message opens, named before it is there: two tabs that write at once, on any
-- node, name the same one.
create table openings (
  workspace_id text not null,
  channel_id text not null,
  customer_id text not null,
  conversation_id text not null,
  primary key (channel_id, customer_id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
);
