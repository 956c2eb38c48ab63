import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SmppLink } from '../../src/adapters/smpp/smpp-link.ts'
import { FakeSmsc } from '../../src/adapters/smpp/testing/fake-smsc.ts'
import type { SmsAccount } from '../../src/services/texts/sms-accounts.ts'
import { listChoices } from '../../src/storage/choices.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { ask, keyed, type Point, phone } from '../people.ts'
import { freePort } from './free-port.ts'
import { isMissing } from './missing.ts'

const fakesmscPath = '/usr/lib/kannel/test/fakesmsc'
const startsWithinMs = 20_000

/**
 * A phone is played by Kannel's fakesmsc, the operator's gateway is Kannel's bearerbox, and between it and the hub stands
 * an SMPP server that passes messages on as they are:
 *
 *   fakesmsc ⇄ bearerbox ⇄ SMPP ⇄ FakeSmsc ⇄ SMPP ⇄ SmppLink ─► hub
 */
describe.skipIf(isMissing('kannel'))('texts through Kannel', () => {
  let hub: TestHub
  let smsc: FakeSmsc
  let link: SmppLink
  let phonePort = 0
  const directory = mkdtempSync(join(tmpdir(), 'verzet-kannel-'))
  const running: ChildProcess[] = []
  let people = 0

  beforeAll(async () => {
    hub = await createTestHub()
    smsc = await FakeSmsc.start()
    smsc.onSubmit = (user, body) => void smsc.deliver(body, user === 'kannel' ? 'hub' : 'kannel').catch(() => {})
    const account: SmsAccount = {
      id: 'operator',
      brand: 'acme',
      vendor: 'smpp',
      numbers: ['8850'],
      settings: { host: smsc.address, user: 'hub' },
      secrets: { sending: 'password' },
    }
    link = new SmppLink(hub, account, { holder: randomUUID(), wakeTexts: () => {}, log: () => {} })
    phonePort = await freePort()
    const [admin, box] = [await freePort(), await freePort()]
    const path = join(directory, 'kannel.conf')
    writeFileSync(path, configuration({ admin, box, phone: phonePort, smpp: smsc.address.split(':')[1] ?? '' }))
    start('bearerbox', ['-v', '1', path])
    await vi.waitUntil(
      () => smsc.binds.includes('hub password') && smsc.binds.includes('kannel secret'),
      startsWithinMs,
    )
  }, 60_000)

  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await link[Symbol.asyncDispose]()
    await smsc[Symbol.asyncDispose]()
    await hub[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true, force: true })
  })

  // Kannel's operator of the tests has one phone at a time.
  afterEach(async () => {
    const [, ...phones] = running.splice(0, running.length, ...running.slice(0, 1))
    for (const child of phones) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
  })

  function start(program: string, args: readonly string[]) {
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { text: '' }
    const keep = (chunk: unknown) => {
      output.text += String(chunk)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    running.push(child)
    return { child, output }
  }

  /** Somebody texts 8850. `message` in the words of fakesmsc: a type, and what goes with it. */
  function textFrom(number: Point, message: string) {
    return start(fakesmscPath, [
      '-v',
      '1',
      '-r',
      String(phonePort),
      '-i',
      '0.1',
      '-m',
      '1',
      `${number.value} 8850 ${message}`,
    ])
  }

  const stranger = () => {
    people += 1
    return phone(`+3247044${1000 + people}`)
  }
  const said = (number: Point) => listChoices(hub.db, [keyed(hub, number).key])

  it('a STOP closes the gate, the number known or not', async () => {
    const number = stranger()
    textFrom(number, 'text Stop.')
    await vi.waitFor(async () => expect(await said(number)).toHaveLength(1), startsWithinMs)
    expect(await ask(hub, number, 'phone')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('"Arrêtez svp" comes as UCS-2 and is read', async () => {
    const number = stranger()
    const words = Buffer.from('Arrêtez svp', 'utf16le').swap16()
    textFrom(number, `ucs2 ${[...words].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('')}`)
    await vi.waitFor(async () => expect(await said(number)).toHaveLength(1), startsWithinMs)
  })

  it('"bus stop" is no opt-out', async () => {
    const number = stranger()
    const [before] = await hub.db.query<{ count: number }>('select count(*)::int as count from seen_texts')
    textFrom(number, 'text I am at the bus stop')
    await vi.waitFor(async () => {
      const [now] = await hub.db.query<{ count: number }>('select count(*)::int as count from seen_texts')
      expect(now?.count).toBe((before?.count ?? 0) + 1)
    }, startsWithinMs)
    expect(await said(number)).toEqual([])
  })

  it('what the hub sends is read on the phone as it was written', async () => {
    const number = stranger()
    const { output } = start(fakesmscPath, [
      '-v',
      '1',
      '-r',
      String(phonePort),
      '-i',
      '60',
      '-m',
      '1',
      `${number.value} 8850 text hello`,
    ])
    await vi.waitFor(() => expect(output.text).toContain('sent message 1'), startsWithinMs)
    expect(await link.send({ to: number.value, text: 'Acme: u krijgt geen reclame meer van ons.' })).toEqual({
      kind: 'sent',
    })
    await vi.waitFor(() => expect(output.text).toContain('u krijgt geen reclame meer van ons.'), startsWithinMs)
  })
})

function configuration(ports: { admin: number; box: number; phone: number; smpp: string }): string {
  return `group = core
admin-port = ${ports.admin}
smsbox-port = ${ports.box}
admin-password = none
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = phone
port = ${ports.phone}
connect-allow-ip = 127.0.0.1
allowed-smsc-id = phone
reroute-smsc-id = operator

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = ${ports.smpp}
transceiver-mode = true
smsc-username = "kannel"
smsc-password = "secret"
system-type = "VMA"
allowed-smsc-id = operator
reroute-smsc-id = phone

group = smsbox
bearerbox-host = 127.0.0.1
`
}
