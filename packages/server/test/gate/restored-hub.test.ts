import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partitionOf } from '@verzet/core'
import { createGate, type Gate } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, type TestApi } from '../api.ts'
import { email, keyed, say } from '../people.ts'

const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
const jan = email('jan@voorbeeld.be')

let lost: TestApi
let restored: TestApi
let directory: string
const gates: Gate[] = []

beforeEach(async () => {
  lost = await createTestApi()
  restored = await createTestApi()
  directory = mkdtempSync(join(tmpdir(), 'verzet-gate-'))
})
afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.close()))
  for (const api of [lost, restored]) {
    api.app.server.closeAllConnections()
    await api[Symbol.asyncDispose]()
  }
  rmSync(directory, { recursive: true, force: true })
})

/** A gate that goes on from the same snapshot file, whichever hub it follows. */
async function follow({ app, key }: TestApi): Promise<Gate> {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const gate = createGate({ url, key, cacheFile: join(directory, 'gate.snapshot') })
  gates.push(gate)
  await gate.ready
  return gate
}

describe('a gate whose hub was restored from a backup', () => {
  it('begins anew when the hub stands before it, also where nothing else tells the two apart', async () => {
    const forgotten = email('an@voorbeeld.be')
    for (let time = 0; time < 3; time += 1) await say(lost.hub, forgotten, { kind: 'objection' })
    await (await follow(lost)).close()
    await say(restored.hub, jan, { kind: 'objection' })
    const gate = await follow(restored)
    expect(gate.decide(jan, about).reason).toBe('objection')
    expect(gate.decide(forgotten, about).reason).toBe('no_basis')
    expect(gate.metrics().gaps).toBe(1)
  })

  it('begins anew when the hub went further than it since', async () => {
    // Test databases are clones of one: this one was made later.
    await restored.hub.db.execute('update migrations set applied_at = applied_at + $1::interval', ['1 day'])
    const partitionAt = ({ hub }: TestApi, value: string) => partitionOf(keyed(hub, email(value)).key)
    const values = Array.from({ length: 1_000 }, (_, number) => `p${number}@voorbeeld.be`)
    const another = values.find((value) => partitionAt(lost, value) === partitionAt(lost, jan.value)) ?? ''
    await say(lost.hub, email(another), { kind: 'objection' })
    await (await follow(lost)).close()
    // A number the gate knows already, and one that it does not.
    await say(restored.hub, jan, { kind: 'objection' })
    await say(restored.hub, email(another), { kind: 'objection' })
    const gate = await follow(restored)
    expect(gate.decide(jan, about).reason).toBe('objection')
  })
})
