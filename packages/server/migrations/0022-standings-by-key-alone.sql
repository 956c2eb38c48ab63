-- Who is known by their key alone, as a link named them after the hub had lost sight of them: a handful among millions, and
-- every gate in memory asks for them when it starts.
create index standings_by_key_alone on standings (contact_key) where fingerprint = 0;
