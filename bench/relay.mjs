#!/usr/bin/env node
/**
 * `node bench/relay.mjs [--mails 10000] [--connections 20] [--bytes 16000] [--refused 10]`: how many mails a second the
 * relay passes on to a mail server that takes everything, each to another person, rewritten and signed twice (RSA-2048
 * and Ed25519), and how much memory it takes. `--refused` is the share, in percent, of people who said no.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir, runVerzet, startHub, writePeople } from './hub-process.mjs'
import { percentile, sendAll, startSink } from './smtp-load.mjs'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '20' },
    bytes: { type: 'string', default: '16000' },
    refused: { type: 'string', default: '10' },
  },
})
const [mails, connections, bytes, refused] = [values.mails, values.connections, values.bytes, values.refused].map(
  Number,
)

/** A letter of text and HTML of about so many bytes, the same for everybody. */
function letter(recipient) {
  const paragraph = '<p style=3D"margin:0">Nouveau pain de mars, avec 4 euros de r=C3=A9duction.</p>\r\n'
  const text = 'Nouveau pain de mars, avec 4 euros de r=C3=A9duction.\r\n'
  return [
    `From: Shop <news@shop.example>\r\nTo: <${recipient}>\r\nSubject: Mars\r\nDate: Mon, 02 Mar 2026 09:00:00 +0100`,
    `Message-ID: <${recipient.replace('@', '.')}@shop.example>\r\nMIME-Version: 1.0`,
    'Content-Type: multipart/alternative; boundary=b\r\n',
    '--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    text.repeat(Math.max(1, bytes / 5 / text.length)),
    '--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    `<html><body>\r\n${paragraph.repeat(Math.max(1, (bytes * 0.8) / paragraph.length))}</body></html>\r\n`,
    '--b--',
  ].join('\r\n')
}

function memoryOf(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024)
}

/** Of the hub's process; the database beside it is not in it. */
function processorMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  const ticksPerSecond = 100
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

await ensureBuilt()
const place = makeDataDir()
const sink = await startSink()
let hub
try {
  hub = await prepare()
  const before = memoryOf(hub.child.pid, 'VmRSS')
  const usedBefore = processorMsOf(hub.child.pid)
  const recipients = Array.from({ length: mails }, (_, index) => `person${index}@mail${index % 97}.example.be`)
  const { name: user, password: pass } = hub.signIn
  const port = Number(hub.relayListen[0].split(':').at(-1))
  const run = await sendAll({
    port,
    auth: { user, pass },
    from: 'news@shop.example',
    recipients,
    message: letter,
    connections,
  })
  const noes = recipients.filter((_, index) => index % 100 < refused)
  console.table({
    machine: { value: await describeMachine() },
    'mails a second': { value: Math.round(mails / run.seconds) },
    'passed on a second': { value: Math.round(sink.recipients.size / run.seconds) },
    'p50, ms': { value: percentile(run.latenciesMs, 0.5).toFixed(1) },
    'p99, ms': { value: percentile(run.latenciesMs, 0.99).toFixed(1) },
    'processor of the hub, ms a mail': { value: ((processorMsOf(hub.child.pid) - usedBefore) / mails).toFixed(2) },
    'memory before, MB': { value: before },
    'memory at most, MB': { value: memoryOf(hub.child.pid, 'VmHWM') },
    answers: { value: JSON.stringify(run.answers) },
    'reached somebody who said no': { value: noes.filter((one) => sink.recipients.has(one)).length },
    'arrived twice': { value: [...sink.recipients.values()].filter((count) => count > 1).length },
  })
} finally {
  await hub?.stop()
  await sink.stop()
  place.remove()
}

/** People, a sign-in and keys, as an operator sets them up. */
async function prepare() {
  const { dataDir } = place
  const { writeFileSync } = await import('node:fs')
  const file = (name, content) => {
    writeFileSync(join(dataDir, name), content)
    return join(dataDir, name)
  }
  await runVerzet(dataDir, ['migrate'])
  const brand = { id: 'shop', name: 'The Shop', controller: 'Shop NV', country: 'BE' }
  const topic = { brand: 'shop', id: 'news', purpose: 'marketing', names: { en: 'News' } }
  await runVerzet(dataDir, ['brands', 'set', file('brand.json', JSON.stringify(brand))])
  await runVerzet(dataDir, ['topics', 'set', file('topics.json', JSON.stringify([topic]))])
  const people = join(dataDir, 'people.csv')
  await writePeople(people, mails)
  const columns = ['--external-id', 'id', '--email', 'email', '--language', 'language']
  await runVerzet(dataDir, [
    'import',
    people,
    '--brand',
    'shop',
    '--basis',
    'consent',
    '--channel',
    'email',
    ...columns,
    '--consent-at',
    '2024-05-01',
    '--consent-source',
    'form',
  ])
  const noes = [
    'email',
    ...Array.from({ length: mails }, (_, i) => i)
      .filter((i) => i % 100 < refused)
      .map((i) => `person${i}@mail${i % 97}.example.be`),
  ]
  if (noes.length > 1)
    await runVerzet(dataDir, ['import', '--objections', file('noes.csv', `${noes.join('\n')}\n`), '--email', 'email'])
  await runVerzet(dataDir, ['relay', 'keys', 'add', '--domain', 'shop.example', '--selector', 'bench'])
  const signIn = JSON.parse(
    await runVerzet(dataDir, ['relay', 'credentials', 'add', '--brand', 'shop', '--topic', 'news', '--json']),
  )
  const env = { VERZET_RELAY_LISTEN: '127.0.0.1:0', VERZET_RELAY_NEXT_HOP: `smtp://127.0.0.1:${sink.port}` }
  return { ...(await startHub(dataDir, ['serve'], env)), signIn }
}
