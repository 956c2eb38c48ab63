import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, customer, keyed, type Point, phone, saveTestRelation, say } from '../../../test/people.ts'
import { transact } from '../../storage/database.ts'
import { claimSend } from '../claim-send.ts'
import { eraseWholeRelation } from '../erase-relation.ts'
import { readReplicaTerms } from '../replica-terms.ts'
import { saveBrand } from '../save-brand.ts'
import { beginSnapshot, clearOutdated, finishSnapshot, listBatch } from './import-register.ts'
import { readRegisters } from './read-registers.ts'

const dayMs = 86_400_000
const register = 'bel-me-niet-meer'
let hub: TestHub
let now = Date.UTC(2026, 10, 3, 9)
let people = 0
let listed: Point
let other: Point

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(() => {
  now += 30 * dayMs
  people += 1
  listed = phone(`+32470${String(100_000 + people)}`)
  other = phone(`+32471${String(100_000 + people)}`)
})

const read = { rows: 10, unreadable: 0, isTrusted: true }

/** One snapshot from its beginning to its end. */
async function snapshot(points: readonly Point[], takenAt = now, isTrusted = true) {
  const one = { register, takenAt }
  expect(await beginSnapshot(hub.db, one, `file ${takenAt}`, now)).toEqual({ kind: 'reading' })
  await list(points, takenAt)
  const outcome = await finishSnapshot(hub.db, one, { ...read, isTrusted }, now)
  await hub.catalog.reload()
  const cleared = outcome.kind === 'in_force' ? await clearOutdated(hub.db, one, hub.clock) : 0
  return { outcome, cleared }
}

function list(points: readonly Point[], takenAt = now) {
  const keys = points.map((point) => keyed(hub, point))
  return transact(hub.db, (tx) => listBatch(tx, { register, takenAt }, keys, now))
}

async function gate(point: Point, topic = 'news') {
  const { decision, reason } = await ask(hub, point, 'phone', topic)
  return `${decision} ${reason}`
}

describe('a list that the law makes callers consult', () => {
  it('denies every call until it was read, and then only those to whom it names', async () => {
    await hub.db.execute('delete from registers')
    await hub.catalog.reload()
    expect(await gate(other)).toBe('deny register_missing')
    await snapshot([listed])
    expect([await gate(listed), await gate(other)]).toEqual(['deny registered', 'allow opt_out_regime'])
    expect(await gate(listed, 'orders')).toBe('allow service')
  })

  it('is too old after its validity, and the gate then denies everybody', async () => {
    await snapshot([listed], now - dayMs)
    now += 4 * dayMs - 1
    expect(await gate(other)).toBe('allow opt_out_regime')
    now += 1
    expect(await gate(other)).toBe('deny register_stale')
    expect((await readRegisters(hub.db, hub.catalog, now)).find(({ id }) => id === register)).toMatchObject({
      state: 'stale',
    })
  })

  it('is known to a claim and to a copy of the gate as well', async () => {
    await snapshot([listed])
    const question = { contactPoint: other, brand: 'acme', channel: 'phone', topic: 'news' } as const
    const claim = (at: number) => claimSend(hub.db, hub.catalog, hub.secrets, hub.random, question, at)
    expect(await claim(now)).toMatchObject({ decision: 'allow' })
    expect(await claim(now + 6 * dayMs)).toMatchObject({ decision: 'deny', reason: 'register_stale' })
    expect((await readReplicaTerms(hub)).registers).toEqual({ [register]: new Date(now).toISOString() })
  })

  it('does not hold against who asked to be called, and never lifts what was said', async () => {
    await snapshot([listed, other])
    await say(hub, listed, { kind: 'consent', scope: { channel: 'phone' } })
    await say(hub, other, { kind: 'objection' })
    expect([await gate(listed), await gate(other)]).toEqual(['allow consent', 'deny objection'])
    now += dayMs
    await snapshot([phone('+32470999999')])
    expect([await gate(listed), await gate(other)]).toEqual(['allow consent', 'deny objection'])
  })

  it('holds for a number that becomes a customer, and after the customer is erased', async () => {
    await snapshot([listed])
    await saveTestRelation(hub, `R-${people}`, [listed], { country: 'BE', customerSince: '2024-01-01' })
    expect(await gate(listed)).toBe('deny registered')
    const { key } = keyed(hub, customer(`R-${people}`))
    await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, key, now, 'test'))
    expect(await gate(listed)).toBe('deny registered')
  })
})

