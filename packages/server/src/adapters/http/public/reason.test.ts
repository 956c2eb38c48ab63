import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Point } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

let pages: PublicPages
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(3_600_000)
  jan = await pages.customer()
  link = await pages.link(jan)
})

describe('the reason', () => {
  const stopAndFind = async () => {
    const answer = await pages.post(`${link}/stop`, { scope: 'all' })
    const form = findAll(readPage(answer.text), 'form').find(({ attributes }) => attributes.action?.includes('/reason'))
    if (form === undefined) throw new Error('no reason was asked')
    return { form, choice: find(form, 'input', { name: 'choice' }).attributes.value ?? '' }
  }
  const kept = async (choice: string) =>
    (await pages.hub.db.query('select reason, comment from choices where id = $1', [choice]))[0]

  it('is asked after the no, with nothing ticked and what brought the person, and kept with the choice', async () => {
    const { form, choice } = await stopAndFind()
    expect(findAll(form, 'input', { type: 'radio' }).every(({ attributes }) => attributes.checked === undefined)).toBe(
      true,
    )
    expect(
      said(await pages.post(`${link}/reason`, { choice, reason: 'too_many', comment: ' Elke dag!\r\nTe veel\u0000 ' })),
    ).toContain('Bedankt. Uw antwoord is opgeslagen.')
    expect(await kept(choice)).toEqual({ reason: 'too_many', comment: 'Elke dag!\nTe veel' })
    const [entry] = await pages.hub.db.query<{ body: string }>(
      `select body from evidence where kind = 'answer' and body like $1`,
      [`%${choice}%`],
    )
    expect(entry?.body).toContain('too_many')
    expect(entry?.body).not.toContain('Elke dag')
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('may be left alone', async () => {
    const { choice } = await stopAndFind()
    const before = await pages.everything()
    const answer = await pages.post(`${link}/reason`, { choice, comment: '  ' })
    expect([answer.status, said(answer)]).toEqual([200, expect.stringContaining('U krijgt geen reclame van Acme NV.')])
    expect(await pages.everything()).toEqual(before)
  })

  it('is one of the list; a comment is cut to what fits', async () => {
    const { choice } = await stopAndFind()
    await pages.post(`${link}/reason`, { choice, reason: 'made up', comment: '🙂'.repeat(1_500) })
    expect(await kept(choice)).toEqual({ reason: null, comment: '🙂'.repeat(1_000) })
  })

  it('comes from the brand’s own list, in the language of the page', async () => {
    await pages.configure({ reasons: [{ id: 'moved', labels: { nl: 'Ik ben verhuisd', en: 'I moved' } }] })
    const { form, choice } = await stopAndFind()
    expect(findAll(form, 'input', { type: 'radio' }).map(({ attributes }) => attributes.value)).toEqual(['moved'])
    expect(textOf(form)).toContain('Ik ben verhuisd')
    await pages.post(`${link}/reason`, { choice, reason: 'too_many' })
    expect(await kept(choice)).toEqual({ reason: null, comment: null })
    await pages.post(`${link}/reason`, { choice, reason: 'moved' })
    await pages.configure({})
    expect(await kept(choice)).toEqual({ reason: 'moved', comment: null })
  })

  it('is only taken about one’s own choice', async () => {
    const { choice } = await stopAndFind()
    const other = await pages.link(await pages.customer())
    expect((await pages.post(`${other}/reason`, { choice, reason: 'too_many' })).status).toBe(422)
    expect((await pages.post(`${link}/reason`, { choice: 'x', reason: 'too_many' })).status).toBe(422)
    expect(await kept(choice)).toEqual({ reason: null, comment: null })
  })
})
