-- The relay: who may send through it, which list of theirs is which topic, and what was passed on for whom.

-- reference
create table relay_credentials (
  name text collate "C" primary key,
  brand text collate "C" not null references brands (id),
  -- Set where everything this credential sends is about one topic, or belongs to one campaign.
  topic text collate "C",
  campaign text,
  salt bytea not null check (octet_length(salt) = 16),
  password_hash bytea not null check (octet_length(password_hash) = 32),
  -- What a recipient who may not be written to is answered with: 550, or 250 and nothing is sent.
  when_refused text not null check (when_refused in ('refuse', 'accept')),
  -- Advertising whose body cannot be changed leaves with the header fields alone.
  headers_only boolean not null,
  -- Service mail carries the ways out as well.
  links_in_service boolean not null,
  created_at timestamptz not null,
  removed_at timestamptz
);

-- reference
create table relay_lists (
  brand text collate "C" not null references brands (id),
  -- The identifier in List-Id (RFC 2919), in lower case.
  list_id text collate "C" not null,
  topic text collate "C" not null,
  created_at timestamptz not null,
  primary key (brand, list_id)
);

-- One row a mail and recipient. The id is made from the mail itself: the same one sent again is the same row.
-- distributed
create table relayed_mails (
  contact_key uuid not null,
  id uuid not null,
  brand text collate "C" not null,
  topic text collate "C" not null,
  campaign text,
  credential text collate "C" not null,
  -- sent: handed to the next hop; dropped: answered 250 and not sent; failed: the next hop did not take it.
  outcome text not null check (outcome in ('sent', 'dropped', 'failed')),
  reason text,
  -- The ways out stand in the header alone.
  headers_only boolean not null,
  recorded_at timestamptz not null,
  primary key (contact_key, id)
);
create index relayed_mails_campaign on relayed_mails (brand, campaign, recorded_at);
-- Housekeeping looks for what is old.
create index relayed_mails_recorded on relayed_mails (recorded_at);