describe('a newer snapshot', () => {
  it('changes nothing but for the stricter until all of it is read, then replaces the older', async () => {
    await snapshot([listed])
    const earlier = now
    now += dayMs
    expect(await beginSnapshot(hub.db, { register, takenAt: now }, 'newer', now)).toEqual({ kind: 'reading' })
    await list([other])
    expect([await gate(listed), await gate(other)]).toEqual(['deny registered', 'deny registered'])
    expect(hub.catalog.registers()[register]).toBe(earlier)
    // Broken off here and begun again, it goes on as itself.
    expect(await beginSnapshot(hub.db, { register, takenAt: now }, 'newer', now)).toEqual({ kind: 'reading' })
    await finishSnapshot(hub.db, { register, takenAt: now }, read, now)
    await hub.catalog.reload()
    expect(await clearOutdated(hub.db, { register, takenAt: now }, hub.clock)).toBe(1)
    expect([await gate(listed), await gate(other)]).toEqual(['allow opt_out_regime', 'deny registered'])
    expect(await beginSnapshot(hub.db, { register, takenAt: now }, 'newer', now)).toEqual({ kind: 'in_force' })
  })

  it('that is still being read keeps its marks when an older one is cleared', async () => {
    const older = now - dayMs
    await list([listed], now)
    await snapshot([other], older)
    expect(await gate(listed)).toBe('deny registered')
  })

  it('is refused when it is older than the one in force, of the future, or another file of the same moment', async () => {
    await snapshot([listed])
    const begin = (takenAt: number, file = 'x') => beginSnapshot(hub.db, { register, takenAt }, file, now)
    expect(await begin(now - 1)).toEqual({ kind: 'refused', reason: 'older' })
    expect(await begin(now + 3_600_000)).toEqual({ kind: 'refused', reason: 'in_the_future' })
    expect(await begin(now)).toEqual({ kind: 'refused', reason: 'another_file' })
  })

  it('that looks cut off or misread is not put in force unless somebody says so', async () => {
    const many = Array.from({ length: 5 }, (_, index) => phone(`+3247${people % 10}77710${index}`))
    await snapshot(many)
    now += dayMs
    expect((await snapshot([listed], now, false)).outcome).toMatchObject({ kind: 'doubtful', reason: 'shrunk' })
    const one = { register, takenAt: now }
    const misread = { rows: 100, unreadable: 2, isTrusted: false }
    await list(many)
    expect(await finishSnapshot(hub.db, one, misread, now)).toMatchObject({ kind: 'doubtful', reason: 'unreadable' })
    expect((await snapshot([], now + 1)).outcome).toMatchObject({ kind: 'doubtful', reason: 'empty' })
    expect(await finishSnapshot(hub.db, one, { ...misread, isTrusted: true }, now)).toMatchObject({ entries: 6 })
  })
})

