/**
 * Personal links made a second on one core without the hub: `node bench/links-offline.mjs [--links 1000000]`. Counted in CPU
 * time of the process, so that neighbours don't count. Each link is then written into a message's header block, as its
 * use would, because a string of JavaScript is only put together when it is read. Beside it the hub's own way of sealing
 * (`sealLink` of core), without the strings around it.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { root } from '../scripts/install.mjs'
import { emailOf, loadGate } from './gate-bundle.mjs'

const { values } = parseArgs({ options: { links: { type: 'string', default: '1000000' } } })
const links = Number(values.links)
/** Rounds of which the middle one counts. */
const rounds = 5

const gate = await loadGate()
const core = await loadCore()
const secrets = core.hashSecrets(randomBytes(32))
const ring = core.sealRing([{ id: 1, secret: randomBytes(32) }], 'link')
const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const key = gate.parseLinkKey({
  keyId: 1,
  macKey: base64(ring.current.macKey),
  cipherKey: base64(ring.current.cipherKey),
  contactPointInner: base64(gate.hashStateAfter(secrets.hmacBlocks.inner)),
  contactPointOuter: base64(gate.hashStateAfter(secrets.hmacBlocks.outer)),
  url: 'https://optout.example.com',
  mailDomain: 'in.optout.example.com',
  brands: [
    {
      id: 'bench',
      number: 1,
      country: 'BE',
      topics: [{ id: 'news', number: 1, listId: 'news.bench.in.optout.example.com' }],
      campaigns: [{ id: 'may', number: 7 }],
    },
  ],
})
const minter = new gate.LinkMinter(key)
const mailing = { brand: 'bench', channel: 'email', topic: 'news', campaign: 'may', offered: ['all', 'topic'] }
const people = Array.from({ length: links }, (_, index) => ({ type: 'email', value: emailOf(index) }))
const message = Buffer.alloc(2_048)

assertSame()
console.log('| | links | links/s of CPU |\n|---|---:|---:|')
show('Verzet, offline, made', (person, now) => minter.links(person, mailing, now))
show('Verzet, offline, written into the headers', (person, now) => {
  write(minter.links(person, mailing, now))
})
showMany('Verzet, offline, a list of 1,000, written into the headers', (list, now) => {
  for (const links of minter.linksMany(list, mailing, now)) write(links)
})
show('core, sealed alone, as the hub does', (person, now) => {
  const sealed = core.sealLink(ring, claimsOf(person, now))
  core.linkPathToken(sealed)
  core.linkMailToken(sealed)
})
show('for comparison: two createHmac and nothing else', (person) => {
  createHmac('sha256', key.macKey).update(person.value).digest()
  createHmac('sha256', key.cipherKey).update(person.value).digest()
})

function claimsOf(person, now) {
  const contactPointKey = core.contactPointKey(secrets, { type: 'email', normalised: person.value })
  const { channel, offered } = mailing
  return { contactPointKey, brandNumber: 1, topicNumber: 1, campaignNumber: 7, channel, offered, mintedAt: now }
}

/** What is measured is what the hub opens. */
function assertSame() {
  for (const person of people.slice(0, 1_000)) {
    const now = Date.now()
    const token = core.linkPathToken(core.sealLink(ring, claimsOf(person, now)))
    if (!minter.links(person, mailing, now).page.endsWith(token)) throw new Error('the links are not those of the hub')
  }
}

/** Puts the strings together, as a message does. */
function write({ headers, stopAll }) {
  let end = message.latin1Write(headers['List-Unsubscribe'], 0)
  end += message.latin1Write(headers['List-Unsubscribe-Post'], end)
  end += message.latin1Write(headers['List-Id'], end)
  message.latin1Write(stopAll, end)
}

function show(name, make) {
  measure(name, (now) => {
    for (const person of people) make(person, now)
  })
}

function showMany(name, make) {
  measure(name, (now) => {
    for (let from = 0; from < people.length; from += 1_000) make(people.slice(from, from + 1_000), now)
  })
}

function measure(name, makeAll) {
  const rates = []
  for (let round = 0; round < rounds; round += 1) {
    const now = Date.now()
    const before = process.cpuUsage()
    makeAll(now)
    const { user, system } = process.cpuUsage(before)
    rates.push((links / (user + system)) * 1_000_000)
  }
  const middle = rates.sort((one, other) => one - other)[rounds >> 1]
  console.log(`| ${name} | ${links.toLocaleString('en')} | ${Math.round(middle).toLocaleString('en')} |`)
}

async function loadCore() {
  const bundle = join(tmpdir(), `core-bench-${process.pid}.mjs`)
  const entryPoints = [join(root, 'packages/core/src/index.ts')]
  await build({ entryPoints, bundle: true, platform: 'node', format: 'esm', outfile: bundle, logLevel: 'error' })
  try {
    return await import(pathToFileURL(bundle).href)
  } finally {
    rmSync(bundle, { force: true })
  }
}
