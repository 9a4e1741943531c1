-- Kept free for opening hours, rosters and skills, which are being written: put them here.
select 1;
