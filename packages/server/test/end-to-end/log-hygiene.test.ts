import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/storage/database.ts'
import { startSmtpSink } from '../smtp-sink.ts'
import {
  addBrand,
  buildHub,
  call,
  embeddedConnectionString,
  type HubProcess,
  makeDataDir,
  startHub,
  until,
} from './hub-process.ts'

const person = {
  email: 'wilhelmina.vandenbossche@voorbeeld.be',
  added: 'mina.prive@exemple.be',
  phone: '+32470998877',
  phoneAsTyped: '0470 99 88 77',
  street: 'Zonnebloemlaan 47',
  name: 'Wilhelmina Vandenbossche',
  externalId: 'KLANT-88123377',
  comment: 'mijn buurvrouw Cornelia klaagt ook',
  proofOfSale: 'kassabon-5512',
}
/** What somebody sends who guesses, mistypes or means harm. */
const stray = {
  key: `vz_${'ab'.repeat(16)}_${'Zq'.repeat(21)}x`,
  malformed: 'half.json@voorbeeld.be',
  path: 'pad.in.url@voorbeeld.be',
  raw: 'rauw@voorbeeld.be',
}

beforeAll(buildHub)

it('writes no address, number, name, token, key or pepper anywhere, whatever people do', async () => {
  await using directory = await makeDataDir()
  // A mail server that repeats the recipient in its refusal, as they do.
  await using sink = await startSmtpSink({ onRecipient: (address) => `550 5.1.1 <${address}>: no such user` })
  const env = { VERZET_LOG_LEVEL: 'debug', VERZET_SMARTHOST: sink.url, VERZET_MAIL_FROM: 'optout@proef.example' }
  await using hub = await startHub({ dataDir: directory.path, env })
  await addBrand(hub)
  const tokens = [...(await speak(hub)), ...(await goAstray(hub))]
  await failInside(hub, directory.path)
  await until(async () => sink.commands.some((line) => /^RCPT/i.test(line)), 15_000)
  const metrics = await (await fetch(`${hub.ready.url}/metrics`)).text()
  expect((await hub.stop()).code).toBe(0)

  const secrets = JSON.parse(readFileSync(join(directory.path, 'secrets.json'), 'utf8'))
  const forbidden = [
    ...Object.values(person),
    ...Object.values(stray),
    '470998877',
    'vandenbossche',
    hub.ready.apiKey,
    hub.ready.apiKey.split('_').slice(2).join('_'),
    secrets.pepper,
    secrets.linkKeys[0].secret,
    ...tokens,
  ].flatMap((word) => [word, encodeURIComponent(word)])
  const ready = `${JSON.stringify(hub.ready)}\n`
  const written = {
    stdout: hub.stdout().replace(ready, ''),
    stderr: hub.stderr(),
    'postgres.log': readFileSync(join(directory.path, 'postgres.log'), 'utf8'),
    metrics,
  }
  expect(written.stdout).toBe('')
  expect(written.stderr).toContain('"route":"/u/:token"')
  expect(written.stderr).toContain('a mail of kind confirm')
  expect(written.metrics).toContain('verzet_optouts_total')
  const found = Object.entries(written).flatMap(([where, text]) => {
    const lower = text.toLowerCase()
    return forbidden.filter((word) => lower.includes(word.toLowerCase())).map((word) => `${word} in ${where}`)
  })
  expect(found).toEqual([])
}, 60_000)

