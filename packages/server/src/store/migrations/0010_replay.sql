-- A person wants this sent once more; the worker takes it away again when it is done, whatever came of it.
alter table deliveries add column again boolean not null default false;
-- What did not arrive, for lists of trouble: small, because most things arrive.
create index deliveries_trouble on deliveries (side, at desc) where state in ('failed', 'unknown');
-- When a desk was used last.
create index handoffs_desk on handoffs (desk_id, requested_at desc) where desk_id is not null;
