import { everything } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, keyed, phone, saveTestRelation, say } from '../../test/people.ts'
import { askGate } from './ask-gate.ts'
import { type ExportedStanding, exportStanding, NothingToExport } from './export-standing.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(async () => hub[Symbol.asyncDispose]())

const addresses = ['jan@voorbeeld.be', 'Piet.Peeters+Nieuws@Post.Example', 'an@sub.voorbeeld.be']

async function exported(topic: string, channel: 'email' | 'sms' = 'email') {
  const rows: ExportedStanding[] = []
  const summary = await exportStanding(hub, { brand: 'acme', channel, topic }, hub.clock(), async (page) => {
    rows.push(...page)
  })
  return { rows, summary }
}

describe('the export of standings', () => {
  it('has the answer of the gate about everybody, by key and fingerprint, and the one about the others', async () => {
    const people = [...addresses.map(email), phone('+32470123456'), phone('+31612345678')]
    for (const [index, point] of people.entries()) {
      if (index % 2 === 0) await say(hub, point, { kind: 'objection', scope: everything })
      else await saveTestRelation(hub, `c${index}`, [point], { customerSince: '2024-01-01' })
    }
    for (const channel of ['email', 'sms'] as const) {
      const { rows, summary } = await exported('news', channel)
      const asked = people.filter(({ type }) => type === (channel === 'email' ? 'email' : 'phone'))
      const questions = asked.map((contactPoint) => ({ contactPoint, brand: 'acme', channel, topic: 'news' }))
      const answers = await askGate(hub.db, hub.catalog, hub.secrets, questions, hub.clock())
      // Relations are in it too, by their customer number.
      expect(rows.filter(({ type }) => type !== 'customer')).toHaveLength(asked.length)
      for (const [index, point] of asked.entries()) {
        const { key, fingerprint } = keyed(hub, point)
        const { position, ...decision } = answers[index] ?? { position: '' }
        const text = BigInt.asUintN(64, fingerprint).toString(16).padStart(16, '0')
        expect(rows.find((row) => row.key === key)).toEqual({ key, fingerprint: text, type: point.type, decision })
        expect(summary.position).toBe(position)
      }
      expect(summary.others).toMatchObject({ decision: 'deny', reason: 'no_basis' })
    }
    await expect(exported('nobody-made-this')).rejects.toBeInstanceOf(NothingToExport)
  })
})
