/**
 * Says where the SQL leaves the subset that PostgreSQL and the engines compatible with it share, so that rows can be
 * spread over machines by contact point key. Every table declares how it is spread in the line above its `create table`:
 *
 *   -- distributed   large; a row lies with its first key column: a contact point key (uuid) or a partition number
 *   -- reference     small, the same on every node
 *   -- local         a queue of one node
 *
 * docs/operate/database.md explains the rules to those who run the database.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isTest, lineAt, readSources } from './source-scan.mjs'
import { maskSql, readAlteredTable, readLiterals, readTable, splitStatements } from './sql-text.mjs'

const migrationsPath = 'packages/server/migrations'
const storagePath = 'packages/server/src/storage/'
/** They make the server and its tables, before there is anything to spread. */
const groundPaths = [`${storagePath}embedded/`, `${storagePath}migrate.ts`]

/** What came after PostgreSQL 15, by the words it is recognised by (release notes of 16, 17 and 18). */
const newerThan15 = [
  /\b(?:any_value|array_sample|array_shuffle|random_normal|date_add|date_subtract|pg_input_is_valid|system_user)\b/i,
  /\b(?:json_arrayagg|json_objectagg|json_array|is\s+json|json_serialize|json_scalar)\b/i,
  /\b(?:json_table|json_query|json_value|json_exists|merge_action|to_bin|to_oct|xmltext|unicode_assigned)\b/i,
  /\b(?:transaction_timeout|at\s+local|on_error|uuidv7|uuidv4|casefold|array_sort|array_reverse|crc32c?)\b/i,
  /\b(?:without\s+overlaps|not\s+enforced|generated\s+always\s+as\s*\(.*\)\s*virtual)\b/is,
  /\brandom\s*\(\s*[^)\s]/i,
  /\bmerge\s+into\b.*\breturning\b/is,
  /\breturning\b.*\b(?:old|new)\./is,
  /\b(?:0x[0-9a-f]+|\d+_\d[\d_]*)\b/i,
]

const inEveryStatement = [
  {
    rule: 'stored-code',
    pattern:
      /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+|event\s+)?(?:trigger|function|procedure|rule)\b|^\s*do\s+\$/i,
    message: 'what happens is written in the application: no trigger, function, procedure, rule or DO block',
  },
  {
    rule: 'advisory-lock',
    pattern: /\bpg_(?:try_)?advisory_\w+/i,
    message: 'an advisory lock holds on one node only; use a row with lease_until',
  },
  {
    rule: 'sequence',
    pattern: /\bcreate\s+sequence\b|\b(?:small|big)?serial\b|\bas\s+identity\b|\b(?:nextval|setval)\s*\(/i,
    message: 'a sequence has gaps and one home; make a UUIDv7, or move a counter row of the partition',
  },
  ...newerThan15.map((pattern) => ({
    rule: 'postgresql-15',
    pattern,
    message: 'this came after PostgreSQL 15, the oldest version Verzet runs on',
  })),
]

const onDistributedTables = [
  {
    rule: 'skip-locked',
    pattern: /\bskip\s+locked\b/i,
    message: 'SKIP LOCKED on a distributed table; lease rows of a local one',
  },
  {
    rule: 'not-exists',
    pattern: /(?<!\bif\s+)\bnot\s+exists\b/i,
    message: 'NOT EXISTS on a distributed table; use on conflict, or a left join by key',
  },
]

const inMigrations = [
  {
    rule: 'transaction-control',
    pattern: /^\s*(?:begin|commit|rollback|start\s+transaction)\b|\bconcurrently\b/i,
    message: 'each file runs in one transaction of its own',
  },
]

