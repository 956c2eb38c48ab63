-- A mailbox at an outside provider that is read over IMAP: how far, by whom, and what could not be read yet.

-- local
create table imap_mailboxes (
  -- A keyed hash of user, server and folder.
  mailbox_key uuid primary key,
  -- UIDs are numbers within one UIDVALIDITY (RFC 3501 §2.3.1.1); null until it was read once.
  uid_validity bigint,
  last_uid bigint,
  -- The process that reads it, until when.
  holder uuid not null,
  lease_until timestamptz not null,
  read_at timestamptz,
  -- Since when it cannot be read, and the code of why.
  failed_at timestamptz,
  failure text,
  check ((uid_validity is null) = (last_uid is null))
);

-- Mails that were passed over and are tried again.
-- local
create table imap_set_aside (
  mailbox_key uuid not null references imap_mailboxes (mailbox_key),
  uid_validity bigint not null,
  uid bigint not null,
  attempts integer not null check (attempts > 0),
  first_failed_at timestamptz not null,
  next_attempt_at timestamptz not null,
  failure text not null,
  primary key (mailbox_key, uid_validity, uid)
);

-- Those heard a month ago are removed.
create index seen_mails_seen_at on seen_mails (seen_at);