/** A person's whole way through the hub; returns the tokens it was made of. */
async function speak(hub: HubProcess): Promise<string[]> {
  const contactPoints = [
    { type: 'email', value: person.email },
    { type: 'phone', value: person.phoneAsTyped },
    { type: 'post', value: `${person.street}, 9000 Gent, België` },
  ]
  const saved = await call(hub, 'PUT', `/v1/relations/${person.externalId}`, {
    language: 'nl',
    name: person.name,
    contactPoints,
  })
  expect(saved.status, saved.text).toBe(201)
  const question = { contactPoint: contactPoints[1], brand: 'proef', channel: 'sms', topic: 'nieuws' }
  expect((await call(hub, 'POST', '/v1/gate', question)).status).toBe(200)
  const links = await call(hub, 'POST', '/v1/links', {
    contactPoint: contactPoints[0],
    brand: 'proef',
    channel: 'email',
    topic: 'nieuws',
    campaign: 'lente',
  })
  const page = String(links.body.page)
  const post = (act: string, fields: Record<string, string>) =>
    fetch(page + act, { method: 'POST', body: new URLSearchParams(fields) })
  expect((await fetch(page)).status).toBe(200)
  expect((await fetch(page, { method: 'HEAD' })).status).toBe(200)
  expect((await post('', { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
  for (const [act, fields] of [
    ['/stop', { scope: 'all' }],
    ['/less', { cadence: '1/week' }],
    ['/pause', { days: '30' }],
    ['/details', { name: person.name, language: 'fr' }],
    ['/add-contact', { email: person.added }],
    ['/erase', {}],
  ] as const) {
    const response = await post(act, fields)
    expect([200, 422], `${act} ${response.status}`).toContain(response.status)
  }
  expect((await fetch(String(links.body.shortUrl))).status).toBeLessThan(500)
  const choice = {
    contactPoint: { type: 'email', value: person.email },
    kind: 'objection',
    scope: { brand: 'proef' },
    author: 'agent',
    reason: 'other',
    comment: person.comment,
    proof: { receipt: person.proofOfSale },
  }
  expect((await call(hub, 'POST', '/v1/choices', choice)).status).toBeLessThan(500)
  expect((await call(hub, 'GET', `/v1/relations/${person.externalId}/timeline`)).status).toBe(200)
  const feed = await fetch(`${hub.ready.url}/v1/changes`, { headers: { authorization: `Bearer ${hub.ready.apiKey}` } })
  expect((await feed.body?.getReader().read())?.done).toBe(false)
  const mailto = /^mailto:([^@]+)@/.exec(String(links.body.mailto))?.[1] ?? ''
  return [new URL(page).pathname.split('/')[2] ?? '', mailto, String(links.body.code)]
}

/** Everything that ends in a refusal; returns the forged token. */
async function goAstray(hub: HubProcess): Promise<string[]> {
  const { url, apiKey } = hub.ready
  const forged = 'Ab'.repeat(28)
  expect((await call(hub, 'GET', '/v1/brands', undefined, stray.key)).status).toBe(401)
  expect(
    (await call(hub, 'POST', '/v1/gate', { contactPoint: { type: 'email', value: stray.malformed }, kanaal: 1 }))
      .status,
  ).toBe(400)
  const malformed = await fetch(`${url}/v1/choices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: `{"contactPoint":{"type":"email","value":"${stray.malformed}"`,
  })
  expect(malformed.status).toBe(400)
  for (const path of [
    `/u/${forged}`,
    `/${stray.path}`,
    `/v1/relations/${stray.path}?q=${stray.path}`,
    `/u/${forged}/stop?e=${stray.path}`,
    `/%ff${stray.path}`,
    `/c/${forged}`,
  ]) {
    expect(
      (await fetch(url + path, { headers: { referer: `http://x/${stray.path}`, 'user-agent': stray.path } })).status,
    ).toBeGreaterThanOrEqual(400)
  }
  const large = { contactPoint: { type: 'email', value: stray.malformed }, comment: person.comment.repeat(20_000) }
  expect((await call(hub, 'POST', '/v1/choices', large)).status).toBe(413)
  for (const garbage of [
    `GET /${stray.raw} HTP/1.1\r\n\r\n`,
    `POST /u/${forged} HTTP/1.1\r\nHost: ${stray.raw}\r\nContent-Length: 900\r\n\r\n${stray.raw}`,
  ]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(garbage)
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
  }
  return [forged]
}

/** A request that the database breaks off in the middle, with what was said in it. */
async function failInside(hub: HubProcess, dataDir: string): Promise<void> {
  const db = await openDatabase({ connectionString: embeddedConnectionString(dataDir), poolSize: 1 })
  await db.execute('alter table choices add constraint never check (source is null) not valid')
  const choice = {
    contactPoint: { type: 'email', value: person.email },
    kind: 'objection',
    scope: {},
    author: 'agent',
    source: person.comment,
  }
  expect((await call(hub, 'POST', '/v1/choices', choice)).status).toBe(500)
  await db.execute('alter table choices drop constraint never')
  await db.execute(`select count(pg_terminate_backend(pid)) from pg_stat_activity
    where pid <> pg_backend_pid() and application_name like 'verzet-%'`)
  await db[Symbol.asyncDispose]()
  await until(async () => (await call(hub, 'POST', '/v1/choices', choice)).status === 201, 5_000)
}