const notify = /^\s*(?:listen|unlisten|notify)\s+[a-z_"$]|\bpg_notify\s*\(/i
const startsLikeSql =
  /^\s*(?:with|select|insert|update|delete|merge|create|alter|drop|truncate|copy|lock|do|listen|notify)\b/i
/** In one case throughout, as SQL is written and sentences are not. */
const looksLikeSql = [
  /^\s*(?:select\s[\s\S]*?\sfrom\s|insert\s+into\s+\S+\s*(?:\(|select|values)|update\s+\S+\s+set\s|delete\s+from\s+\S)/,
  /^\s*(?:SELECT\s[\s\S]*?\sFROM\s|INSERT\s+INTO\s+\S+\s*(?:\(|SELECT|VALUES)|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s+\S)/,
]

/** Findings as `{path, line, rule, message}`, for migrations `{path, text}` and sources `{path, code}`. */
export function lintSql({ migrations, sources }) {
  const tables = new Map()
  const found = []
  for (const migration of migrations) {
    for (const statement of splitStatements(migration.text)) {
      const report = reporter(found, migration.path, migration.text, statement.start)
      checkTables(statement, migration.text, tables, report)
      checkStatement(statement, tables, [...inEveryStatement, ...inMigrations], report)
    }
  }
  for (const { path, code } of sources) {
    if (isTest(path) || !path.startsWith('packages/server/')) continue
    for (const literal of readLiterals(code)) {
      const report = reporter(found, path, code, literal.at)
      if (!path.startsWith(storagePath)) checkOutsideStorage(literal, code, report)
      else if (!groundPaths.some((ground) => path.startsWith(ground))) checkLiteral(literal, tables, report)
    }
  }
  return found
}

function reporter(found, path, text, start) {
  return (at, rule, message) => found.push({ path, line: lineAt(text, start + at), rule, message })
}

function checkOutsideStorage({ text, at }, code, report) {
  const isQueried = /\.\s*(?:query|execute)\s*(?:<[^(]*>)?\(\s*(?:\{[^}]*\btext:\s*)?.$/s.test(
    code.slice(Math.max(0, at - 200), at),
  )
  if (looksLikeSql.some((pattern) => pattern.test(text)) || (isQueried && startsLikeSql.test(text))) {
    report(0, 'sql-outside-storage', `SQL lies in ${storagePath}, a function a statement`)
  }
}

function checkLiteral(literal, tables, report) {
  const statement = { text: literal.text, masked: maskSql(literal.text) }
  // A word of a sentence is not SQL; a fragment that a statement inserts is.
  const rules = startsLikeSql.test(statement.masked) ? inEveryStatement : inEveryStatement.filter(isUnmistakable)
  checkStatement(statement, tables, rules, report)
  const made = /^\s*create\s+(?:unlogged\s+)?table\b/i.test(statement.masked)
  if (made) report(0, 'table-kind', 'tables are made by migrations')
}

function isUnmistakable({ rule }) {
  return rule === 'advisory-lock' || rule === 'stored-code'
}

function checkStatement({ text, masked }, tables, rules, report) {
  for (const { rule, pattern, message } of rules) {
    const match = pattern.exec(masked)
    if (match) report(match.index + leadingBlanks(match[0]), rule, message)
  }
  const named = [...masked.matchAll(/\b[a-z_]\w*\b/gi)].map(([word]) => tables.get(word.toLowerCase())?.kind)
  // A statement that names no known table (a fragment, a name put in by the application) may be about any.
  const distributed = named.includes('distributed') || named.every((kind) => kind === undefined)
  for (const { rule, pattern, message } of distributed ? onDistributedTables : []) {
    const match = pattern.exec(masked)
    if (match) report(match.index, rule, message)
  }
  const match = notify.exec(masked)
  if (match && !/\/\*\s*hint\b/.test(text)) {
    report(match.index, 'notify', 'NOTIFY may only be a hint to look earlier; when it is, say so: /* hint */')
  }
}

function leadingBlanks(text) {
  return text.length - text.trimStart().length
}

function checkTables({ masked, start }, migration, tables, report) {
  const created = readTable(masked)
  if (created) {
    const kind = readKind(migration, start)
    if (!kind)
      report(0, 'table-kind', `${created.name} needs a line directly above: -- distributed, -- reference or -- local`)
    tables.set(created.name, { kind, primaryKey: created.primaryKey })
    checkPrimaryKey(created, kind, report)
    checkConstraints(created, tables, report)
    return
  }
  const altered = readAlteredTable(masked)
  if (altered) checkConstraints(altered, tables, report)
  const index = /^create\s+unique\s+index\b.*?\bon\s+(?:only\s+)?"?(\w+)/is.exec(masked)
  if (index && tables.get(index[1])?.kind === 'distributed') report(0, 'extra-unique', extraUnique(index[1]))
}

function readKind(migration, start) {
  const above = migration.slice(0, start).trimEnd().split('\n').at(-1) ?? ''
  const between = migration.slice(0, start).slice(migration.slice(0, start).trimEnd().length)
  if ((between.match(/\n/g) ?? []).length > 1) return undefined
  return /^\s*--\s*(distributed|reference|local)\s*$/.exec(above)?.[1]
}

function checkPrimaryKey(table, kind, report) {
  const [first] = table.primaryKey
  if (first === undefined) report(0, 'key-first', `${table.name} has no primary key`)
  for (const column of table.primaryKey) {
    const found = table.columns.get(column)
    if (
      found &&
      /^(?:text|varchar|char|character)\b/i.test(found.definition) &&
      !/\bcollate\s+"C"/.test(found.definition)
    ) {
      report(found.at, 'collation', `${table.name}.${column} is a text key; it needs collate "C"`)
    }
  }
  if (kind !== 'distributed' || first === undefined) return
  const isKey = /^(?:\w+_)?key$/.test(first) && /^uuid\b/i.test(table.columns.get(first)?.definition ?? '')
  if (first !== 'partition' && !isKey) {
    report(
      0,
      'key-first',
      `${table.name} is distributed; its primary key starts with a uuid key (key, …_key) or partition`,
    )
  }
}

function extraUnique(table) {
  return `${table} is distributed; beside its primary key nothing can be unique across nodes`
}

function checkConstraints(table, tables, report) {
  const { kind, primaryKey = [] } = tables.get(table.name) ?? {}
  if (kind === 'distributed') for (const { at } of table.uniques) report(at, 'extra-unique', extraUnique(table.name))
  for (const { columns, target, targetColumns, at } of table.foreignKeys) {
    const other = tables.get(target)
    if (kind !== 'distributed' && other?.kind !== 'distributed') continue
    const [otherFirst] = targetColumns.length > 0 ? targetColumns : (other?.primaryKey ?? [])
    const together =
      kind === other?.kind &&
      columns[0] === primaryKey[0] &&
      otherFirst !== undefined &&
      otherFirst === other?.primaryKey[0]
    if (!together) {
      report(at, 'foreign-key', `${table.name} and ${target} do not lie together by their first key column`)
    }
  }
}

function readMigrations(root) {
  const directory = join(root, migrationsPath)
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter((file) => file.endsWith('.sql'))
  return files
    .sort()
    .map((file) => ({ path: `${migrationsPath}/${file}`, text: readFileSync(join(directory, file), 'utf8') }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const found = lintSql({ migrations: readMigrations(root), sources: readSources(root) })
  for (const { path, line, rule, message } of found) process.stdout.write(`${path}:${line}: ${rule}: ${message}\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}
