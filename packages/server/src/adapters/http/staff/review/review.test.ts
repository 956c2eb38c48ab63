import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, email, type Point, saveTestRelation } from '../../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { openWords } from '../../../../../test/staff-rooms.ts'
import { transact } from '../../../../storage/database.ts'
import { findReviewItem } from '../../../../storage/review-items.ts'
import { find, findAll, readPage } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let cookie: string
let staffId: string
let jan: Point
let count = 0

beforeAll(async () => {
  desk = await StaffDesk.open()
  const member = await desk.member('reader@acme.example', 'agent')
  cookie = member.cookie
  staffId = member.staffId
})
afterAll(() => desk[Symbol.asyncDispose]())
beforeEach(async () => {
  count += 1
  jan = email(`lezer${count}@voorbeeld.example`)
  await saveTestRelation(desk.hub, `L-${count}`, [jan], { country: 'BE', customerSince: '2024-01-01' })
  await transact(desk.hub.db, (tx) => tx.execute('delete from review_subjects'))
  await transact(desk.hub.db, (tx) => tx.execute('delete from review_items'))
})

const board = () => desk.get('/review', cookie)
const items = (page: { text: string }) => findAll(readPage(page.text), 'article')
async function decide(item: string, fields: Record<string, string>) {
  const form = hiddenFields(await board(), '/review/decide')
  return desk.post('/review/decide', { form: form.form ?? '', item, ...fields }, cookie)
}
async function undo(item: string) {
  const form = hiddenFields(await board(), '/review/undo')
  return desk.post('/review/undo', { form: form.form ?? '', item }, cookie)
}
const reason = async () => (await ask(desk.hub, jan, 'email')).reason

describe('the review list', () => {
  it('shows what waits, the most urgent first and in focus, with its words and without an address', async () => {
    const later = await openWords(desk.hub, jan, { text: 'Kan dit minder?' })
    await transact(desk.hub.db, (tx) =>
      tx.execute(`update review_items set due_at = due_at + interval '1 hour' where id = $1`, [later]),
    )
    await openWords(desk.hub, jan)
    const page = await board()
    expect(items(page).map((item) => item.attributes.autofocus !== undefined)).toEqual([true, false])
    const [first] = items(page)
    if (first === undefined) throw new Error('nothing is shown')
    expect(find(first, 'blockquote').attributes.lang).toBe('nl')
    expect(mainOf(page)).toMatch(/Hoe kan ik mij uitschrijven\?.*Kan dit minder\?/)
    expect(mainOf(page)).toContain('over 2 dagen')
    expect(page.text).not.toContain(jan.value)
    expect(page.text).toContain('l•••')
  })

  it('says so when nothing waits', async () => {
    expect(mainOf(await board())).toContain('Er wacht niets')
  })

  it('escapes what a stranger wrote', async () => {
    await openWords(desk.hub, jan, { text: '<script>alert(1)</script>' })
    expect((await board()).text).toContain('&lt;script>')
  })
})

describe('deciding', () => {
  it('records the no, as evidence by who decided, and puts the next item in focus', async () => {
    const item = await openWords(desk.hub, jan)
    const next = await openWords(desk.hub, jan, { text: 'En dit?' })
    const answer = await decide(item, { decision: 'opt_out' })
    expect(answer.status).toBe(200)
    expect(mainOf(answer)).toContain('Als afmelding vastgelegd.')
    expect(items(answer).map(({ attributes }) => [attributes['data-item'], 'autofocus' in attributes])).toEqual([
      [next, true],
    ])
    expect(await reason()).toBe('objection')
    expect((await findReviewItem(desk.hub.db, item))?.decidedBy).toBe(`staff:${staffId}`)
  })

  it('that it is none lets everything be as it was; undone, it waits again', async () => {
    const item = await openWords(desk.hub, jan)
    expect(await reason()).toBe('under_review')
    await decide(item, { decision: 'not_a_no' })
    expect(await reason()).toBe('customer_relation')
    expect(mainOf(await undo(item))).toContain('het bericht wacht opnieuw')
    expect(await reason()).toBe('under_review')
  })

  it('records a narrower no of what the form offered, and of nothing else', async () => {
    const item = await openWords(desk.hub, jan)
    expect((await decide(item, { decision: 'narrow', scope: '' })).status).toBe(422)
    const odd = await decide(item, { decision: 'narrow', scope: 'acme  orders' })
    expect(mainOf(odd)).toContain('Kies wat de persoon niet meer wil.')
    await decide(item, { decision: 'narrow', scope: 'acme  news', note: 'alleen het nieuws' })
    expect([await reason(), (await ask(desk.hub, jan, 'email', 'offers')).reason]).toEqual([
      'objection',
      'customer_relation',
    ])
  })

  it('asks whose no it is where the message names nobody', async () => {
    const item = await openWords(desk.hub, jan, { subjects: [], sender: undefined, proposedScope: undefined })
    const missing = await decide(item, { decision: 'opt_out', contact: ' ' })
    expect([missing.status, mainOf(missing)]).toEqual([422, expect.stringContaining('Zeg van wie dit nee is')])
    expect((await decide(item, { decision: 'opt_out', contact: 'niemand@' })).status).toBe(422)
    await decide(item, { decision: 'opt_out', contact: jan.value })
    expect(await reason()).toBe('objection')
  })

  it('what a colleague decided meanwhile is said, and nothing is recorded twice', async () => {
    const item = await openWords(desk.hub, jan)
    const form = hiddenFields(await board(), '/review/decide')
    const both = await Promise.all([
      desk.post('/review/decide', { ...form, decision: 'not_a_no' }, cookie),
      desk.post('/review/decide', { ...form, decision: 'opt_out' }, cookie),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422])
    expect(form.item).toBe(item)
  })

  it('cannot be taken back when it has become the person’s own no', async () => {
    const item = await openWords(desk.hub, jan)
    await decide(item, { decision: 'opt_out' })
    const form = hiddenFields(await board(), '/review/undo')
    desk.pass(29 * 60_000)
    await desk.get('/review', cookie)
    desk.pass(2 * 60_000)
    expect((await board()).text).not.toContain('action="/review/undo')
    const late = await desk.post('/review/undo', { ...form, item }, cookie)
    expect(mainOf(late)).toContain('Dit kan niet meer ongedaan worden gemaakt')
    expect(await reason()).toBe('objection')
  })

  it('is refused for what is no item', async () => {
    await openWords(desk.hub, jan)
    const form = hiddenFields(await board(), '/review/decide')
    expect((await desk.post('/review/decide', { ...form, item: '1 or 1=1', decision: 'opt_out' }, cookie)).status).toBe(
      422,
    )
    expect((await desk.post('/review/decide', { ...form, decision: 'deadline' }, cookie)).status).toBe(422)
  })
})
