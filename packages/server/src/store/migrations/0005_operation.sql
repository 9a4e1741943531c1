-- Closed conversations are deleted after so many days; null keeps them.
alter table workspaces add column retention_days int check (retention_days between 1 and 36500);

-- A row stays where a customer was, so that what refers to him still does; it says nothing of him. Between the two
-- moments the work is under way, or was cut off and is taken up again.
alter table customers add column erasing_at timestamptz, add column erased_at timestamptz;
create index customers_erasing on customers (erasing_at) where erasing_at is not null and erased_at is null;

create index files_uploaded on files (workspace_id, uploaded_by, created_at);