describe('a list that no law makes anybody consult', () => {
  const home = { type: 'post', value: 'Robinsonstraat 7, 9000 Gent, BE' } as const
  const neighbour = { type: 'post', value: 'Robinsonstraat 9, 9000 Gent, BE' } as const
  const letter = async (point: Point) => (await ask(hub, point, 'post')).reason
  const pledge = async (pledgedRegisters: string[]) => {
    const brand = { id: 'acme', name: 'Acme', controller: 'Acme NV', country: 'BE', settings: { pledgedRegisters } }
    await saveBrand(hub.db, hub.catalog, brand, now, 'test')
  }
  const state = async () => (await readRegisters(hub.db, hub.catalog, now)).find(({ id }) => id === 'robinson')

  it('counts for the brands that hold themselves to it, and for no other', async () => {
    expect(await state()).toMatchObject({ state: 'missing', isConsulted: false, isVoluntary: true })
    expect(await letter(home)).toBe('opt_out_regime')
    await pledge(['robinson'])
    expect(await state()).toMatchObject({ isConsulted: true, pledgedBy: ['acme'] })
    expect(await letter(home)).toBe('register_missing')
    const one = { register: 'robinson', takenAt: now }
    await beginSnapshot(hub.db, one, 'robinson', now)
    await transact(hub.db, (tx) => listBatch(tx, one, [keyed(hub, home)], now))
    await finishSnapshot(hub.db, one, read, now)
    await hub.catalog.reload()
    expect([await letter(home), await letter(neighbour)]).toEqual(['registered', 'opt_out_regime'])
    await saveTestRelation(hub, `R-${people}`, [home], { country: 'BE', customerSince: '2024-01-01' })
    expect(await letter(home)).toBe('opt_out_regime')
    now += 30 * dayMs
    expect([await letter(neighbour), (await state())?.state]).toEqual(['register_stale', 'stale'])
    expect((await readReplicaTerms(hub)).brands.map(({ pledgedRegisters }) => pledgedRegisters)).toEqual([
      ['robinson'],
      [],
    ])
    await pledge([])
    expect([await letter(neighbour), (await state())?.isConsulted]).toEqual(['opt_out_regime', false])
  })

  it('is told apart from one that no rule asks for any more', async () => {
    const bloctel = (await readRegisters(hub.db, hub.catalog, now)).find(({ id }) => id === 'bloctel')
    expect(bloctel).toMatchObject({ isConsulted: false, until: '2026-08-11' })
  })
})

it('a list of 100,000 comes in beside opt-outs, which wait for none of it, and the next one reads far less', async () => {
  const points = Array.from({ length: 100_000 }, (_, index) =>
    keyed(hub, phone(`+3249${String(index).padStart(7, '0')}`)),
  )
  const readAll = async (takenAt: number, from: number) => {
    let newly = 0
    for (let at = from; at < points.length; at += 1_000) {
      const batch = points.slice(at, at + 1_000)
      newly += await transact(hub.db, (tx) => listBatch(tx, { register, takenAt }, batch, now))
    }
    return newly
  }
  await hub.db.execute('delete from registers')
  const reading = readAll(now, 0)
  const waits: number[] = []
  for (let person = 0; person < 20; person += 1) {
    const startedAt = performance.now()
    await say(hub, phone(`+3248${String(person).padStart(7, '0')}`), { kind: 'objection' })
    waits.push(performance.now() - startedAt)
  }
  expect(await reading).toBe(100_000)
  // A generous bound: what must not be is that they wait for the whole list.
  expect(Math.max(...waits)).toBeLessThan(3_000)
  const end = { rows: 100_000, unreadable: 0, isTrusted: false }
  expect(await finishSnapshot(hub.db, { register, takenAt: now }, end, now)).toMatchObject({ entries: 100_000 })
  await clearOutdated(hub.db, { register, takenAt: now }, hub.clock)
  now += dayMs
  await beginSnapshot(hub.db, { register, takenAt: now }, 'next day', now)
  expect(await readAll(now, 1_500)).toBe(0)
  await finishSnapshot(hub.db, { register, takenAt: now }, end, now)
  await hub.catalog.reload()
  expect(await clearOutdated(hub.db, { register, takenAt: now }, hub.clock)).toBe(1_500)
  expect([await gate(phone('+32490001499')), await gate(phone('+32490001500'))]).toEqual([
    'allow opt_out_regime',
    'deny registered',
  ])
}, 180_000)
