import { canonicalJson, evidenceHolds, type Scope, type Standing, uuidV7 } from '@verzet/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { lastSequence } from '../storage/changes.ts'
import { transact } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { findStandings, lockStandings } from '../storage/standings.ts'
import { tiesOfRelations } from '../storage/ties.ts'
import { askGate } from './ask-gate.ts'
import { eraseWholeRelation } from './erase-relation.ts'
import { importRelations, prepareImport, writeImport } from './import-relations.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { ImportOrigin, PersonToImport } from './person-to-import.ts'
import type { KeyedContactPoint } from './ports.ts'
import { choiceEvidence, type ChoiceWords } from './record-choices.ts'
import { refoldStandings } from './refold-standings.ts'

const yearMs = 365 * 86_400_000
let clock = Date.UTC(2026, 10, 21)
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => clock })
})
afterAll(() => hub[Symbol.asyncDispose]())

const origin: ImportOrigin = { basis: 'consent', actor: 'test', file: 'a file' }
const tools = () => ({ pepper: hub.secrets.pepper, random: hub.random })
const key = (type: 'email' | 'phone' | 'customer', value: string): KeyedContactPoint => {
  const named = keyContactPoint(hub.secrets, { type, value }, 'BE')
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

let consents = 0
function consentFor(point: KeyedContactPoint, saidAt: number | null, scope: Scope = { channel: 'email' }) {
  consents += 1
  const id = uuidV7(1, Buffer.from(String(consents).padStart(10, '0')))
  return { id, contactKey: point.key, scope, saidAt, source: 'form' }
}

function person(nr: string | undefined, addresses: string[], saidAt: number | null = clock): PersonToImport {
  const contactPoints = addresses.map((address) => key(address.includes('@') ? 'email' : 'phone', address))
  return {
    ...(nr !== undefined && { relation: { keyed: key('customer', nr), name: `Name ${nr}`, country: 'BE' } }),
    contactPoints,
    consents: contactPoints.filter(({ contactPoint }) => contactPoint.type === 'email').map((point) => consentFor(point, saidAt)),
  }
}

const bringIn = (...people: PersonToImport[]) => importRelations(hub.db, tools(), people, origin, clock)

async function sayNo(point: KeyedContactPoint, words: Partial<ChoiceWords> = {}) {
  clock += 1_000
  const { type, normalised } = point.contactPoint
  await hub.committer.record([
    {
      id: uuidV7(clock, hub.random(10)),
      evidenceId: uuidV7(clock, hub.random(10)),
      subjectKey: point.key,
      subject: { type, value: normalised, fingerprint: point.fingerprint },
      words: { kind: 'objection', scope: {}, author: 'person', saidAt: clock, ...words } as ChoiceWords,
      context: { signal: 'test' },
      recordedAt: clock,
      actor: 'test',
    },
  ])
  clock += 1_000
}

async function ask(address: string) {
  const isEmail = address.includes('@')
  const contactPoint = { type: isEmail ? ('email' as const) : ('phone' as const), value: address }
  const question = { contactPoint, brand: 'acme', channel: isEmail ? ('email' as const) : ('sms' as const), topic: 'news' }
  const [answer] = await askGate(hub.db, hub.catalog, hub.secrets, [question], clock)
  return `${answer?.decision} ${answer?.reason}`
}

async function standing(point: KeyedContactPoint): Promise<Standing | undefined> {
  return (await findStandings(hub.db, [point.key])).get(point.key)?.record
}

describe('bringing people in', () => {
  it('opens what a consent was given for, and nothing else', async () => {
    const counts = await bringIn(person('N1', ['n1@x.be', '0470000001']), person(undefined, ['lone@x.be']))
    expect(counts).toEqual({ relationsCreated: 1, relationsChanged: 0, contactPoints: 3, consents: 2, refusedStill: 0 })
    expect(await ask('n1@x.be')).toBe('allow consent')
    expect(await ask('lone@x.be')).toBe('allow consent')
    expect(await ask('0470000001')).toBe('deny no_basis')
  })

  it('changes nothing when the same people come again: no row, no proof, no step of the feed', async () => {
    const people = [person('R1', ['r1@x.be', '0470000002']), person('R2', ['r2@x.be'])]
    await bringIn(...people)
    const before = { last: await lastSequence(hub.db), evidence: await listEvidence(hub.db, people.flatMap((one) => one.contactPoints.map((point) => point.key))) }
    clock += 60_000
    expect(await bringIn(...people)).toEqual({ relationsCreated: 0, relationsChanged: 0, contactPoints: 0, consents: 0, refusedStill: 0 })
    expect(await lastSequence(hub.db)).toEqual(before.last)
    expect(await listEvidence(hub.db, people.flatMap((one) => one.contactPoints.map((point) => point.key)))).toEqual(before.evidence)
  })

  it('writes the standing that folding everything anew would give', async () => {
    const people = [person('F1', ['f1@x.be', '0470000003'], null), person('F2', ['f2@x.be'], clock - yearMs), person(undefined, ['f3@x.be'])]
    await bringIn({ ...people[0], impersonal: true } as PersonToImport, ...people.slice(1))
    const keys = people.flatMap((one) => [...one.contactPoints.map((point) => point.key), ...(one.relation ? [one.relation.keyed.key] : [])])
    await transact(hub.db, async (tx) => {
      const rows = await lockStandings(tx, keys)
      const folded = await refoldStandings(tx, [...rows.values()], clock)
      for (const [contactKey, row] of rows) expect(canonicalJson(row.record as never)).toBe(canonicalJson(folded.get(contactKey) as never))
    })
  })

  it('proves each consent in the form of any other choice, and each relation with its basis', async () => {
    const one = person('E1', ['e1@x.be'])
    await bringIn(one)
    const [consent] = one.consents
    const [entry] = await listEvidence(hub.db, [consent?.contactKey ?? ''])
    expect(entry && evidenceHolds(entry)).toBe(true)
    const same = choiceEvidence(hub.secrets.pepper, {
      id: consent?.id ?? '',
      evidenceId: entry?.id ?? '',
      subjectKey: consent?.contactKey ?? '',
      words: { kind: 'consent', scope: { channel: 'email' }, author: 'controller', saidAt: consent?.saidAt ?? null },
      context: { signal: 'import', source: 'form' },
      recordedAt: clock,
      actor: 'test',
    })
    expect(entry?.body).toBe(same.body)
    const [saved] = await listEvidence(hub.db, [one.relation?.keyed.key ?? ''])
    expect(JSON.parse(saved?.body ?? '').details).toMatchObject({ basis: 'consent', file: 'a file', contactPoints: [consent?.contactKey] })
  })

  it('takes several lines about one relation, and one address of two relations, in one batch', async () => {
    const shared = 'shared@x.be'
    const counts = await bringIn(person('M1', ['m1@x.be']), person('M1', ['0470000004']), person('M2', [shared]), person('M3', [shared]))
    expect(counts).toMatchObject({ relationsCreated: 3, contactPoints: 3 })
    expect(await tiesOfRelations(hub.db, [key('customer', 'M1').key])).toHaveLength(2)
    expect((await standing(key('email', shared)))?.groups).toHaveLength(2)
  })

  it('completes a relation and takes nothing away', async () => {
    await bringIn(person('C1', ['c1@x.be']))
    const counts = await bringIn(person('C1', ['c1b@x.be']))
    expect(counts).toMatchObject({ relationsCreated: 0, relationsChanged: 1, contactPoints: 1, consents: 1 })
    expect(await ask('c1@x.be')).toBe('allow consent')
    expect(await ask('c1b@x.be')).toBe('allow consent')
  })

  it('looks with care when somebody else adds the same person in the same moment', async () => {
    const one = person('S1', ['s1@x.be'])
    const prepared = await prepareImport(hub.db, tools(), [one], origin, clock)
    await sayNo(key('email', 's1@x.be'))
    const counts = await writeImport(hub.db, tools(), prepared, origin, clock, async () => {})
    expect(counts).toMatchObject({ relationsCreated: 1, refusedStill: 1 })
    expect(await ask('s1@x.be')).toBe('deny objection')
  })

  it('meets opt-outs of the same people without losing one', async () => {
    const nrs = Array.from({ length: 40 }, (_, index) => index)
    const noes = nrs.map((nr) => sayNo(key('email', `race${nr}@x.be`)))
    const batches = [0, 10, 20, 30].map((start) => bringIn(...nrs.slice(start, start + 10).map((nr) => person(`RACE${nr}`, [`race${nr}@x.be`, `04710000${nr + 10}`]))))
    await Promise.all([...noes, ...batches])
    for (const nr of nrs) {
      expect(await ask(`race${nr}@x.be`)).toBe('deny objection')
      expect(await ask(`04710000${nr + 10}`)).toBe('deny objection')
    }
  })
})

describe('an import never revives anyone', () => {
  it('whatever date its consent bears', async () => {
    const address = key('email', 'no@x.be')
    await sayNo(address)
    for (const saidAt of [null, clock - yearMs, clock, clock + yearMs]) {
      const counts = await bringIn(person('NO', ['no@x.be', '0470000005'], saidAt))
      expect(counts.refusedStill).toBeGreaterThan(0)
      expect(await ask('no@x.be')).toBe('deny objection')
      expect(await ask('0470000005')).toBe('deny objection')
    }
  })

  it('when the no was said through another address of the same relation', async () => {
    await bringIn(person('SIB', ['sib@x.be']))
    await sayNo(key('email', 'sib@x.be'))
    await bringIn(person('SIB', ['sib2@x.be']))
    expect(await ask('sib2@x.be')).toBe('deny objection')
  })

  it('when the no was said for the customer before the hub knew them', async () => {
    await sayNo(key('customer', 'LATER'))
    await bringIn(person('LATER', ['later@x.be']))
    expect(await ask('later@x.be')).toBe('deny objection')
  })

  it('Erase person, re-import, still suppressed', async () => {
    const everything = person('ERASE', ['erase@x.be', '0470000006'])
    await bringIn(everything)
    await sayNo(key('email', 'erase@x.be'))
    await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, key('customer', 'ERASE').key, clock, 'test'))
    clock += 1_000
    await bringIn(everything)
    await bringIn(person('ANOTHER', ['erase@x.be', '0470000006'], clock))
    expect(await ask('erase@x.be')).toBe('deny objection')
    expect(await ask('0470000006')).toBe('deny objection')
  })

  it('Re-import, API upsert, merge never revive: after any history, whoever was refused stays refused', async () => {
    const addresses = [0, 1, 2].map((index) => `h${index}@x.be`)
    const act = fc.oneof(
      fc.record({ kind: fc.constant('no' as const), of: fc.nat(2), scope: fc.constantFrom({}, { channel: 'email' as const }, { brand: 'acme' }) }),
      fc.record({ kind: fc.constant('yes' as const), of: fc.nat(2) }),
      fc.record({ kind: fc.constant('customer_no' as const), of: fc.nat(1) }),
      fc.record({ kind: fc.constant('import' as const), nr: fc.nat(1), of: fc.subarray([0, 1, 2], { minLength: 1 }) }),
      fc.record({ kind: fc.constant('erase' as const), of: fc.nat(1) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 6 }), fc.array(fc.tuple(fc.nat(1), fc.subarray([0, 1, 2], { minLength: 1 })), { minLength: 1, maxLength: 3 }), async (history, imports) => {
        run += 1
        const at = (index: number) => `p${run}-${addresses[index]}`
        const nr = (index: number) => `P${run}-${index}`
        for (const one of history) {
          if (one.kind === 'no') await sayNo(key('email', at(one.of)), { scope: one.scope })
          else if (one.kind === 'yes') await sayNo(key('email', at(one.of)), { kind: 'consent', scope: {} })
          else if (one.kind === 'customer_no') await sayNo(key('customer', nr(one.of)))
          else if (one.kind === 'import') await bringIn(person(nr(one.nr), one.of.map(at)))
          else await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, key('customer', nr(one.of)).key, clock, 'test'))
        }
        clock += 1_000
        const before = await Promise.all(addresses.map((_, index) => ask(at(index))))
        for (const [index, of] of imports) {
          await bringIn(person(nr(index), of.map(at), clock + yearMs))
          clock += 1_000
        }
        const after = await Promise.all(addresses.map((_, index) => ask(at(index))))
        for (const [index, answer] of before.entries()) if (answer === 'deny objection') expect(after[index]).toBe('deny objection')
      }),
      { numRuns: 40 },
    )
  })
})
