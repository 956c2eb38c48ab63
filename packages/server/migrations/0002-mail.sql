-- Mail that comes home: what servers say of addresses, what waits for a human, and what was heard before.

-- What a mail server said of an address. It blocks delivery and is never an opt-out.
-- distributed
create table delivery_facts (
  contact_key uuid not null,
  id uuid not null,
  outcome text not null check (outcome in ('hard', 'soft', 'delayed')),
  -- Enhanced status code (RFC 3463).
  status text,
  -- The server's words, without addresses.
  diagnostic text,
  -- True when a token of our own came back with it; else anybody may have written it.
  is_verified boolean not null,
  heard_at timestamptz not null,
  primary key (contact_key, id)
);

-- One row a mail, so that the same mail delivered again is one signal.
-- distributed
create table seen_mails (
  mail_key uuid primary key,
  verdict text not null,
  reason text,
  seen_at timestamptz not null
);

-- What a human has to read, with the moment it has to be decided by.
-- local
create table review_items (
  id uuid primary key,
  -- Whom it seems to be from: an address, or the holder of a link. Null when nothing says.
  contact_key uuid,
  kind text not null,
  reason text not null,
  -- The writer's words and address; null once erased.
  excerpt text,
  sender text,
  mail_hash bytea not null check (octet_length(mail_hash) = 32),
  arrived_at timestamptz not null,
  due_at timestamptz not null,
  decided_at timestamptz,
  check (due_at >= arrived_at)
);
create index review_items_open on review_items (due_at) where decided_at is null;
create index review_items_contact on review_items (contact_key);
