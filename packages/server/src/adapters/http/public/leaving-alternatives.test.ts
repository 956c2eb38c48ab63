import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Company } from '../../../../test/company.ts'
import { everyAlternative, Leaver } from '../../../../test/leaving.ts'
import { email } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import type { LeavingSettings } from '../../../services/leaving/leaving-settings.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
let pages: PublicPages
let company: Company
let jan: Leaver

beforeAll(async () => {
  pages = await PublicPages.open()
  company = await Company.of(pages)
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(60 * minuteMs)
  await pages.sendMails()
  await pages.configure({ leaving: { policy: 'confirm_on_page', alternatives: everyAlternative } })
  jan = await Leaver.arrive(pages)
})

describe('the alternatives to a no', () => {
  it('stand in the order and the words of the brand, below the exit', async () => {
    const alternatives: LeavingSettings['alternatives'] = [
      { kind: 'fewer_topics', labels: { nl: 'Zelf samenstellen' } },
      { kind: 'pause', days: 7, labels: { en: 'A week off' } },
    ]
    await pages.configure({ leaving: { policy: 'confirm_on_page', alternatives } })
    const acts = findAll(readPage((await jan.stop()).text), '*', { class: 'button' }).map(textOf)
    expect(acts.slice(0, 3)).toEqual([
      'Zelf samenstellen',
      expect.stringMatching(/^7 dagen pauzeren ?Geen reclame tot/),
      'Ik wil dit blijven ontvangen',
    ])
  })

  it('are not taken where the brand does not offer them', async () => {
    await jan.stop()
    const before = await pages.everything()
    for (const alternative of ['pause:31', 'pause', '', 'other_channel:email', 'less:5/week', 'digest:orders']) {
      expect((await jan.take(alternative)).status).toBe(422)
    }
    expect(await pages.everything()).toEqual(before)
  })

  it('less often: counted over the address, and the rest stays refused', async () => {
    await jan.stop()
    expect(said(await jan.take('less:1/week'))).toMatch(
      /krijgt u hoogstens één reclamebericht per week\..*U krijgt Nieuws: e-mail/,
    )
    expect(await jan.gate()).toEqual(['allow consent', 'allow consent', 'deny objection', 'deny objection'])
    expect([await company.claim(jan.email), await company.claim(jan.email)]).toEqual(['allow', 'defer'])
    expect(await jan.leave()).toMatchObject({ state: 'narrowed', alternative: 'less:1/week' })
  })

  it('a pause until a day, which ends by itself', async () => {
    await jan.stop()
    expect((await jan.take('pause_until', { until: '2020-01-01' })).status).toBe(422)
    expect(await jan.state()).toBe('asked')
    const until = new Date(pages.now + 40 * dayMs).toISOString().slice(0, 10)
    expect(said(await jan.take('pause_until', { until }))).toContain('Geen reclame tot')
    expect(await pages.decision(jan.email)).toBe('defer pause')
    pages.pass(41 * dayMs)
    expect(await pages.decision(jan.email)).toBe('allow consent')
  })

  it('of one topic: a pause of that topic alone', async () => {
    await jan.stop('topic')
    const answer = await jan.take('pause:30')
    expect(said(answer)).toMatch(/^Nieuws: pauze tot .*Wat nu geldt Nieuws: pauze tot .*U krijgt Aanbiedingen/)
    expect(said(answer)).not.toContain('U krijgt Nieuws')
    expect((await jan.gate()).slice(0, 2)).toEqual(['defer pause', 'allow customer_relation'])
  })

  it('a digest: one topic, once a month, and nothing else', async () => {
    await jan.stop()
    expect(said(await jan.take('digest'))).toContain('U krijgt Nieuws hoogstens één keer per maand.')
    expect(await jan.gate()).toEqual(['allow consent', 'deny objection', 'deny objection', 'deny objection'])
    expect([await company.claim(jan.email), await company.claim(jan.email)]).toEqual(['allow', 'defer'])
  })

  it('another channel: what came there before comes again, and nothing else does', async () => {
    await jan.stop()
    const answer = await jan.take('other_channel:sms')
    expect(said(answer)).toContain('U krijgt onze reclame alleen nog per sms.')
    expect(await jan.gate()).toEqual([
      'deny objection',
      'deny objection',
      'allow customer_relation',
      'allow customer_relation',
    ])
    expect(await jan.leave()).toMatchObject({ state: 'narrowed', alternative: 'other_channel:sms' })
    expect(await pages.decision(jan.number, 'phone')).toBe('deny objection')
  })

  it('another channel, said later: opens that channel alone, once it is confirmed by mail', async () => {
    await jan.stop()
    pages.pass(31 * minuteMs)
    await pages.sendMails()
    expect(said(await jan.take('other_channel:sms'))).toContain('Bevestig uw keuze in uw mailbox.')
    expect((await jan.gate()).every((decision) => decision === 'deny objection')).toBe(true)
    const confirmation = await pages.confirmation()
    expect(said(await pages.get(confirmation))).toMatch(/sms/)
    await pages.post(confirmation)
    expect(await jan.gate()).toEqual(['deny objection', 'deny objection', 'allow consent', 'allow consent'])
    expect(await pages.decision(jan.number, 'phone')).toBe('deny objection')
    expect(await jan.leave()).toMatchObject({ state: 'narrowed', alternative: 'other_channel:sms' })
  })

  it('another channel is not offered to who has none', async () => {
    const alone = await pages.customer()
    const link = await pages.link(alone)
    expect((await pages.post(`${link}/stop`, { scope: 'all' })).text).not.toContain('other_channel:sms')
  })

  it('another address: opens once its holder confirms, and the old one stays refused', async () => {
    await jan.stop()
    pages.pass(minuteMs)
    await pages.sendMails()
    const elsewhere = email(`nieuw${pages.now}@elders.example`)
    expect((await jan.take('other_address', { email: jan.email.value })).status).toBe(422)
    expect(said(await jan.take('other_address', { email: elsewhere.value }))).toContain('Bevestig het nieuwe adres')
    expect([await pages.decision(elsewhere), await jan.state()]).not.toContain('narrowed')
    const confirmation = await pages.confirmation()
    expect(said(await pages.get(confirmation))).toContain('Het oude adres blijft gestopt.')
    expect(await pages.decision(elsewhere)).toMatch(/^deny/)
    await pages.post(confirmation)
    expect([await pages.decision(elsewhere), await pages.decision(jan.email)]).toEqual([
      'allow consent',
      'deny objection',
    ])
    expect(await jan.leave()).toMatchObject({ state: 'narrowed', alternative: 'other_address' })
  })

  it('fewer topics: the boxes the person ticks, at once through the same link', async () => {
    await jan.stop()
    await jan.post('preferences', { shown: 'email:offers', receive: 'email:offers' })
    expect((await jan.gate()).slice(0, 2)).toEqual(['deny objection', 'allow consent'])
    expect(await jan.leave()).toMatchObject({ state: 'narrowed', alternative: 'fewer_topics' })
  })

  it('meant for one reason come with the thanks for it, and not before', async () => {
    const alternatives = [{ kind: 'pause' as const, days: 90, reasons: ['temporary'] }]
    await pages.configure({ leaving: { policy: 'immediate', alternatives } })
    const answer = await jan.stop()
    expect(answer.text).not.toContain('pause:90')
    const choice = (await jan.leave())?.id ?? ''
    const [form = ''] = findAll(readPage(answer.text), 'input', { name: 'form' }).map(
      ({ attributes }) => attributes.value,
    )
    expect((await jan.post('reason', { choice, form, reason: 'too_many' })).text).not.toContain('pause:90')
    expect((await jan.post('reason', { choice, form, reason: 'temporary' })).text).toContain('pause:90')
    expect(said(await jan.take('pause:90'))).toContain('Geen reclame tot')
    expect(await pages.decision(jan.email)).toBe('defer pause')
  })
})

