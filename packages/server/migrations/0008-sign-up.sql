-- Signing up and coming back, and the public opt-out form.

-- The words a person agrees to, per brand and language. A version is never changed: a consent names the one it was
-- given under (GDPR art. 7(1)).
-- reference
create table consent_texts (
  brand text collate "C" not null references brands (id),
  version integer not null check (version >= 1),
  language text collate "C" not null,
  body text not null,
  privacy_url text,
  created_at timestamptz not null,
  primary key (brand, version, language)
);
revoke update, delete, truncate on consent_texts from current_user;

-- What somebody asked to get, and whether the reader of the address confirmed it; until then nothing holds.
-- distributed
create table sign_ups (
  subject_key uuid not null,
  -- A UUIDv4, because it is the record id of ISO/IEC TS 27560 as well.
  id uuid not null,
  brand text collate "C" not null,
  topics text[] not null check (cardinality(topics) >= 1),
  channel text collate "C" not null,
  language char(2) not null,
  -- Exactly what was shown; the version is null for words that are not among the brand's consent texts.
  text_shown text not null,
  text_version integer,
  privacy_url text,
  source text,
  contact_type text not null check (contact_type in ('email', 'phone')),
  -- Kept here alone until it is confirmed, because it may be a stranger's; null afterwards.
  contact_value text,
  created_at timestamptz not null,
  -- The last time the same was asked.
  asked_at timestamptz not null,
  messaged_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  primary key (subject_key, id)
);

-- The mail that told an address of a no said on the public form, and lets its reader say that it was not them.
-- distributed
create table opt_out_notices (
  subject_key uuid not null,
  id uuid not null,
  brand text collate "C",
  language char(2) not null,
  -- The first no it is about; later ones of the form are undone with it.
  said_at timestamptz not null,
  expires_at timestamptz not null,
  undone_at timestamptz,
  primary key (subject_key, id)
);

-- How many messages of a kind an address was owed within a day, so that a form is no way of filling somebody's mailbox.
-- The row also makes those who ask for one address at once wait for each other.
-- distributed
create table contact_message_counts (
  contact_key uuid not null,
  kind text collate "C" not null,
  -- When the day began: with its first message.
  started_at timestamptz not null,
  count integer not null check (count >= 0),
  primary key (contact_key, kind)
);
