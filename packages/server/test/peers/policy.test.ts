import { everything } from '@verzet/core'
import { createGate, type Gate } from '@verzet/gate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPolicyServer } from '../../src/adapters/sidecar/policy-server.ts'
import { createTestApi, type TestApi } from '../api.ts'
import { email, type Point, saveTestRelation, say } from '../people.ts'
import { freePort } from './free-port.ts'
import { isMissing } from './missing.ts'
import { type Postfix, startPostfix } from './postfix.ts'
import { eventually, trySwaks } from './programs.ts'

const sender = 'nieuws@acme.example'
const reader = email('lezer@lezers.example')
const objector = email('weg@lezers.example')
const seldom = email('soms@lezers.example')

let api: TestApi
let gate: Gate
let policy: Awaited<ReturnType<typeof startPolicyServer>> | undefined
let policyPort: number
let postfix: Postfix

async function startPolicy(): Promise<void> {
  const topic = { brand: 'acme', topic: 'news' }
  policy = await startPolicyServer({ gate, host: '127.0.0.1', port: policyPort, topic, count() {}, log() {} })
}

/** What Postfix answers to the recipient; the mail itself is not sent. */
async function askPostfix(to: Point): Promise<string> {
  const place = ['--server', '127.0.0.1', '--port', String(postfix.port)]
  const { said } = await trySwaks(...place, '--from', sender, '--to', to.value, '--quit-after', 'RCPT')
  const lines = said.split('\n')
  const asked = lines.findIndex((line) => line.includes('RCPT TO'))
  return lines[asked + 1]?.slice(4).trim() ?? ''
}

describe.skipIf(isMissing('postfix', 'swaks'))('a Postfix that asks the sidecar', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    api = await createTestApi()
    for (const [number, point] of [reader, objector, seldom].entries()) {
      await saveTestRelation(api.hub, `P-${number}`, [point], { customerSince: '2024-01-01', country: 'BE' })
    }
    await say(api.hub, seldom, { kind: 'cadence', scope: everything, cadence: { max: 1, per: 'week' } })
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
    gate = createGate({ url, key: api.key })
    await gate.ready
    policyPort = await freePort()
    await startPolicy()
    const service = `check_policy_service inet:127.0.0.1:${policyPort}`
    postfix = await startPostfix(`smtpd_recipient_restrictions = ${service}, permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_policy_service_try_limit = 1
smtpd_policy_service_retry_delay = 1s`)
  }, 120_000)
  afterAll(async () => {
    await postfix?.[Symbol.asyncDispose]()
    await policy?.[Symbol.asyncDispose]()
    await gate?.close()
    api?.app.server.closeAllConnections()
    await api?.[Symbol.asyncDispose]()
  }, 60_000)

  it('takes a recipient who may be written to, and refuses one within a moment of the no', async () => {
    expect(await askPostfix(reader)).toMatch(/^250 2\.1\.5 /)
    expect(await askPostfix(objector)).toMatch(/^250 2\.1\.5 /)
    await say(api.hub, objector, { kind: 'objection', scope: everything })
    const answer = await eventually(
      () => askPostfix(objector),
      (found) => !found.startsWith('250'),
      5_000,
    )
    expect(answer).toMatch(
      /^550 5\.7\.1 <weg@lezers\.example>: Recipient address rejected: .*has said no.*\(objection\)/,
    )
  })

  it('refuses what goes beyond what the person asked for', async () => {
    expect(await askPostfix(seldom)).toMatch(/^250 2\.1\.5 /)
    expect(await askPostfix(seldom)).toMatch(/^550 5\.7\.1 .*\(cadence\)/)
  })

  it('lets the mail wait while the sidecar is away', async () => {
    await policy?.[Symbol.asyncDispose]()
    expect(await askPostfix(reader)).toMatch(/^451 4\.3\.5 /)
    await startPolicy()
    expect(await askPostfix(reader)).toMatch(/^250 2\.1\.5 /)
  })
})
