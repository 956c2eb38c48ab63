-- Passkeys, sign-in at an OpenID provider, own sets of permissions, and the second pair of eyes.

-- When a session last proved who is at the keyboard, and how; null for what began before this was kept.
alter table staff_sessions add column authenticated_at timestamptz;
alter table staff_sessions add column method text not null default 'password'
  check (method in ('password', 'passkey', 'provider'));
create index staff_sessions_created on staff_sessions (created_at);

-- Somebody may have sets of permissions alone, and no role.
alter table staff_accounts drop constraint staff_accounts_roles_check;
alter table staff_accounts add constraint staff_accounts_roles_check
  check (roles <@ array['agent', 'marketer', 'privacy_officer', 'administrator']);

-- Sets of permissions that an administrator puts together and names.
-- reference
create table staff_permission_sets (
  id uuid primary key,
  name text not null unique check (name <> ''),
  permissions text[] not null check (cardinality(permissions) > 0),
  created_at timestamptz not null
);

-- Who has which set.
-- reference
create table staff_account_sets (
  staff_id uuid not null references staff_accounts (id),
  set_id uuid not null references staff_permission_sets (id),
  primary key (staff_id, set_id)
);

-- Passkeys (WebAuthn level 3, 4: credential record). credential_id: base64url, as the authenticator chose it.
-- reference
create table staff_passkeys (
  id uuid primary key,
  staff_id uuid not null references staff_accounts (id),
  credential_id text collate "C" not null unique,
  public_key bytea not null,
  -- Counts the uses at an authenticator that counts; 0 at one that does not.
  sign_count bigint not null check (sign_count >= 0),
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index staff_passkeys_staff on staff_passkeys (staff_id);

-- Challenges that were answered, so that none is answered twice; named by 16 bytes of their SHA-256.
-- local
create table staff_answered_challenges (
  id uuid primary key,
  expires_at timestamptz not null
);

-- Who somebody is at an OpenID provider: its name for them, which no other account there can take over.
-- reference
create table staff_provider_identities (
  issuer text collate "C" not null,
  subject text collate "C" not null,
  staff_id uuid not null references staff_accounts (id),
  created_at timestamptz not null,
  primary key (issuer, subject),
  unique (staff_id, issuer)
);

-- Consents that a member of staff recorded for somebody who had said no, waiting for a second member.
-- reference
create table lift_proposals (
  id uuid primary key,
  contact_key uuid not null,
  scope jsonb not null,
  -- How the person asked for it; gone once it is decided or too late.
  note text,
  signal text not null,
  said_at timestamptz not null,
  proposed_by uuid not null references staff_accounts (id),
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by uuid references staff_accounts (id),
  decided_at timestamptz,
  verdict text check (verdict in ('approved', 'refused')),
  check (decided_by is null or decided_by <> proposed_by),
  check ((decided_at is null) = (verdict is null) and (decided_by is null) = (verdict is null))
);
create index lift_proposals_open on lift_proposals (expires_at) where decided_at is null;
create index lift_proposals_contact on lift_proposals (contact_key) where decided_at is null;