describe('the reminder of a pause', () => {
  const remind = async (fields: Record<string, string>) => {
    const answer = await jan.post('pause', { days: '30' })
    const box = find(readPage(answer.text), 'input', { name: 'remind' })
    expect(box.attributes).not.toHaveProperty('checked')
    const form = findAll(readPage(answer.text), 'form').find(({ attributes }) => attributes.action?.endsWith('/remind'))
    const choice = (form && find(form, 'input', { name: 'choice' }).attributes.value) ?? ''
    return jan.post('remind', { choice, ...fields })
  }

  it('is one mail, the day before, to who asked', async () => {
    expect(said(await remind({ remind: '1' }))).toContain('U krijgt één herinnering op')
    await remind({ remind: '1' })
    pages.pass(28 * dayMs)
    expect(await pages.sendMails()).toEqual([])
    pages.pass(dayMs)
    const mails = await pages.sendMails()
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('Uw pauze bij Acme eindigt op')])
    pages.pass(2 * dayMs)
    expect(await pages.sendMails()).toEqual([])
  })

  it('is not sent to who did not tick it', async () => {
    await remind({})
    pages.pass(40 * dayMs)
    expect(await pages.sendMails()).toEqual([])
  })

  it.each([
    ['stopped everything since', () => jan.stop()],
    ['ended the pause', () => jan.post('pause', { days: 'end' })],
  ])('is not sent to who %s', async (_what, act) => {
    await remind({ remind: '1' })
    pages.pass(minuteMs)
    await act()
    await pages.sendMails()
    pages.pass(29 * dayMs)
    expect((await pages.sendMails()).filter(({ subject }) => subject.includes('pauze'))).toEqual([])
  })
})

describe('a cadence', () => {
  it('is never passed, by a hundred claims at once over two channels', async () => {
    const { text } = await jan.post('less', { cadence: '3/week' })
    expect(text).toContain('hoogstens 3')
    const ask = (index: number) => {
      const isText = index % 2 === 1
      const contactPoint = isText ? jan.number : jan.email
      const question = { contactPoint, brand: 'acme', channel: isText ? 'sms' : 'email', topic: 'news' }
      return company.call('POST', '/v1/gate/claim', question)
    }
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)))
    const decisions = answers.map(({ body }) => (body as { decision: string }).decision)
    expect([
      decisions.filter((one) => one === 'allow').length,
      decisions.filter((one) => one === 'defer').length,
    ]).toEqual([3, 97])
  })
})
