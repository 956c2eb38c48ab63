-- Who works with the hub and signs in; the calls that were made; outside do-not-contact lists.

-- reference
create table staff_accounts (
  id uuid primary key,
  -- In small letters; whoever signs in types it.
  email text collate "C" not null unique,
  roles text[] not null check (
    cardinality(roles) > 0 and roles <@ array['agent', 'marketer', 'privacy_officer', 'administrator']
  ),
  -- Argon2id in its own notation; null until a password is chosen by the one-time link.
  password_hash text,
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- One-time links to choose a password. token_hash: SHA-256 of what the link carries.
-- reference
create table staff_links (
  id uuid primary key,
  staff_id uuid not null references staff_accounts (id),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- token_hash: SHA-256 of what the browser carries.
-- reference
create table staff_sessions (
  id uuid primary key,
  staff_id uuid not null references staff_accounts (id),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz
);
create index staff_sessions_staff on staff_sessions (staff_id) where ended_at is null;

-- Failed sign-ins, by a keyed digest of account, address or both: no address of anybody is kept. It only ever makes
-- the next try wait.
-- local
create table sign_in_failures (
  id uuid primary key,
  failures integer not null check (failures >= 1),
  last_at timestamptz not null
);

-- One row a call, made or taken; contact_key is the number's.
-- distributed
create table calls (
  contact_key uuid not null,
  id uuid not null,
  brand text collate "C",
  topic text collate "C",
  campaign text,
  outcome text not null check (outcome in ('answered', 'no_answer', 'busy', 'failed', 'dead_number')),
  -- Whether the right to object was offered in the call; null where nobody said so.
  right_offered boolean,
  answer text check (answer in ('objection', 'no_objection', 'consent', 'restriction')),
  -- The first choice that the answer was recorded as.
  choice_id uuid,
  -- When the registers were taken that the number was held against: {"bel-me-niet-meer": "2026-11-20T…"}.
  registers jsonb not null default '{}',
  called_at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null,
  source text,
  primary key (contact_key, id)
);
create index calls_called on calls (called_at);

-- The snapshot of each outside list that is in force, and how many it names.
-- reference
create table registers (
  id text collate "C" primary key,
  taken_at timestamptz not null,
  entries bigint not null,
  in_force_at timestamptz not null
);

-- Snapshots that are or were being read; `file` tells one file from another of the same moment.
-- reference
create table register_snapshots (
  register text collate "C" not null,
  taken_at timestamptz not null,
  file text collate "C" not null,
  started_at timestamptz not null,
  in_force_at timestamptz,
  primary key (register, taken_at)
);

-- Which contact points an outside list names, and by the newest snapshot of when. The gate reads it in the standing.
-- distributed
create table register_listings (
  contact_key uuid not null,
  register text collate "C" not null,
  taken_at timestamptz not null,
  primary key (contact_key, register)
);
create index register_listings_taken on register_listings (register, taken_at);
