#!/usr/bin/env node
// `node bench/insight.mjs [--sends 10000000] [--choices 1000000] [--per-second 100] [--looks 20] [--recount]`: how long a page of
// insight takes over a year of data, and whether opt-outs are slower while pages are asked for and days are counted.
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { startDiskProbe } from './disk-probe.mjs'
import { describeMachine, makeDataDir, readColumn, runVerzet, startHub, writePeople } from './hub-process.mjs'
import { startLooking } from './insight-looks.mjs'
import { httpRequest, sendAll } from './load.mjs'

const { values } = parseArgs({
  options: {
    sends: { type: 'string', default: '10000000' },
    choices: { type: 'string', default: '1000000' },
    'per-second': { type: 'string', default: '100' },
    looks: { type: 'string', default: '20' },
    recount: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  process.stdout.write(
    'node bench/insight.mjs [--sends 10000000] [--choices 1000000] [--per-second 100] [--looks 20] [--recount]\n',
  )
  process.exit(0)
}
const [sends, choices, perSecond, looks] = [values.sends, values.choices, values['per-second'], values.looks].map(
  Number,
)
/** Ten messages a person and year. */
const people = Math.max(1_000, Math.floor(sends / 10))
/** As many rows as one statement inserts without a transaction of minutes. */
const rowsAtOnce = 250_000
const clients = 64
/** Opt-outs alone and opt-outs beside the looks take turns, so that a machine that gets slower slows both. */
const [warmUpSeconds, turnSeconds, turns] = [5, 20, 8]
/** As four members of staff do who each look at a page every second. */
const betweenLooksMs = 250
const log = (line) => process.stderr.write(`${line}\n`)
const pg = createRequire(new URL('../packages/server/package.json', import.meta.url))('pg')

const key = (number) => `md5('person ' || ${number})::uuid`
const day = (number) => `now() - make_interval(secs => ((${number})::bigint * 7919 % 31536000)::float8)`
const oneOf = (names, number) =>
  `(array[${names.map((name) => `'${name}'`).join(',')}])[1 + (${number})::int % ${names.length}]`
const fills = [
  [
    people,
    (from, to) => `insert into contact_points (key, type, created_at)
      select ${key('n')}, 'email', now() - interval '2 years' from generate_series(${from}, ${to}) n on conflict do nothing`,
  ],
  [
    people,
    (from, to) => `with person as (select ${key('n')} as point, md5('relation ' || n)::uuid as whole, ${day('n')} as at
        from generate_series(${from}, ${to}) n),
      relation as (insert into relations (key, language, country, created_at, updated_at)
        select whole, 'nl', 'BE', at, at from person),
      tie as (insert into relation_contact_points (relation_key, contact_key, linked_at)
        select whole, point, at from person)
      insert into contact_point_relations (contact_key, relation_key, linked_at) select point, whole, at from person`,
  ],
  [
    sends,
    (from, to) => `insert into relayed_mails
        (contact_key, id, brand, topic, campaign, credential, outcome, headers_only, recorded_at)
      select ${key(`n % ${people}`)}, md5('mail ' || n)::uuid, 'bench', ${oneOf(['news', 'offers'], 'n')},
        'c' || n % 120, 'bench', 'sent', false, ${day('n')} from generate_series(${from}::int, ${to}::int) n`,
  ],
  [
    choices,
    (from, to) => `insert into choices
        (subject_key, id, kind, author, said_at, recorded_at, signal, reason, comment, origin)
      select ${key(`n % ${people}`)}, md5('choice ' || n)::uuid, 'objection', 'person', ${day('n')}, ${day('n')},
        ${oneOf(['one_click', 'page', 'mailto', 'complaint', 'text'], 'n')},
        ${oneOf(['too_many', 'not_relevant', 'privacy', 'temporary'], 'n')},
        case when n % 40 = 0 then 'Te veel berichten over aanbieding ' || n % 97 end,
        jsonb_build_object('brand', 'bench', 'channel', ${oneOf(['email', 'sms'], 'n / 7')},
          'topic', ${oneOf(['news', 'offers'], 'n')}, 'campaign', 'c' || n % 120)
      from generate_series(${from}::int, ${to}::int) n`,
  ],
  // One leave in four asked its question, and every other one of these ended in an alternative; one alternative is rare.
  [
    Math.floor(choices / 4),
    (
      from,
      to,
    ) => `insert into leaves (subject_key, id, scope, brand, channel, policy, state, link, started_at, answered_at,
        alternative)
      select ${key(`n * 4 % ${people}`)}, md5('leave ' || n)::uuid, '{}', 'bench', ${oneOf(['email', 'sms'], 'n / 7')},
        'confirm_on_page', ${oneOf(['narrowed', 'confirmed', 'narrowed', 'unanswered'], 'n')}, md5('link ' || n)::uuid, at,
        case when n % 4 < 3 then at + interval '1 minute' end,
        case when n % 2 = 0 then case when n % 1000 = 0 then 'rare' else ${oneOf(['pause', 'less', 'topics'], 'n')} end end
      from generate_series(${from}::int, ${to}::int) n, lateral (select ${day('n * 4')} as at) said`,
  ],
]

await ensureBuilt()
const { dataDir, remove } = makeDataDir()
let hub = await startHub(dataDir)
try {
  const pages = await prepare()
  const db = await connectTo(dataDir)
  await fill(db)
  const cookie = await signIn(db)
  const countMs = await timed(() => runVerzet(dataDir, ['insight', 'recount']))
  log(`a year counted in ${Math.round(countMs / 1000)} s`)
  await db.query('vacuum analyze')
  await db.end()
  await settle()
  const quiet = await startLooking({ url: hub.url, cookie, times: looks }).took
  await measureOptOuts(optOutsOf(pages, warmUpSeconds))
  const [alone, beside, busy] = [[], [], new Map()]
  for (let turn = 0; turn < turns; turn += 1) {
    alone.push(await measureOptOuts(optOutsOf(pages, turnSeconds)))
    log(`opt-outs alone: ${JSON.stringify(alone.at(-1))}`)
    const looking = startLooking({ url: hub.url, cookie, pauseMs: betweenLooksMs })
    // At full speed, which the hub's own worker never is.
    const counted = values.recount ? runVerzet(dataDir, ['insight', 'recount']) : undefined
    beside.push(await measureOptOuts(optOutsOf(pages, turnSeconds)))
    looking.stop()
    const [took] = await Promise.all([looking.took, counted])
    for (const [name, ms] of took) busy.set(name, [...(busy.get(name) ?? []), ...ms])
    log(`opt-outs beside: ${JSON.stringify(beside.at(-1))}`)
  }
  await report({ countMs, quiet, busy, alone, beside })
} finally {
  await hub.stop()
  remove()
}

async function prepare() {
  const put = async (path, body) => {
    const headers = { authorization: `Bearer ${hub.apiKey}`, 'content-type': 'application/json' }
    const answer = await fetch(`${hub.url}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
  await put('/v1/brands/bench', { name: 'Bench', controller: 'Bench NV', country: 'BE', settings: {} })
  for (const topic of ['news', 'offers']) {
    await put(`/v1/brands/bench/topics/${topic}`, { purpose: 'marketing', names: { en: topic } })
  }
  await hub.stop()
  const [csv, linked] = [join(dataDir, 'people.csv'), join(dataDir, 'linked.csv')]
  await writePeople(csv, (warmUpSeconds + 2 * turns * turnSeconds) * perSecond)
  await runVerzet(dataDir, ['import', csv, '--basis', 'customer', '--customer-since', '2024-01-01', '--brand', 'bench'])
  await runVerzet(dataDir, ['links', csv, '--brand', 'bench', '--topic', 'news', '--campaign', 'c1', '--out', linked])
  await runVerzet(dataDir, ['staff', 'add', 'ann@bench.example', '--role', 'administrator'])
  hub = await startHub(dataDir)
  return (await readColumn(linked, 'optout_page')).values()
}

/** postmaster.pid (PostgreSQL): fourth line the port, fifth the socket directory. */
async function connectTo(directory) {
  const lines = readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  const client = new pg.Client({ host: lines[4], port: Number(lines[3]), user: 'verzet', database: 'verzet' })
  await client.connect()
  return client
}

async function fill(db) {
  for (const [count, statement] of fills) {
    for (let from = 0; from < count; from += rowsAtOnce) {
      await db.query(statement(from, Math.min(count, from + rowsAtOnce) - 1))
      log(`${Math.min(count, from + rowsAtOnce).toLocaleString('en')} of ${count.toLocaleString('en')}`)
    }
  }
  await db.query('vacuum analyze')
}

/** Everything that was filled in is written out, so that the disk is not busy with it while opt-outs are timed. */
async function settle() {
  await hub.stop()
  await promisify(execFile)('sync')
  hub = await startHub(dataDir)
}

/** A session of the account that was added, as the hub makes one: only the hash of its token is stored. */
async function signIn(db) {
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest()
  await db.query(
    `insert into staff_sessions (id, staff_id, token_hash, created_at, seen_at)
     select gen_random_uuid(), id, $1, now(), now() from staff_accounts`,
    [hash],
  )
  return `verzet-session=${token}`
}

function* optOutsOf(pages, seconds) {
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  for (let left = seconds * perSecond; left > 0; left -= 1)
    yield httpRequest('POST', new URL(pages.next().value).pathname, type, 'List-Unsubscribe=One-Click')
}

async function measureOptOuts(requests) {
  const disk = await startDiskProbe(dataDir)
  const {
    count,
    perSecond: reached,
    p50Ms,
    p99Ms,
    statuses,
  } = await sendAll({
    port: hub.port,
    clients,
    requests,
    ratePerSecond: perSecond,
  })
  if (statuses[200] !== count) throw new Error(`not every opt-out was answered: ${JSON.stringify(statuses)}`)
  const diskMs = Math.round(await disk.stop())
  return { count, perSecond: reached, p50Ms, p99Ms, diskMs }
}

async function timed(work) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function middle(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}

async function report({ countMs, quiet, busy, alone, beside }) {
  const rows = [...quiet].map(([name, took]) => {
    const other = busy.get(name) ?? []
    const numbers = [middle(took), Math.max(...took), middle(other), Math.max(...other)]
    return `| ${[name, ...numbers.map((one) => Math.round(one)), other.length].join(' | ')} |`
  })
  const turnRow = (name, measured) => {
    const of = (key) => measured.map((one) => one[key])
    const spread = (key) => `${middle(of(key))} (${Math.min(...of(key))} to ${Math.max(...of(key))})`
    return `| ${name} | ${of('count').reduce((sum, count) => sum + count, 0)} | ${middle(of('perSecond'))} | ${spread('p50Ms')} | ${spread('p99Ms')} | ${spread('diskMs')} |`
  }
  process.stdout.write(`## Insight

${sends.toLocaleString('en')} messages and ${choices.toLocaleString('en')} choices of a year; ${await describeMachine()}.
The year was counted in ${Math.round(countMs / 1000)} s. “Busy”: while ${perSecond} people opt out each second and pages are looked at
one after the other, ${betweenLooksMs} ms apart${values.recount ? ', and the year is counted again' : ''}.

| page | p50, ms | slowest, ms | busy p50, ms | busy slowest, ms | looks while busy |
|---|---:|---:|---:|---:|---:|
${rows.join('\n')}

${turns} turns of ${turnSeconds} s each, alone and beside in turns: the middle one, with the least and the most.

| opt-outs | how many | a second | p50, ms | p99, ms | slowest sync of another file, ms |
|---|---:|---:|---:|---:|---:|
${turnRow('alone', alone)}
${turnRow('while insight is looked at', beside)}
`)
}
