-- Text messages: the accounts they come from and leave by, what was heard before, and long ones until they are whole.

-- reference
create table sms_accounts (
  id text collate "C" primary key,
  brand text collate "C" not null references brands (id),
  vendor text not null check (vendor in ('twilio', 'sinch', 'messagebird', 'cm', 'vonage', 'smpp')),
  -- The numbers and short codes it has; the first one is what the hub's own texts come from.
  numbers text[] not null,
  -- What is not secret, by vendor: names of accounts, hosts, addresses that webhooks may come from.
  settings jsonb not null default '{}',
  -- The secrets, sealed with a key made from the deployment's pepper; of no use without it.
  secrets bytea not null,
  created_at timestamptz not null,
  removed_at timestamptz
);

-- One row a text or a delivery report, so that the same one delivered again is one signal.
-- distributed
create table seen_texts (
  text_key uuid primary key,
  verdict text not null,
  seen_at timestamptz not null
);
create index seen_texts_age on seen_texts (seen_at);

-- Parts of a long text that came by SMPP. A part is acknowledged once it is here, and gone when the whole was heard.
-- local
create table text_parts (
  account text collate "C" not null,
  -- A keyed digest of who sent it and the number its parts share.
  message_key uuid not null,
  part smallint not null check (part between 1 and 255),
  parts smallint not null check (parts between 1 and 255),
  sender text not null,
  recipient text not null,
  body text not null,
  arrived_at timestamptz not null,
  primary key (message_key, part)
);
create index text_parts_age on text_parts (arrived_at);

-- Which process holds the link to an operator.
-- local
create table smpp_links (
  account text collate "C" primary key,
  holder uuid not null,
  lease_until timestamptz not null
);
