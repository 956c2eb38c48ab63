-- The change feed in a broker (NATS JetStream): which process publishes it, and how far it came.

-- local
create table feed_publications (
  -- The name of the stream there.
  stream text collate "C" primary key,
  -- The process that publishes, until when.
  holder uuid not null,
  lease_until timestamptz not null,
  -- A cursor of the feed up to which everything was published, and the number of the broker's last message then.
  position text,
  sequence bigint,
  -- When a process last said in the broker that nothing is missing.
  announced_at timestamptz,
  -- Messages that the broker had acknowledged and did not have any more.
  lost_messages bigint not null default 0,
  check ((position is null) = (sequence is null))
);
