-- Verzet, first tables. Every table says how it is spread: distributed (rows by contact point key or partition),
-- reference (small, the same everywhere) or local (one node's own queue). See docs/operate/database.md.

-- One row: which pepper this database's keys were made with, so that another one is refused instead of forgetting every no.
-- reference
create table deployments (
  id smallint primary key check (id = 1),
  pepper_check bytea not null,
  created_at timestamptz not null
);

-- reference
create table brands (
  id text collate "C" primary key,
  number smallint not null unique check (number between 1 and 65535),
  name text not null,
  controller text not null,
  country char(2) not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null
);

-- reference
create table topics (
  brand text collate "C" not null references brands (id),
  id text collate "C" not null,
  number smallint not null check (number between 1 and 65535),
  purpose text not null check (purpose in ('marketing', 'service')),
  names jsonb not null,
  created_at timestamptz not null,
  primary key (brand, id),
  unique (brand, number)
);

-- reference
create table campaigns (
  brand text collate "C" not null references brands (id),
  id text collate "C" not null,
  number integer not null unique check (number between 1 and 16777215),
  created_at timestamptz not null,
  primary key (brand, id)
);

-- reference
create table api_keys (
  id uuid primary key,
  name text not null,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- The feed's clock: one counter a partition, moved in the transaction that writes the change, so that numbers
-- within a partition have no gap and follow the order of commits. Mostly empty pages keep the updates in place.
-- distributed
create table partitions (
  partition smallint primary key check (partition between 0 and 63),
  last_seq bigint not null default 0
) with (fillfactor = 20);
insert into partitions (partition) select generate_series(0, 63);

-- distributed
create table contact_points (
  key uuid primary key,
  type text not null check (type in ('email', 'phone', 'post', 'push', 'customer')),
  -- The normalised value; null once erased or never known.
  value text,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  erased_at timestamptz,
  check (erased_at is null or value is null)
);

-- A relation's key is the key of its external id as a contact point of type customer.
-- distributed
create table relations (
  key uuid primary key,
  external_id text,
  name text,
  language char(2),
  country char(2),
  customer_since date,
  basis text check (basis in ('consent', 'customer', 'none')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  erased_at timestamptz,
  check (erased_at is null or (external_id is null and name is null))
);

-- Ties are never removed, only ended: what was refused before still holds.
-- distributed
create table relation_contact_points (
  relation_key uuid not null,
  contact_key uuid not null,
  linked_at timestamptz not null,
  ended_at timestamptz,
  primary key (relation_key, contact_key)
);

-- The same ties, found from the other end.
-- distributed
create table contact_point_relations (
  contact_key uuid not null,
  relation_key uuid not null,
  linked_at timestamptz not null,
  ended_at timestamptz,
  primary key (contact_key, relation_key)
);

-- subject_key: the contact point it was said through, or the relation it was said for.
-- distributed
create table choices (
  subject_key uuid not null,
  id uuid not null,
  kind text not null check (kind in ('objection', 'consent', 'pause', 'cadence')),
  brand text collate "C",
  channel text collate "C",
  topic text collate "C",
  until_at timestamptz,
  cadence_max integer check (cadence_max >= 1),
  cadence_per text check (cadence_per in ('week', 'month')),
  author text not null check (author in ('person', 'agent', 'provider', 'controller')),
  said_at timestamptz,
  recorded_at timestamptz not null,
  signal text not null,
  source text,
  reason text,
  comment text,
  proof jsonb,
  -- What brought the person: the message's brand, topic, channel and campaign.
  origin jsonb,
  withdrawn_at timestamptz,
  primary key (subject_key, id),
  check ((kind = 'pause') = (until_at is not null)),
  check ((kind = 'cadence') = (cadence_max is not null and cadence_per is not null))
);

-- distributed
create table evidence (
  subject_key uuid not null,
  id uuid not null,
  kind text not null,
  recorded_at timestamptz not null,
  body text not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (subject_key, id)
);
-- Append-only for the hub itself: its own role gives the right away.
revoke update, delete, truncate on evidence from current_user;

-- The gate reads only this.
-- distributed
create table standings (
  contact_key uuid primary key,
  type text not null,
  fingerprint bigint not null,
  seq bigint not null default 0,
  record jsonb not null default '{"groups":[]}'
) with (fillfactor = 50);

-- distributed
create table changes (
  partition smallint not null,
  seq bigint not null check (seq >= 1),
  contact_key uuid not null,
  fingerprint bigint not null,
  record jsonb,
  recorded_at timestamptz not null,
  primary key (partition, seq)
);

-- Messages the gate let pass on a claim, under the relation or, without one, the contact point.
-- distributed
create table sends (
  subject_key uuid not null,
  id uuid not null,
  sent_at timestamptz not null,
  brand text collate "C" not null,
  channel text collate "C" not null,
  topic text collate "C" not null,
  primary key (subject_key, id)
);
-- Housekeeping looks for what is old.
create index sends_sent on sends (sent_at);

-- Printed codes and short links: the sealed link behind each.
-- distributed
create table printed_codes (
  partition smallint not null,
  code text collate "C" not null,
  link bytea not null,
  created_at timestamptz not null,
  primary key (partition, code)
);

-- Acts that wait for the person: an added contact point, a lifted objection, an erasure.
-- distributed
create table confirmations (
  subject_key uuid not null,
  id uuid not null,
  kind text not null,
  details jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  primary key (subject_key, id)
);

-- key: the first 16 bytes of a hash over API key and Idempotency-Key.
-- distributed
create table idempotency_keys (
  key uuid primary key,
  request_hash bytea not null,
  status integer,
  response text,
  created_at timestamptz not null,
  lease_until timestamptz not null
);

-- Mails the hub itself owes somebody.
-- local
create table outbound_mails (
  id uuid primary key,
  contact_key uuid not null,
  kind text not null,
  details jsonb not null,
  created_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  lease_until timestamptz,
  sent_at timestamptz,
  failed_at timestamptz,
  last_error text
);
create index outbound_mails_due on outbound_mails (next_attempt_at) where sent_at is null and failed_at is null;

-- local
create table import_progress (
  id text collate "C" primary key,
  rows_done bigint not null,
  bytes_done bigint not null,
  counts jsonb not null,
  updated_at timestamptz not null,
  finished_at timestamptz
);
