import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { addRelayCredential, RelayCredentialVerifier, removeRelayCredential } from './relay-credentials.ts'

let now = Date.UTC(2026, 10, 21, 9)
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())

const wish = { brand: { id: 'acme' }, whenRefused: 'refuse', headersOnly: false, linksInService: false } as const

async function signIn() {
  const made = await addRelayCredential(hub.db, wish, now, hub.random)
  if (made.kind !== 'made') throw new Error('the name is taken')
  return made
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

describe('a password that was right', () => {
  it('is known for ten minutes, so that a client that signs in for each mail pays for scrypt once', async () => {
    const { name, password } = await signIn()
    const verifier = new RelayCredentialVerifier(hub.db, hub.clock)
    const verify = async () => expect(await verifier.verify(name, password)).toMatchObject({ name, brand: 'acme' })
    const firstMs = await millisecondsOf(verify)
    const hundredMs = await millisecondsOf(async () => {
      for (let count = 0; count < 100; count++) await verify()
    })
    expect(hundredMs).toBeLessThan(firstMs * 10)
    now += 10 * 60_000 + 1
    expect(await millisecondsOf(verify)).toBeGreaterThan(hundredMs / 100)
  })

  it('makes no other one right', async () => {
    const [one, other] = [await signIn(), await signIn()]
    const verifier = new RelayCredentialVerifier(hub.db, hub.clock)
    await verifier.verify(one.name, one.password)
    for (const password of ['', 'wrong', `${one.password} `, other.password]) {
      expect(await verifier.verify(one.name, password)).toBeUndefined()
    }
    expect(await verifier.verify(other.name, one.password)).toBeUndefined()
    expect(await verifier.verify('nobody', one.password)).toBeUndefined()
    expect(await verifier.verify(one.name, one.password)).toBeDefined()
  })

  it('is right no more, within a second, when its sign-in was removed', async () => {
    const { name, password } = await signIn()
    const verifier = new RelayCredentialVerifier(hub.db, hub.clock)
    expect(await verifier.verify(name, password)).toBeDefined()
    await removeRelayCredential(hub.db, name, now)
    now += 1_000
    expect(await verifier.verify(name, password)).toBeUndefined()
    expect(await verifier.find(name)).toBeUndefined()
  })
})
