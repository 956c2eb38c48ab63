import type { HashSecrets } from '@verzet/core'

export const sqlDialects = ['postgresql', 'duckdb'] as const
export type SqlDialect = (typeof sqlDialects)[number]

/**
 * An address that is its own normal form but for capitals and spaces around it, as almost all are; any other is NULL,
 * and has to be asked of the gate. A name with two hyphens in third and fourth place is an encoded one.
 */
const plainAddress = '^[a-z0-9._+-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{1,63}$'
const encodedName = '[@.][a-z0-9-]{2}--'
/** RFC 5321 §4.5.3.1.3. */
const addressCharactersMax = 254

/**
 * `verzet_email(text)` and `verzet_key(type, normalised)` for a warehouse: the contact point key of the hub, HMAC-SHA-256
 * written out as its two hashes (RFC 2104), so that no extension is needed. The text holds the pepper.
 */
export function keyFunctionSql({ hmacBlocks }: HashSecrets, dialect: SqlDialect): string {
  const inner = hmacBlocks.inner.toString('hex')
  const outer = hmacBlocks.outer.toString('hex')
  return dialect === 'postgresql' ? postgresql(inner, outer) : duckdb(inner, outer)
}

function postgresql(inner: string, outer: string): string {
  return `-- Holds the secret of the contact point keys: keep it as you keep the pepper. PostgreSQL 11 or later.
create or replace function verzet_email(address text) returns text language sql immutable parallel safe as $$
  select case when length(plain) <= ${addressCharactersMax} and plain ~ '${plainAddress}' and plain !~ '${encodedName}' then plain end
  from (select lower(btrim(address))) as given (plain)
$$;
create or replace function verzet_key(type text, normalised text) returns uuid language sql immutable parallel safe as $$
  select encode(substr(sha256('\\x${outer}'::bytea || sha256('\\x${inner}'::bytea || convert_to(type || ':' || normalised, 'UTF8'))), 1, 16), 'hex')::uuid
$$;
`
}

function duckdb(inner: string, outer: string): string {
  return `-- Holds the secret of the contact point keys: keep it as you keep the pepper. DuckDB 1.0 or later.
create or replace macro verzet_email(address) as
  case when length(lower(trim(address))) <= ${addressCharactersMax}
    and regexp_matches(lower(trim(address)), '${plainAddress}')
    and not regexp_matches(lower(trim(address)), '${encodedName}')
  then lower(trim(address)) end;
create or replace macro verzet_key(type, normalised) as
  substr(sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || encode(type || ':' || normalised)))), 1, 32)::uuid;
`
}
