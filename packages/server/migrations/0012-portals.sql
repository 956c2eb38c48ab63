-- The customer's portals: who may vouch for a person to the hub, by which key, and on which sites the element may speak.

-- reference
create table portals (
  -- The `iss` of the tokens it signs.
  name text collate "C" primary key,
  brand text collate "C" not null references brands (id),
  key_kind text not null check (key_kind in ('jwks', 'public_key', 'shared_secret')),
  jwks_url text,
  -- PEM, SubjectPublicKeyInfo.
  public_key text,
  -- Sealed under the deployment's pepper: a copy of the database signs nothing.
  sealed_secret bytea,
  -- Origins as a browser writes them.
  origins text[] not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  check ((key_kind = 'jwks') = (jwks_url is not null)),
  check ((key_kind = 'public_key') = (public_key is not null)),
  check ((key_kind = 'shared_secret') = (sealed_secret is not null))
);
