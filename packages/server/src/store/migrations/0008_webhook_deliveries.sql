-- How an endpoint is doing: told to who looks at it, and the reason to switch off one that fails for days.
alter table webhooks
  -- The endpoint of one conversation's bot (`replyWebhook` of a handoff): not in the workspace's list, and gone with the
  -- conversation. (`handoffs.reply_webhook` was never called and is used no more.)
  add column conversation_id text references conversations on delete cascade,
  add column last_success_at timestamptz,
  -- Since when every call fails; null: the last one did not.
  add column failing_since timestamptz,
  add column last_error text,
  -- Switched off by us, because it failed for too long.
  add column disabled_at timestamptz;
create index webhooks_conversation on webhooks (conversation_id) where conversation_id is not null;

-- How often it was tried.
alter table deliveries add column attempts int not null default 1;
-- The newest of one endpoint.
create index deliveries_endpoint on deliveries (side, at desc, conversation_id, seq) where side like 'webhook:%' or side like 'reply:%';
