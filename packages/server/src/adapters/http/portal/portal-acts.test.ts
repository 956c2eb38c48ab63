import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { customer, email, keyed, type Point, phone, saveTestRelation, say } from '../../../../test/people.ts'
import {
  openSharedPortal,
  partsOf,
  portalAct,
  portalLook,
  portalName,
  type Signer,
  sha256,
} from '../../../../test/portal.ts'
import { PublicPages } from '../../../../test/public-pages.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

let pages: PublicPages
let sign: Signer
let jan: Point
let number: Point
let people = 0

beforeAll(async () => {
  pages = await PublicPages.open()
  sign = await openSharedPortal(pages.hub)
})
afterAll(() => pages?.[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(dayMs)
  people += 1
  number = phone(`+324701234${10 + people}`)
  jan = await pages.customer([number])
})

const tokenOf = () => sign({ sub: pages.externalId })
const outcomeOf = ({ status, body }: { status: number; body: Record<string, unknown> }) => `${status} ${body.outcome}`
const choiceOf = (answer: Awaited<ReturnType<typeof portalAct>>) =>
  partsOf(answer, 'done').find(({ act }) => act === 'undo')?.fields?.choice ?? ''

describe('acting', () => {
  it('holds at the gate in the same moment, on every channel, and twice is once', async () => {
    const token = await tokenOf()
    const first = await portalAct(pages, token, 'stop', { scope: 'all' })
    expect(outcomeOf(first)).toBe('200 all_stopped')
    expect([
      await pages.decision(jan),
      await pages.decision(number, 'phone'),
      await pages.decision(number, 'sms'),
    ]).toEqual(['deny objection', 'deny objection', 'deny objection'])
    const said = await pages.count('choices')
    expect(outcomeOf(await portalAct(pages, token, 'stop', { scope: 'all' }))).toBe('200 all_stopped')
    expect(await pages.count('choices')).toBe(said)
    expect(partsOf(first, 'stop').some(({ act }) => act === 'stop')).toBe(false)
  })
  it('keeps which portal vouched, as a digest of the token, and not the token', async () => {
    const token = await tokenOf()
    await portalAct(pages, token, 'stop', { scope: 'topic' }, { query: '?topic=news' })
    const rows = await pages.hub.db.query<{ signal: string; author: string; proof: unknown }>(
      'select signal, author, proof from choices order by recorded_at desc limit 1',
    )
    expect(rows[0]).toMatchObject({
      signal: 'portal',
      author: 'person',
      proof: { portal: portalName, tokenSha256: sha256(token) },
    })
    expect(pages.log).not.toContain(token.split('.')[1])
    expect(await pages.decision(jan, 'email', 'offers')).toBe('allow customer_relation')
  })
  it('is taken back by undo, within half an hour, by any token of the same person and of nobody else', async () => {
    const choice = choiceOf(await portalAct(pages, await tokenOf(), 'stop', { scope: 'all' }))
    const other = await sign({ sub: 'K-somebody' })
    expect(outcomeOf(await portalAct(pages, other, 'undo', { choice }))).toBe('422 undo_too_late')
    pages.pass(10 * minuteMs)
    expect(outcomeOf(await portalAct(pages, await tokenOf(), 'undo', { choice }))).toBe('200 undone')
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  })
  it('lifts an older no of the person directly, and only what was asked for', async () => {
    await say(pages.hub, customer(pages.externalId), { kind: 'objection' })
    pages.pass(40 * dayMs)
    const boxes = { shown: ['email:news', 'email:offers', 'sms:news'], receive: ['email:news'] }
    const saved = await portalAct(pages, await tokenOf(), 'preferences', boxes)
    expect(outcomeOf(saved)).toBe('200 preferences_saved')
    expect(partsOf(saved, 'done').find(({ kind }) => kind === 'list')).toMatchObject({
      items: ['Nieuws, e-mail: krijgt u vanaf nu.'],
    })
    expect(await pages.decision(jan)).toBe('allow consent')
    expect([await pages.decision(jan, 'email', 'offers'), await pages.decision(number, 'sms')]).toEqual([
      'deny objection',
      'deny objection',
    ])
    expect(outcomeOf(await portalAct(pages, await tokenOf(), 'undo', { choice: choiceOf(saved) }))).toBe('200 undone')
    expect(await pages.decision(jan)).toBe('deny objection')
  })
  it('lifts a no that was said through one of their addresses, as a later choice of the person', async () => {
    const link = await pages.link(jan)
    await pages.oneClick(link)
    pages.pass(40 * dayMs)
    await portalAct(pages, await tokenOf(), 'preferences', { shown: ['email:news'], receive: ['email:news'] })
    expect(await pages.decision(jan)).toBe('allow consent')
  })
  it('a pause or less instead of an older no opens the one channel it is about, and no telephone', async () => {
    await say(pages.hub, customer(pages.externalId), { kind: 'objection' })
    pages.pass(40 * dayMs)
    expect(outcomeOf(await portalAct(pages, await tokenOf(), 'less', { cadence: '1/month' }))).toBe('200 less_often')
    expect((await pages.gate(jan)).decision).toBe('allow')
    expect([await pages.decision(number, 'phone'), await pages.decision(number, 'sms')]).toEqual([
      'deny objection',
      'deny objection',
    ])
  })
  it('less instead of a no of a moment ago gives back what came before, at the new pace', async () => {
    await portalAct(pages, await tokenOf(), 'stop', { scope: 'all' })
    pages.pass(minuteMs)
    const answer = await portalAct(pages, await tokenOf(), 'less', { cadence: '1/week' })
    expect(outcomeOf(answer)).toBe('200 less_often')
    expect([(await pages.gate(jan)).decision, (await pages.gate(number, 'sms')).decision]).toEqual(['allow', 'allow'])
  })
  it('takes a reason after the no, and says why what cannot be is not done', async () => {
    const stopped = await portalAct(pages, await tokenOf(), 'stop', { scope: 'all' })
    const form = partsOf(stopped, 'reason').find(({ act }) => act === 'reason')
    const answered = { ...form?.fields, reason: 'too_many', comment: 'Elke dag' }
    expect(outcomeOf(await portalAct(pages, await tokenOf(), 'reason', answered))).toBe('200 reason_saved')
    expect(await pages.count(`choices where reason = 'too_many' and comment = 'Elke dag'`)).toBe(1)
    const refused = await portalAct(pages, await tokenOf(), 'pause', { until: '1999-01-01' })
    expect(outcomeOf(refused)).toBe('422 date_refused')
    expect(partsOf(refused, 'notice')[0]).toMatchObject({ words: 'Kies een datum binnen de aangegeven periode.' })
  })
  it('corrects name and language, adds an address after its own confirmation, and removes one', async () => {
    const saved = await portalAct(pages, await tokenOf(), 'details', { name: 'Anna Maes', language: 'fr' })
    expect([outcomeOf(saved), saved.body.lang]).toEqual(['200 details_saved', 'fr'])
    expect(await pages.count(`relations where external_id like 'self-%'`)).toBe(0)
    expect(await pages.count(`relations where external_id = '${pages.externalId}' and name = 'Anna Maes'`)).toBe(1)
    expect(
      outcomeOf(await portalAct(pages, await tokenOf(), 'add-contact', { email: 'anna.nieuw@voorbeeld.be' })),
    ).toBe('200 contact_point_added')
    await pages.post(await pages.confirmation(), {})
    const rows = partsOf(await portalLook(pages, await tokenOf()), 'person').filter(({ kind }) => kind === 'row')
    expect(rows).toHaveLength(3)
    const mobile = keyed(pages.hub, number).key
    expect(rows.map(({ words }) => words)).toContainEqual(expect.stringMatching(/^\+32/))
    const removed = await portalAct(pages, await tokenOf(), 'remove-contact', { contact: mobile })
    expect(outcomeOf(removed)).toBe('200 contact_point_removed')
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
    expect((await pages.gate(jan)).decision).toBe('allow')
  })
  it('an erasure stops everything at once and is confirmed from the mailbox of the person', async () => {
    expect(outcomeOf(await portalAct(pages, await tokenOf(), 'erase'))).toBe('200 erasure_asked')
    expect(await pages.decision(jan)).toBe('deny objection')
    const { externalId } = pages
    await pages.post(await pages.confirmation(), {})
    expect(await pages.count(`relations where external_id = '${externalId}'`)).toBe(0)
    expect(await pages.decision(jan)).toBe('deny objection')
  })
  it('KB/AR 4 April 2003 art. 2: a no to e-mail is acknowledged by e-mail, also from a portal', async () => {
    await pages.sendMails()
    await portalAct(pages, await tokenOf(), 'stop', { scope: 'all' })
    const mails = await pages.sendMails()
    expect(mails.map(({ to }) => to)).toEqual([jan.value])
    expect(mails[0]?.subject).toContain('Bevestiging')
  })
  it('keeps what somebody says whom the hub does not know (rule 7)', async () => {
    const token = await sign({ sub: 'K-new' })
    expect(outcomeOf(await portalAct(pages, token, 'stop', { scope: 'all' }))).toBe('200 all_stopped')
    const later = email('later@voorbeeld.be')
    await saveTestRelation(pages.hub, 'K-new', [later], { country: 'BE', customerSince: '2024-03-01' })
    expect(await pages.decision(later)).toBe('deny objection')
    const byMail = await sign({ sub_id: { format: 'email', email: 'Nobody.Knows@voorbeeld.be' } })
    await portalAct(pages, byMail, 'stop', { scope: 'all' })
    expect(await pages.decision(email('nobody.knows@voorbeeld.be'))).toBe('deny objection')
  })
})

