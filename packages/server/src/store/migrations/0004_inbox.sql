-- What comes in from outside desks is worked off ticket by ticket, in the order of the vendor's clock, and what cannot be
-- done yet waits without holding up other tickets.
alter table inbox
  add column ticket text not null default '',
  -- The kind of event, e.g. agent.said.
  add column type text not null default '',
  -- When it happened, at the vendor's clock.
  add column at timestamptz,
  -- Not before this: it waits for those that it may have overtaken, or for another try.
  add column due_at timestamptz not null default now(),
  add column attempts int not null default 0,
  add column error text;
create index inbox_ticket on inbox (integration_id, ticket, done_at);
create index inbox_due on inbox (due_at) where done_at is null;
