-- Leaving well: what became of each no said on a page, the texts the hub owes, and what a topic decides for itself.

alter table topics add column settings jsonb not null default '{}';

-- One row a no that was said on the personal page; its id is the choice's. The gate never reads it.
-- distributed
create table leaves (
  subject_key uuid not null,
  id uuid not null,
  scope jsonb not null,
  -- The message that brought the person.
  brand text collate "C" not null,
  topic text collate "C",
  channel text collate "C" not null,
  campaign text collate "C",
  policy text not null check (policy in ('immediate', 'confirm_on_page', 'confirm_by_mail')),
  state text not null check (state in ('first_act', 'asked', 'confirmed', 'narrowed', 'returned', 'unanswered')),
  -- A keyless digest of the link it was said through: the same link may answer at once, another one by mail.
  link uuid not null,
  started_at timestamptz not null,
  asked_at timestamptz,
  -- When no answer counts as none; null where nothing is asked.
  closes_at timestamptz,
  answered_at timestamptz,
  -- The alternative that was taken, and the first choice it was recorded as.
  alternative text,
  answered_by uuid,
  primary key (subject_key, id)
);
create index leaves_open on leaves (closes_at) where state in ('first_act', 'asked');
create index leaves_started on leaves (started_at);

-- Texts the hub itself owes somebody.
-- local
create table outbound_texts (
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
create index outbound_texts_due on outbound_texts (next_attempt_at) where sent_at is null and failed_at is null;
