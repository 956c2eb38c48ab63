import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email, saveTestRelation, spoken } from '../../../../../test/people.ts'
import { type DeskAnswer, hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { countInsight } from '../../../../services/insight/count-insight.ts'
import { writeCampaignSends } from '../../../../storage/campaigns.ts'
import { transact } from '../../../../storage/database.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'
import { find, findAll, readPage, textOf } from '../../pages/testing/read-page.ts'
import { csvOf } from './csv.ts'

let desk: StaffDesk
let marketer: string
let officer: string
beforeAll(async () => {
  desk = await StaffDesk.open()
  marketer = (await desk.member('mia@acme.example', 'marketer')).cookie
  officer = (await desk.member('pol@acme.example', 'privacy_officer')).cookie
  const { hub } = desk
  await hub.catalog.campaign('acme', 'spring', desk.now)
  const sends = { channel: 'email', sentOn: '2026-11-20', source: 'test', sends: 4000 } as const
  await transact(hub.db, (tx) => writeCampaignSends(tx, [{ brand: 'acme', campaign: 'spring', ...sends }], desk.now))
  await saveTestRelation(hub, 'K-1', [email('jan0@voorbeeld.be')], { language: 'nl' })
  for (let index = 0; index < 12; index += 1) {
    const choice = spoken(hub, email(`jan${index}@voorbeeld.be`), { kind: 'objection' })
    const origin = { brand: 'acme', topic: 'news', channel: 'email', campaign: 'spring' } as const
    const comment = index < 2 ? 'Te veel folders, <b>stop</b>, bel 0470 12 34 56' : undefined
    const reason = index < 5 ? 'too_many' : 'privacy'
    await hub.committer.record([
      { ...choice, context: { signal: 'page', origin, reason, ...(comment !== undefined && { comment }) } },
    ])
  }
  await countInsight(hub.db, desk.now)
})
afterAll(() => desk[Symbol.asyncDispose]())

/** The tests read HTML; what a drawing is made of is looked at as text. */
const withoutDrawings = (answer: DeskAnswer) => ({ ...answer, text: answer.text.replace(/<svg[\s\S]*?<\/svg>/g, '') })
/** The search above the comments posts nothing. */
const withoutSearch = (answer: DeskAnswer) => ({
  ...answer,
  text: answer.text.replace(/<form class="asking"[\s\S]*?<\/form>/, ''),
})

describe('the room of insight', () => {
  it('shows what was counted, with its rate and how sure it is, as a chart and as a table', async () => {
    const answer = await desk.get('/insight?by=reason', marketer)
    expect(answer.status).toBe(200)
    const plain = withoutDrawings(answer)
    expect(mainOf(plain)).toContain('12 afmeldingen · 3,0 per duizend van 4.000 berichten (tussen 1,7–5,2)')
    expect(mainOf(plain)).toContain('Te weinig om iets te zeggen')
    expect(answer.text).toMatch(
      /<svg[^>]* role="img" aria-labelledby="lines-title lines-text"><title id="lines-title">/,
    )
    expect(answer.text).not.toMatch(/<svg[\s\S]*?(?:style=|<style)[\s\S]*?<\/svg>/)
    expect(findAll(readPage(plain.text), 'th').map(textOf)).toContain('Te veel berichten')
  })

  it('leads from a number to its people only who may see people', async () => {
    const path = '/insight/people?by=reason&value=too_many'
    expect((await desk.get('/insight?by=reason', marketer)).text).not.toContain('/insight/people')
    expect((await desk.get(path, marketer)).status).toBe(403)
    expect((await desk.get('/insight?by=reason', officer)).text).toContain('/insight/people')
    const people = await desk.get(path, officer)
    expect(findAll(find(readPage(people.text), 'tbody'), 'tr')).toHaveLength(5)
    expect(people.text).not.toContain('jan1@voorbeeld.be')
  })

  it('keeps its filters and its period in another language, in its other pages and in their forms', async () => {
    const asked = 'by=reason&what=left&channel=email&from=2026-11-01&to=2026-11-21'
    const page = readPage(withoutDrawings(await desk.get(`/insight?${asked}&lang=fr`, officer)).text)
    const hrefs = findAll(page, 'a').map(({ attributes }) => attributes.href ?? '')
    expect(hrefs).toContain(`/insight?${asked}&lang=de`)
    const doors = hrefs.filter((href) => /^\/insight\/(words|report)\?/.test(href))
    expect(doors).toHaveLength(2)
    for (const href of doors) {
      expect(href).toContain('channel=email&what=left&by=reason&from=2026-11-01&to=2026-11-21&lang=fr')
      const form = hiddenFields(await desk.get(`${href}&month=2026-10`, officer), href.split('?')[0] ?? '')
      expect(form).toMatchObject({ by: 'reason', channel: 'email', what: 'left', lang: 'fr' })
    }
    const people = await desk.get(`/insight/people?${asked}&value=too_many`, officer)
    expect(people.text).toContain(`/insight/people?${asked.replaceAll('&', '&amp;')}&amp;value=too_many&amp;lang=fr`)
  })

  it('opens the people behind the total, the report and what was sent, and says where nobody is known', async () => {
    const rowsAt = async (path: string) => findAll(readPage((await desk.get(path, officer)).text), 'tr').length - 1
    const hrefsOf = async (path: string) =>
      findAll(readPage(withoutDrawings(await desk.get(path, officer)).text), 'a').map(
        ({ attributes }) => attributes.href ?? '',
      )
    const total = (await hrefsOf('/insight?by=reason')).find((href) => /people\?.*by=all/.test(href))
    expect(await rowsAt(total ?? '')).toBe(12)
    const ofReport = (await hrefsOf('/insight/report?month=2026-11&channel=sms')).find(
      (href) => /by=signal/.test(href) && href.startsWith('/insight/people'),
    )
    expect(await rowsAt(ofReport ?? '')).toBe(12)
    const sent = await desk.get('/insight?what=sent', officer)
    expect(mainOf(withoutDrawings(sent))).toContain('is niet bekend wie ze kreeg')
    expect((await desk.get('/insight/report?month=2026-11', marketer)).text).not.toContain('/insight/people')
    expect((await desk.get('/insight/words', officer)).text).toContain('Wie dit schreef')
    expect((await desk.get('/insight/words', marketer)).text).not.toContain('Wie dit schreef')
  })

  it('gives the table as CSV and the chart as PNG', async () => {
    const table = await desk.get('/insight/table.csv?by=reason', marketer)
    expect(table.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(table.text).toMatch(/^\uFEFFReden,Aantal,/)
    expect(table.text).toContain('Te veel berichten,5,0,')
    const lives = await desk.get('/insight/table.csv?table=lives', marketer)
    expect(lives.text.split('\r\n')[0]).toMatch(
      /,Weken,Nog gevolgd,Vertrokken,Deel dat er nog is,Minstens \(95 %\),Hoogstens/,
    )
    const kept = await desk.get('/insight/table.csv?table=kept', marketer)
    expect(kept.text).not.toMatch(/^(?:pause|less):/m)
    const picture = await desk.app.inject({ url: '/insight/chart.png?by=reason', headers: { cookie: marketer } })
    expect(picture.headers['content-type']).toBe('image/png')
    expect(picture.rawPayload.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(picture.rawPayload.length).toBeGreaterThan(5_000)
  })

  it('lets a comment be found and tagged, and hides the numbers in it', async () => {
    const found = await desk.get('/insight/words?word=folder', marketer)
    expect(mainOf(found)).toContain('2 van de 2 opmerkingen')
    expect(found.text).toContain('&lt;b')
    expect(mainOf(found)).not.toContain('0470')
    const fields = hiddenFields(withoutSearch(found), '/insight/words')
    const tagged = await desk.post('/insight/words?word=folder', { ...fields, tag: ' Te   Veel ' }, marketer)
    expect(tagged.status).toBe(303)
    const again = await desk.get('/insight/words?tag=te+veel', marketer)
    expect(mainOf(again)).toContain('1 van de 2 opmerkingen')
    await desk.post('/insight/words', { ...fields, off: 'te veel' }, marketer)
    expect(mainOf(await desk.get('/insight/words?tag=te+veel', marketer))).toContain('0 van de 2 opmerkingen')
    // Once each, and not for a comment that is none.
    await desk.post('/insight/words', { ...fields, off: 'te veel' }, marketer)
    const { subject = '', choice = '' } = fields
    const stranger = { ...fields, subject: choice, choice: subject, tag: 'niets' }
    await desk.post('/insight/words', stranger, marketer)
    const evidence = await listEvidence(desk.hub.db, [subject, choice])
    const acts = evidence.filter(({ kind }) => kind === 'staff_act').map(({ body }) => JSON.parse(body).details)
    expect(acts.map(({ act, object }) => [act, object]).toSorted()).toEqual([
      ['comment_tagged', choice],
      ['comment_untagged', choice],
    ])
  })

  it('reports a month, in every language', async () => {
    for (const lang of ['nl', 'fr', 'de', 'en']) {
      const report = await desk.get(`/insight/report?month=2026-11&lang=${lang}`, marketer)
      expect(report.status).toBe(200)
      expect(findAll(readPage(report.text), 'table').length).toBeGreaterThan(3)
      expect((await desk.get(`/insight?lang=${lang}`, marketer)).status).toBe(200)
    }
    // Fewer days than they are held against.
    expect(mainOf(await desk.get('/insight/report?month=2026-11', marketer))).toContain('nog niet voorbij')
    expect(mainOf(await desk.get('/insight/report?month=2026-10', marketer))).not.toContain('nog niet voorbij')
  })

  it('takes what is no answer for a question that was not asked', async () => {
    const odd = '/insight?brand=none&what=x&by=y&from=2026-02-31&to=9999&channel=fax&lang=xx'
    const early = '/insight?from=0001-01-01&to=0001-01-02'
    const nul = [
      '/insight/people?by=topic&value=%00',
      '/insight/people?table=answers&value=%00',
      '/insight/words?q=%00',
    ]
    for (const url of [odd, early, '/insight?to=0001-01-02', '/insight/report?month=0000-01', ...nul]) {
      expect((await desk.get(url, officer)).status, url).toBe(200)
    }
  })

  it('is of good use in its own browser policy and nobody’s cache', async () => {
    const { headers } = await desk.get('/insight', marketer)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['cache-control']).toContain('no-store')
  })
})

describe('insight that is put together elsewhere', () => {
  it('is prepared for when somebody who may look at it opens any room, and for nobody else', async () => {
    const said: string[] = []
    await using elsewhere = await StaffDesk.open(undefined, {
      insightElsewhere: {
        read: async (path) => {
          said.push(`read ${path}`)
          return { status: 200, headers: {}, body: 'from elsewhere' }
        },
        prepare: () => said.push('prepare'),
      },
    })
    const agent = (await elsewhere.member('an@acme.example', 'agent')).cookie
    const other = (await elsewhere.member('mo@acme.example', 'marketer')).cookie
    await elsewhere.get('/sign-in')
    await elsewhere.get('/desk', agent)
    expect(said).toEqual([])
    await elsewhere.get('/account', other)
    expect(said).toEqual(['prepare'])
    expect((await elsewhere.get('/insight', other)).text).toBe('from elsewhere')
    expect(said).toEqual(['prepare', 'read /insight', 'prepare'])
    expect((await elsewhere.get('/insight', agent)).status).toBe(403)
    expect(said).toHaveLength(3)
  })
})

describe('a table as CSV', () => {
  it('quotes what has to be and runs nothing', () => {
    expect(
      csvOf([
        ['a,b', '=1+1', 3],
        ['"x"', '-y', -2],
      ]),
    ).toBe('\uFEFF"a,b",\'=1+1,3\r\n"""x""",\'-y,-2\r\n')
  })
})
