#!/usr/bin/env node
// `node bench/people-search.mjs [--contact-points 100000] [--searches 200] [--explain]`: how long staff wait for a person.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir, runVerzet, startHub } from './hub-process.mjs'

const { values } = parseArgs({
  options: {
    'contact-points': { type: 'string', default: '100000' },
    searches: { type: 'string', default: '200' },
    explain: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  process.stdout.write('node bench/people-search.mjs [--contact-points 100000] [--searches 200] [--explain]\n')
  process.exit(0)
}

/** People whose keys are real, to be found by address and number; the others fill the tables. */
const knownPeople = 2_000
const searches = Number(values.searches)
const contactPoints = Number(values['contact-points'])
/** Three contact points each: an address, a number and the customer number. */
const fillers = Math.max(0, Math.floor(contactPoints / 3) - knownPeople)
const password = 'a sentence that nobody guesses'
/** Few enough that each begins thousands of names, which is what makes a search by name hard. */
const firstNames = ['Jan', 'Els', 'Piet', 'Marie', 'Luc', 'Anne', 'Karel', 'Sofie', 'Tom', 'Julie']
const familyNames = ['Peeters', 'Janssens', 'Maes', 'Jacobs', 'Van den Berg', 'De Smet', 'Dubois', 'Lambert', 'Claes']

await ensureBuilt()
const log = (line) => process.stderr.write(`${line}\n`)
const { dataDir, remove } = makeDataDir()
try {
  await prepare()
  const hub = await startHub(dataDir, ['serve'])
  try {
    fill()
    const link = JSON.parse(
      await runVerzet(dataDir, ['staff', 'add', 'bench@example.com', '--role', 'administrator', '--json']),
    ).link
    const session = await signIn(hub, new URL(link).pathname)
    await report(hub, session)
    if (values.explain) explain()
  } finally {
    await hub.stop()
  }
} finally {
  remove()
}

async function prepare() {
  const file = join(dataDir, 'people.csv')
  const lines = Array.from({ length: knownPeople }, (_, index) => {
    const name = `${firstNames[index % firstNames.length]} ${familyNames[index % familyNames.length]} ${index}`
    return `K-${index},person${index}@known.example.be,+3247${String(index).padStart(7, '0')},${name}`
  })
  writeFileSync(file, `id,email,phone,name\n${lines.join('\n')}\n`)
  const brand = join(dataDir, 'brand.json')
  const topic = join(dataDir, 'topic.json')
  writeFileSync(brand, JSON.stringify({ id: 'bench', name: 'Bench', controller: 'Bench NV', country: 'BE' }))
  writeFileSync(topic, JSON.stringify({ brand: 'bench', id: 'news', purpose: 'marketing', names: { en: 'News' } }))
  await runVerzet(dataDir, ['brands', 'set', brand])
  await runVerzet(dataDir, ['topics', 'set', topic])
  const columns = ['--external-id', 'id', '--email', 'email', '--phone', 'phone', '--name', 'name']
  await runVerzet(dataDir, ['import', file, ...columns, '--basis', 'none', '--brand', 'bench'])
}

/** Rows of the sizes that a hub of so many people has: their ties, standings and a no of every tenth. */
function fill() {
  log(`filling the tables with ${fillers.toLocaleString('en')} people`)
  const names = (list) => `(array[${list.map((name) => `'${name}'`).join(',')}])`
  const pick = (list, by) => `${names(list)}[1 + (index / ${by}) % ${list.length}]`
  const step = 250_000
  psql('create table bench_people (relation uuid, email uuid, phone uuid, index bigint)')
  for (let from = 0; from < fillers; from += step) {
    const to = Math.min(from + step, fillers) - 1
    psql(`truncate bench_people;
      insert into bench_people select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), index
        from generate_series(${from}, ${to}) index;
      insert into relations (key, external_id, name, language, country, created_at, updated_at)
        select relation, 'F-' || index, ${pick(firstNames, 1)} || ' ' || ${pick(familyNames, 10)} || ' ' || index,
          'nl', 'BE', now(), now() from bench_people;
      insert into contact_points (key, type, value, created_at)
        select relation, 'customer', 'F-' || index, now() from bench_people union all
        select email, 'email', 'filler' || index || '@mail.example.be', now() from bench_people union all
        select phone, 'phone', '+3248' || index, now() from bench_people;
      insert into relation_contact_points (relation_key, contact_key, linked_at)
        select relation, email, now() from bench_people union all select relation, phone, now() from bench_people;
      insert into contact_point_relations (contact_key, relation_key, linked_at)
        select email, relation, now() from bench_people union all select phone, relation, now() from bench_people;
      insert into standings (contact_key, type, fingerprint)
        select relation, 'customer', index from bench_people union all
        select email, 'email', -index from bench_people union all select phone, 'phone', -index from bench_people;
      insert into choices (subject_key, id, kind, author, said_at, recorded_at, signal)
        select email, gen_random_uuid(), 'objection', 'person', now(), now(), 'page' from bench_people
        where index % 10 = 0;
      insert into evidence (subject_key, id, kind, recorded_at, body, hash)
        select email, gen_random_uuid(), 'choice', now(), '{}', decode(repeat('00', 32), 'hex') from bench_people
        where index % 10 = 0`)
  }
  psql('drop table bench_people')
  const tables = ['relations', 'contact_points', 'relation_contact_points', 'contact_point_relations', 'standings']
  psql(`analyze ${[...tables, 'choices', 'evidence'].join(', ')}`)
}

/** A browser's way in: the link, the password, then the cookie. */
async function signIn(hub, path) {
  const form = new URLSearchParams({ password, again: password })
  const answer = await fetch(`${hub.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: form,
    headers: origin(hub),
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0]
  if (cookie === '') throw new Error(`signing in was answered with ${answer.status}`)
  const page = await (await fetch(`${hub.url}/people`, { headers: { cookie } })).text()
  const token = /action="\/people\/search"[\s\S]*?name="form" value="([^"]+)"/.exec(page)?.[1]
  if (token === undefined) throw new Error('the page has no search form')
  return { cookie, token }
}

function origin(hub) {
  return { origin: new URL(hub.url).origin }
}

async function report(hub, { cookie, token }) {
  const some = (index) => (index * 7919) % knownPeople
  const ways = [
    ['address', (index) => `person${some(index)}@known.example.be`, 'known.example.be'],
    ['number', (index) => `+3247${String(some(index)).padStart(7, '0')}`, '+3247'],
    ['customer number', (index) => `K-${some(index)}`, 'known.example.be'],
    ['full name', (index) => `${firstNames[some(index) % 10]} ${familyNames[some(index) % 9]} ${some(index)}`, 'K-'],
    ['beginning of a common name', (index) => firstNames[index % firstNames.length], 'name="key"'],
    ['beginning of a common family name', (index) => familyNames[index % familyNames.length], 'name="key"'],
    ['address of nobody', (index) => `nobody${index}@example.org`, undefined],
    // What a page of staff costs on this machine at this moment, with nothing looked up.
    ['nothing typed: the empty page', () => '', 'name="who"'],
  ]
  const lines = []
  for (const [name, typed, expected] of ways) {
    const times = []
    for (let index = 0; index < searches; index += 1) {
      const body = new URLSearchParams({ form: token, who: typed(index) })
      const startedAt = performance.now()
      const answer = await fetch(`${hub.url}/people/search`, {
        method: 'POST',
        body,
        headers: { cookie, ...origin(hub) },
      })
      const text = await answer.text()
      times.push(performance.now() - startedAt)
      if (expected !== undefined && !(answer.status === 200 && text.includes(expected))) {
        throw new Error(`${name}: not found, ${answer.status}`)
      }
    }
    times.sort((one, other) => one - other)
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1)
    lines.push(`| ${name} | ${at(0.5)} | ${at(0.99)} |`)
  }
  const count = psql('select count(*) from contact_points').trim()
  process.stdout.write(`People search among ${Number(count).toLocaleString('en')} contact points, ${searches} searches a way, one at a
time, the whole page with its history over HTTP; the look that each keeps is in it. ${await describeMachine()}.

| by | p50, ms | p99, ms |
|---|---:|---:|
${lines.join('\n')}
`)
}

/** That a name is read from the indexes alone, however many begin so. */
function explain() {
  const migration = readFileSync(new URL('../packages/server/migrations/0023-name-search.sql', import.meta.url), 'utf8')
  for (const [, column] of migration.matchAll(/on relations \(\(([^;]*?)\n\) collate/g)) {
    process.stdout.write(
      psql(`prepare by_name (text, text, int) as select key from relations where name is not null
          and ${column} collate "C" >= lower($1) and ${column} collate "C" < lower($1) || $2
          order by ${column} collate "C" limit $3;
        set plan_cache_mode = force_generic_plan;
        explain (analyze, buffers) execute by_name('ma', U&'\\+10FFFF', 21)`),
    )
  }
}

function psql(statement) {
  // postmaster.pid (PostgreSQL): fourth line the port, fifth the socket directory.
  const lines = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')
  const [port = '', socket = ''] = lines.slice(3, 5)
  const args = [
    '-h',
    socket,
    '-p',
    port,
    '-U',
    'verzet',
    'verzet',
    '-q',
    '-A',
    '-t',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    statement,
  ]
  return execFileSync('psql', args, { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
}
