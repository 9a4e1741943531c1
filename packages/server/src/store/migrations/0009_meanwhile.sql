-- How the customer spends (or spent, once somebody has accepted) his wait; null: in the window.
alter table handoffs add column meanwhile text check (meanwhile in ('with_bot', 'message', 'callback'));

-- Who goes on with the bot is in the line, too.
create index conversations_in_line on conversations (workspace_id) where status = 'open' and handoff_phase in ('requested', 'queued', 'offered');
