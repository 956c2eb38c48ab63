import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { People } from '../../test/importing.ts'
import { transact } from '../storage/database.ts'
import { eraseWholeRelation } from './erase-relation.ts'

const yearMs = 365 * 86_400_000

let people: People
beforeAll(async () => {
  people = await People.create()
})
afterAll(() => people[Symbol.asyncDispose]())

describe('an import never revives anyone', () => {
  it('whatever date its consent bears', async () => {
    const address = people.key('email', 'no@x.be')
    await people.sayNo(address)
    for (const saidAt of [null, people.now - yearMs, people.now, people.now + yearMs]) {
      const counts = await people.bringIn(people.person('NO', ['no@x.be', '0470000005'], saidAt))
      expect(counts.refusedStill).toBeGreaterThan(0)
      expect(await people.ask('no@x.be')).toBe('deny objection')
      expect(await people.ask('0470000005')).toBe('deny objection')
    }
  })

  it('when the no was said through another address of the same relation', async () => {
    await people.bringIn(people.person('SIB', ['sib@x.be']))
    await people.sayNo(people.key('email', 'sib@x.be'))
    await people.bringIn(people.person('SIB', ['sib2@x.be']))
    expect(await people.ask('sib2@x.be')).toBe('deny objection')
  })

  it('when the no was said for the customer before the hub knew them', async () => {
    await people.sayNo(people.key('customer', 'LATER'))
    await people.bringIn(people.person('LATER', ['later@x.be']))
    expect(await people.ask('later@x.be')).toBe('deny objection')
  })

  it('Erase person, re-import, still suppressed', async () => {
    const everything = people.person('ERASE', ['erase@x.be', '0470000006'])
    await people.bringIn(everything)
    await people.sayNo(people.key('email', 'erase@x.be'))
    await transact(people.hub.db, (tx) =>
      eraseWholeRelation(tx, people.hub.random, people.key('customer', 'ERASE').key, people.now, 'test'),
    )
    people.wait(1_000)
    await people.bringIn(everything)
    await people.bringIn(people.person('ANOTHER', ['erase@x.be', '0470000006'], people.now))
    expect(await people.ask('erase@x.be')).toBe('deny objection')
    expect(await people.ask('0470000006')).toBe('deny objection')
  })

  it('Re-import, API upsert, merge never revive: after any history, whoever was refused stays refused', async () => {
    const addresses = [0, 1, 2].map((index) => `h${index}@x.be`)
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('no' as const),
        of: fc.nat(2),
        scope: fc.constantFrom({}, { channel: 'email' as const }, { brand: 'acme' }),
      }),
      fc.record({ kind: fc.constant('yes' as const), of: fc.nat(2) }),
      fc.record({ kind: fc.constant('customer_no' as const), of: fc.nat(1) }),
      fc.record({ kind: fc.constant('import' as const), nr: fc.nat(1), of: fc.subarray([0, 1, 2], { minLength: 1 }) }),
      fc.record({ kind: fc.constant('erase' as const), of: fc.nat(1) }),
    )
    let run = 0
    let refused = 0
    const revived: string[] = []
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(1), fc.subarray([0, 1, 2], { minLength: 1 })), { minLength: 1, maxLength: 3 }),
        async (history, imports) => {
          run += 1
          const at = (index: number) => `p${run}-${addresses[index]}`
          const nr = (index: number) => `P${run}-${index}`
          for (const one of history) {
            if (one.kind === 'no') await people.sayNo(people.key('email', at(one.of)), one.scope)
            else if (one.kind === 'yes') await people.say(people.key('email', at(one.of)), 'consent', {})
            else if (one.kind === 'customer_no') await people.sayNo(people.key('customer', nr(one.of)))
            else if (one.kind === 'import') await people.bringIn(people.person(nr(one.nr), one.of.map(at)))
            else
              await transact(people.hub.db, (tx) =>
                eraseWholeRelation(tx, people.hub.random, people.key('customer', nr(one.of)).key, people.now, 'test'),
              )
          }
          people.wait(1_000)
          const before = await Promise.all(addresses.map((_, index) => people.ask(at(index))))
          for (const [index, of] of imports) {
            await people.bringIn(people.person(nr(index), of.map(at), people.now + yearMs))
            people.wait(1_000)
          }
          const after = await Promise.all(addresses.map((_, index) => people.ask(at(index))))
          for (const [index, answer] of before.entries()) {
            if (answer !== 'deny objection') continue
            refused += 1
            if (after[index] !== answer) revived.push(`${at(index)}: ${after[index]}`)
          }
          return revived.length === 0
        },
      ),
      { numRuns: 40 },
    )
    expect(revived).toEqual([])
    expect(refused).toBeGreaterThan(8)
  })
})
