-- Post and print: what was printed when and for whom, drops of unaddressed print, and what came back. The gate never
-- reads any of it.

-- One row a print run. Nothing counts before finished_at: a list that was broken off was never printed.
-- reference
create table print_batches (
  id uuid primary key,
  brand text collate "C" not null references brands (id),
  topic text collate "C" not null,
  campaign text collate "C",
  printed_at timestamptz not null,
  -- The last moment its cards may land, as the brand's lead time was when they were made.
  arrives_until timestamptz not null,
  cards integer not null default 0,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index print_batches_arriving on print_batches (arrives_until) where finished_at is not null;

-- Whose card is in which run.
-- distributed
create table print_cards (
  contact_key uuid not null,
  batch_id uuid not null,
  primary key (contact_key, batch_id)
);

-- Unaddressed print: one code for all of it, so that the same drop asked for again has the same code.
-- reference
create table print_drops (
  brand text collate "C" not null references brands (id),
  name text collate "C" not null,
  code text collate "C" not null,
  created_at timestamptz not null,
  primary key (brand, name)
);

-- Each piece of post that came back, once: reading the same scans again changes nothing. What came of it is a choice, a
-- delivery fact or a review item.
-- distributed
create table print_returns (
  contact_key uuid not null,
  id uuid not null,
  mark text not null,
  came_back_at timestamptz,
  recorded_at timestamptz not null,
  primary key (contact_key, id)
);