describe('the token of a personal link', () => {
  it('has the powers of the link: it stops, and what it would lift is confirmed by mail', async () => {
    const token = (await pages.link(jan)).split('/').at(-1) ?? ''
    await say(pages.hub, jan, { kind: 'objection', scope: { channel: 'email' } })
    pages.pass(40 * dayMs)
    const asked = await portalAct(pages, token, 'preferences', { shown: ['email:news'], receive: ['email:news'] })
    expect(partsOf(asked, 'done').find(({ kind }) => kind === 'list')?.kind).toBe('list')
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(outcomeOf(await portalAct(pages, token, 'stop', { scope: 'all' }))).toBe('200 all_stopped')
    const rows = await pages.hub.db.query(
      'select signal, proof from choices order by recorded_at desc, id desc limit 1',
    )
    expect(rows[0]).toEqual({ signal: 'page', proof: null })
  })
  it('cannot take back what was said at the portal', async () => {
    const choice = choiceOf(await portalAct(pages, await tokenOf(), 'stop', { scope: 'all' }))
    const token = (await pages.link(jan)).split('/').at(-1) ?? ''
    expect(outcomeOf(await portalAct(pages, token, 'undo', { choice }))).toBe('422 undo_too_late')
    expect(await pages.decision(jan)).toBe('deny objection')
  })
})
