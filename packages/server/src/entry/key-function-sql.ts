import type { HashSecrets } from '@verzet/core'
import { duckdbFingerprint, postgresqlFingerprint } from './fingerprint-sql.ts'

export const sqlDialects = ['postgresql', 'duckdb'] as const
export type SqlDialect = (typeof sqlDialects)[number]

/**
 * An address that is its own normal form but for capitals and spaces around it, as almost all are; any other is NULL,
 * and has to be asked of the gate. It is held against the text as written: what small letters a database makes of the
 * letters of other scripts depends on its locale. A name with two hyphens in third and fourth place is an encoded one.
 */
const plainAddress = '^[A-Za-z0-9._+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.])+[A-Za-z]{1,63}$'
const encodedName = '[@.][A-Za-z0-9-]{2}--'
/** RFC 5321 §4.5.3.1.3. */
const addressCharactersMax = 254

/**
 * Countries whose numbers a pattern can tell: the calling code, the lengths after the first digit that every database
 * may take (a part of those there are), and whether they are also written with a 0 instead. A number of these that does
 * not begin with 0 has nothing to take off.
 */
const phoneNumbers = [
  { country: 'BE', code: '32', lengths: '7,8', hasTrunkZero: true },
  { country: 'NL', code: '31', lengths: '8', hasTrunkZero: true },
  { country: 'FR', code: '33', lengths: '8', hasTrunkZero: true },
  { country: 'DE', code: '49', lengths: '7,10', hasTrunkZero: true },
  { country: 'GB', code: '44', lengths: '9', hasTrunkZero: true },
  { country: 'LU', code: '352', lengths: '5,8', hasTrunkZero: false },
  { country: 'ES', code: '34', lengths: '8', hasTrunkZero: false },
] as const
const internationalNumber = `^[+](${phoneNumbers.map(({ code, lengths }) => `${code}[1-9][0-9]{${lengths}}`).join('|')})$`
/** What stands between the digits without meaning anything. */
const phoneSeparators = ' .-/'

/**
 * Functions for a warehouse: `verzet_email(text)` and `verzet_phone(text, country)` give the normal form of what is
 * plainly written and NULL for the rest; `verzet_key(type, normalised)` the contact point key of the hub, HMAC-SHA-256
 * written out as its two hashes (RFC 2104), and `verzet_fingerprint(type, normalised)` the gate fingerprint. They need no
 * extension. The text holds the pepper and the key of the fingerprints.
 */
export function keyFunctionSql({ hmacBlocks, fingerprintKey }: HashSecrets, dialect: SqlDialect): string {
  const inner = hmacBlocks.inner.toString('hex')
  const outer = hmacBlocks.outer.toString('hex')
  return dialect === 'postgresql'
    ? `${postgresql(inner, outer)}${postgresqlFingerprint(fingerprintKey)}`
    : `${duckdb(inner, outer)}${duckdbFingerprint(fingerprintKey)}`
}

function postgresql(inner: string, outer: string): string {
  return `-- Holds the secret of the contact point keys: keep it as you keep the pepper. PostgreSQL 11 or later.
create or replace function verzet_email(address text) returns text language sql immutable parallel safe as $$
  select case when length(given) <= ${addressCharactersMax} and given ~ '${plainAddress}' and given !~ '${encodedName}' then lower(given collate "C") end
  from (select btrim(address)) as trimmed (given)
$$;
create or replace function verzet_phone(number text, country text) returns text language sql immutable parallel safe as $$
  select case when given ~ '${internationalNumber}' then given
${trunkCases((pattern) => `given ~ '${pattern}'`, 'given')}
    end
  from (select translate(number, '${phoneSeparators}', '')) as compact (given)
$$;
create or replace function verzet_key(type text, normalised text) returns uuid language sql immutable parallel safe as $$
  select encode(substr(sha256('\\x${outer}'::bytea || sha256('\\x${inner}'::bytea || convert_to(type || ':' || normalised, 'UTF8'))), 1, 16), 'hex')::uuid
$$;
`
}

function duckdb(inner: string, outer: string): string {
  return `-- Holds the secret of the contact point keys: keep it as you keep the pepper. DuckDB 1.3 or later.
create or replace macro verzet_email(address) as
  case when length(trim(address)) <= ${addressCharactersMax}
    and regexp_matches(trim(address), '${plainAddress}')
    and not regexp_matches(trim(address), '${encodedName}')
  then lower(trim(address)) end;
create or replace macro verzet_compact(number) as translate(number, '${phoneSeparators}', '');
create or replace macro verzet_phone(number, country) as
  case when regexp_matches(verzet_compact(number), '${internationalNumber}') then verzet_compact(number)
${trunkCases((pattern) => `regexp_matches(verzet_compact(number), '${pattern}')`, 'verzet_compact(number)')}
  end;
create or replace macro verzet_key(type, normalised) as
  substr(sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || encode(type || ':' || normalised)))), 1, 32)::uuid;
`
}

/** Numbers as they are dialled at home, in the country the brand is in. */
function trunkCases(matches: (pattern: string) => string, given: string): string {
  return phoneNumbers
    .filter(({ hasTrunkZero }) => hasTrunkZero)
    .map(({ country, code, lengths }) => {
      const pattern = `^0[1-9][0-9]{${lengths}}$`
      return `    when country = '${country}' and ${matches(pattern)} then '+${code}' || substr(${given}, 2)`
    })
    .join('\n')
}
