-- Who changed what a brand is, sends, says and asks: one row a change, with what stood before it and what stood after.

-- reference
create table catalog_changes (
  brand text collate "C" not null references brands (id),
  -- 1, 2, 3 … within the brand.
  number integer not null check (number >= 1),
  what text not null check (what in ('brand', 'topic', 'wording', 'questions')),
  topic text collate "C",
  -- Null for what was not there.
  before jsonb,
  after jsonb not null,
  actor text not null,
  changed_at timestamptz not null,
  primary key (brand, number),
  check ((what = 'topic') = (topic is not null))
);
