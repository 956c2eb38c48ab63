import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, keyed, phone } from '../../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { beginSnapshot, finishSnapshot, listBatch } from '../../../../services/registers/import-register.ts'
import { transact } from '../../../../storage/database.ts'
import { find, findAll, readPage, textOf } from '../../pages/testing/read-page.ts'

const dayMs = 86_400_000
let desk: StaffDesk
let cookie: string

beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('piet@acme.example', 'privacy_officer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

const home = { type: 'post', value: 'Kerkstraat 1, 9000 Gent, BE' } as const
const room = () => desk.get('/registers', cookie)
const headings = (text: string) => findAll(readPage(text), 'h2').map(textOf)

/** Two days old, of one number. */
async function readList(register: string): Promise<void> {
  const one = { register, takenAt: desk.now - 2 * dayMs }
  await beginSnapshot(desk.hub.db, one, 'file', desk.now)
  await transact(desk.hub.db, (tx) => listBatch(tx, one, [keyed(desk.hub, phone('+32470000001'))], desk.now))
  await finishSnapshot(desk.hub.db, one, { rows: 1, unreadable: 0, isTrusted: false }, desk.now)
  await desk.hub.catalog.reload()
}

describe('the room of the outside lists', () => {
  it('says of each list that has to be consulted that it is missing, and which command reads it', async () => {
    const answer = await room()
    expect(answer.status).toBe(200)
    expect(textOf(find(readPage(answer.text), 'h1'))).toBe('Lijsten van buiten')
    expect(headings(answer.text)).toEqual([
      'Bel-me-niet-meer / Ne m’appelez plus',
      'Postfilter',
      'Lijsten die nu niemand raadpleegt',
    ])
    expect(mainOf(answer)).toContain('Nooit ingelezen.')
    expect(answer.text).toContain('verzet registers import bel-me-niet-meer list.csv --taken-at 2026-11-21')
  })

  it('says how old a list is and until when it counts, and then that it is too old', async () => {
    await readList('bel-me-niet-meer')
    const words = mainOf(await room())
    expect(words).toContain('In orde. Deze versie telt tot 24 november 2026.')
    expect(words).toContain('Gemaakt op 19 november 2026, 2 dagen oud; telt 5 dagen')
    expect(words).toContain('Telefoon in België, ook voor eigen klanten')
    desk.pass(3 * dayMs)
    cookie = (await desk.member('later@acme.example', 'privacy_officer')).cookie
    expect(mainOf(await room())).toContain('Te oud. Sinds 24 november 2026 wordt iedereen geweigerd')
  })

  it('shows a voluntary list among those that count once a brand holds itself to it', async () => {
    expect(mainOf(await room())).toContain('geen merk heeft gezegd dat het zich eraan houdt')
    const form = hiddenFields(await room(), '/registers/pledge')
    const saved = await desk.post('/registers/pledge', { ...form, brand: 'acme' }, cookie)
    expect([saved.status, saved.headers.location]).toEqual([303, '/registers'])
    expect(await ask(desk.hub, home, 'post')).toMatchObject({ decision: 'deny', reason: 'register_missing' })
    const answer = await room()
    expect(headings(answer.text)).toContain('Robinson')
    expect(mainOf(answer)).toContain('Acme, uit eigen beweging')
    expect(mainOf(answer)).not.toContain('geen merk heeft gezegd')
    // All else that the brand decided stays, and the boxes say what stands.
    expect(desk.hub.catalog.brand('acme')?.settings).toMatchObject({ privacyUrl: 'https://acme.example/privacy' })
    const boxes = findAll(readPage(answer.text), 'input').filter(({ attributes }) => attributes.type === 'checkbox')
    expect(boxes.map(({ attributes }) => [attributes.value, 'checked' in attributes])).toEqual([
      ['acme', true],
      ['globex', false],
    ])
  })

  it('takes it back, and takes nothing for a list that the law makes everybody consult', async () => {
    const form = hiddenFields(await room(), '/registers/pledge')
    await desk.post('/registers/pledge', { ...form, register: 'bel-me-niet-meer', brand: 'globex' }, cookie)
    expect(desk.hub.catalog.brand('globex')?.settings).not.toHaveProperty('pledgedRegisters')
    await desk.post('/registers/pledge', form, cookie)
    expect(desk.hub.catalog.brand('acme')?.settings).not.toHaveProperty('pledgedRegisters')
    expect(await ask(desk.hub, home, 'post')).toMatchObject({ decision: 'allow', reason: 'opt_out_regime' })
  })

  it('is for those who may see it', async () => {
    const marketer = await desk.member('mia@acme.example', 'marketer')
    expect((await desk.get('/registers', marketer.cookie)).status).toBe(403)
    expect((await desk.get('/registers')).status).toBe(303)
  })
})
