import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyed, type Point } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { closePrintBatch, mintCards, openPrintBatch } from '../../../services/print/batch.ts'
import { openDrop } from '../../../services/print/drop.ts'
import { PrintWatch } from '../../../services/print/on-the-way.ts'

const dayMs = 86_400_000
let pages: PublicPages
let watch: PrintWatch
beforeAll(async () => {
  pages = await PublicPages.open()
  watch = new PrintWatch(pages.hub.db, pages.hub.clock, pages.hub.random)
  pages.hub.committer.onCommit(watch.heard)
})
afterAll(async () => {
  await pages[Symbol.asyncDispose]()
})

async function mailing() {
  const { catalog } = pages.hub
  const brand = catalog.brand('acme')
  const topic = catalog.topic('acme', 'news')
  if (brand === undefined || topic === undefined) throw new Error('no brand')
  const { number } = await catalog.campaign('acme', 'may-2026', pages.now)
  return { brand, topic, campaignNumber: number, channel: 'post' as const, offered: [] }
}

async function printFor(point: Point, printedAt: number, isWhole = true): Promise<string> {
  const wanted = await mailing()
  const batch = await openPrintBatch(pages.hub, wanted, { printedAt, campaign: 'may-2026' })
  const rows = await mintCards(pages.hub, wanted, batch, [keyed(pages.hub, point)])
  await closePrintBatch(pages.hub, batch, rows.length, isWhole)
  return rows[0]?.links?.code ?? ''
}

const person = async () => {
  await pages.customer()
  return { type: 'customer', value: pages.externalId } as const
}

async function alreadyPrinted(point: Point): Promise<unknown[]> {
  await watch[Symbol.asyncDispose]()
  const rows = await pages.hub.db.query<{ body: string }>(
    `select body from evidence where kind = 'already_printed' and subject_key = $1`,
    [keyed(pages.hub, point).key],
  )
  return rows.map(({ body }) => JSON.parse(body))
}

describe('a no after the print day', () => {
  it('is told what was printed and until when it may land, and the evidence says the same', async () => {
    const anna = await person()
    const code = await printFor(anna, pages.now - 3 * dayMs)
    const { headers } = await pages.get(`/c?code=${code}`)
    const done = said(await pages.post(`${headers.location}/stop`, { scope: 'all' }))
    expect(done).toContain('Voor u is al post gedrukt: may-2026, op 18 november 2026.')
    expect(done).toContain('Die kan u nog bereiken tot 9 december 2026.')
    const [entry, ...more] = await alreadyPrinted(anna)
    expect(more).toEqual([])
    expect(entry).toMatchObject({ details: { batches: [{ brand: 'acme', campaign: 'may-2026' }] } })
    expect(await pages.decision(anna, 'post')).toBe('deny objection')
  })

  it('in each language', async () => {
    for (const [lang, words] of [
      ['fr', 'Un courrier a déjà été imprimé pour vous : may-2026, le 21'],
      ['de', 'Für Sie ist schon Post gedruckt: may-2026'],
      ['en', 'Post for you has already been printed: may-2026'],
    ]) {
      const point = { type: 'customer', value: `print-${lang}` } as const
      const jan = await pages.customer([], { language: lang ?? 'nl' })
      const path = await pages.link(jan)
      await printFor({ type: 'customer', value: pages.externalId }, pages.now)
      expect(said(await pages.post(`${path}/stop`, { scope: 'all' })), point.value).toContain(words)
    }
  })

  it('takes the brand’s own lead time, and ends with it', async () => {
    await pages.configure({ printLeadDays: 5 })
    const anna = await person()
    const code = await printFor(anna, pages.now)
    const { headers } = await pages.get(`/c?code=${code}`)
    pages.pass(6 * dayMs)
    const late = said(await pages.post(`${headers.location}/stop`, { scope: 'all' }))
    expect(late).not.toContain('al post gedrukt')
    // What no run speaks of may be on its way all the same.
    expect(late).toContain('Drukwerk dat al onderweg is, kan u nog bereiken tot 2 december 2026.')
    expect(await alreadyPrinted(anna)).toEqual([])
  })
})

describe('the page that a code opens', () => {
  const openedBy = async (code: string) => {
    const { headers } = await pages.get(`/c?code=${code}`)
    return said(await pages.get(headers.location ?? ''))
  }

  it('speaks of the letter by its print day, not by the day its code was made', async () => {
    const anna = await person()
    const made = pages.now
    const code = await printFor(anna, made - 3 * dayMs)
    pages.pass(dayMs)
    await printFor(anna, pages.now)
    const words = await openedBy(code)
    const day = (at: number) =>
      new Intl.DateTimeFormat('nl-BE', { dateStyle: 'long', timeZone: 'Europe/Brussels' }).format(at)
    expect(words).toContain(`brief van ${day(made - 3 * dayMs)}`)
    expect(words).not.toContain(`brief van ${day(made)}`)
  })

  it('names no day where no run knows of the letter', async () => {
    const words = await openedBy(await printFor(await person(), pages.now, false))
    expect(words).toContain('een brief')
    expect(words).not.toMatch(/brief van \d/)
  })
})

describe('a print run', () => {
  it('that was broken off, or is yet to be printed, was not printed', async () => {
    const anna = await person()
    await printFor(anna, pages.now - dayMs, false)
    const code = await printFor(anna, pages.now + dayMs)
    const { headers } = await pages.get(`/c?code=${code}`)
    expect(said(await pages.post(`${headers.location}/stop`, { scope: 'all' }))).not.toContain('al post gedrukt')
    expect(await alreadyPrinted(anna)).toEqual([])
  })

  it('leaves out whom the gate refuses, and gives them no code', async () => {
    const anna = await person()
    const { headers } = await pages.get(`/c?code=${await printFor(anna, pages.now)}`)
    await pages.post(`${headers.location}/stop`, { scope: 'channel' })
    expect(await printFor(anna, pages.now)).toBe('')
  })
})

describe('the code of a drop', () => {
  it('leads to the form of its brand, however it was typed, and changes nothing by being looked at', async () => {
    const code = await openDrop(pages.hub, await mailing(), 'flyer-ghent')
    expect(await openDrop(pages.hub, await mailing(), 'flyer-ghent')).toBe(code)
    const before = await pages.everything()
    for (const typed of [code, code.toLowerCase(), `${code.slice(0, 5)}-${code.slice(5)}`]) {
      const answer = await pages.get(`/c?code=${encodeURIComponent(typed)}&lang=fr`)
      expect([answer.status, answer.headers.location]).toEqual([303, '/opt-out/acme?lang=fr'])
    }
    expect((await pages.get(`/c/${code}`)).headers.location).toBe('/opt-out/acme')
    expect(await pages.everything()).toEqual(before)
  })

  it('ends in a no for the household that is given there', async () => {
    const code = await openDrop(pages.hub, await mailing(), 'flyer-bruges')
    const { headers } = await pages.get(`/c/${code}`)
    const home = { type: 'post', value: 'Markt 1, 8000 Brugge' } as const
    const answer = await pages.post(headers.location ?? '', { post: home.value })
    expect(answer.status).toBe(200)
    expect(await pages.decision(home, 'post')).toBe('deny objection')
  })
})
