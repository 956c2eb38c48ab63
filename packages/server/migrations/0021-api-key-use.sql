-- When a key of the API was last used: a day and not a moment, so that a key in use is written to once a day. Null for one
-- that nobody has used since this column is there.
alter table api_keys add column last_used_on date;
