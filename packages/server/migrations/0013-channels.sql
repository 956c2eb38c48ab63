-- How each connection to the outside does, as whoever uses it noticed: for the room of channels, the metrics and doctor.
-- Written at most once a minute for each kind of note, so that it costs the way of a no next to nothing.

-- local
create table connection_signals (
  -- `sms:` and an account, `portal:` and a name; nothing secret and nobody's address.
  connection text collate "C" primary key,
  -- When something true last came in.
  heard_at timestamptz,
  -- When something of ours was last taken, or a link was last up.
  worked_at timestamptz,
  failed_at timestamptz,
  -- A code of the hub's own, or the vendor's reason without any person in it.
  failure text check (length(failure) <= 200),
  check ((failed_at is null) = (failure is null))
);
