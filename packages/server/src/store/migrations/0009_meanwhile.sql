-- How the customer spends (or spent, once somebody has accepted) his wait; null: in the window.
alter table handoffs add column meanwhile text check (meanwhile in ('with_bot', 'message', 'callback'));
