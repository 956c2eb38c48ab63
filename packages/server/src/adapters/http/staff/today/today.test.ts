import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email } from '../../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { openWords, sayAfter } from '../../../../../test/staff-rooms.ts'
import { raiseAlert } from '../../../../services/alerts/raise-alert.ts'
import { holdCampaign } from '../../../../services/campaigns/hold-campaign.ts'
import { changeStaff } from '../../../../services/staff/accounts.ts'
import { mayGoOn } from '../../../../services/today/may-go-on.ts'
import { transact } from '../../../../storage/database.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'

let desk: StaffDesk
let officer: string
let marketer: string

beforeAll(async () => {
  desk = await StaffDesk.open()
  officer = (await desk.member('officer@acme.example', 'privacy_officer')).cookie
  marketer = (await desk.member('marketer@acme.example', 'marketer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

/** The day is read once a second at most. */
async function today(cookie: string) {
  await new Promise((resolve) => setTimeout(resolve, 1_010))
  return desk.get('/today', cookie)
}

async function raise(contactKey: string): Promise<string> {
  const brand = desk.hub.catalog.brand('acme')
  if (brand === undefined) throw new Error('the brand is there')
  const id = '0190a5c2-7b1e-7c3d-8e9f-0123456789ab'
  const about = { brand: 'acme', topic: 'news', channel: 'email', campaign: 'lente' } as const
  const alert = { ...about, choiceId: id, contactKey, kinds: ['never_signed_up'] as const }
  await transact(desk.hub.db, (tx) => raiseAlert(tx, desk.hub, alert, brand, desk.now))
  return id
}

describe('today', () => {
  it('begins with nothing, says so, and that lists which have to be consulted were never read', async () => {
    const page = mainOf(await today(officer))
    expect(page).toContain('Vandaag heeft nog niemand nee gezegd.')
    expect(page).toContain('Er wacht niets.')
    expect(page).toContain('Register bel-me-niet-meer: nog nooit ingelezen')
    expect(page).toContain('Er is nog niets gewijzigd.')
  })

  it('counts today’s noes by signal and channel with how fast each held, and names nobody', async () => {
    const { hub } = desk
    await sayAfter(hub, email('gisteren@voorbeeld.be'), { campaign: 'lente' })
    desk.pass(86_400_000)
    await sayAfter(hub, email('een@voorbeeld.be'), { campaign: 'lente' })
    await sayAfter(hub, email('twee@voorbeeld.be'), { campaign: 'lente', signal: 'complaint' })
    await transact(hub.db, (tx) =>
      tx.execute(`update choices set said_at = said_at - interval '4 seconds' where signal = 'complaint'`),
    )
    marketer = (await desk.member('again@acme.example', 'marketer')).cookie
    officer = (await desk.member('officer2@acme.example', 'privacy_officer')).cookie
    const page = await today(marketer)
    const words = mainOf(page)
    expect(words).toMatch(/2 keer nee vandaag 50% van wat mensen zelf zeiden/)
    expect(words).toMatch(/Klacht bij de mailprovider E-mail 1 0% 4 seconden/)
    expect(words).toMatch(/Knop in het mailprogramma E-mail 1 100% meteen/)
    expect(page.text).not.toContain('voorbeeld.be')
  })

  it('says what waits and what is held, with a door for those who may go through it', async () => {
    await openWords(desk.hub, email('vraag@voorbeeld.be'))
    await holdCampaign(desk.hub, { brand: 'acme', campaign: 'lente' }, 'test')
    const seen = await today(officer)
    expect(mainOf(seen)).toContain('1 bericht te beoordelen')
    expect(mainOf(seen)).toContain('Campagne lente staat stil')
    expect(seen.text).toContain('href="/review"')
    const other = await desk.get('/today', marketer)
    expect(mainOf(other)).toContain('1 bericht te beoordelen')
    expect(other.text).not.toContain('href="/review"')
    expect(other.text).toContain('href="/campaigns/acme/lente"')
  })

  it('lists alerts one by one for the privacy officer, until they are looked into; a marketer sees the number', async () => {
    const { hub } = desk
    const [row] = await hub.db.query<{ key: string }>('select subject_key as key from choices limit 1')
    const id = await raise(row?.key ?? '')
    const page = await today(officer)
    expect(mainOf(page)).toMatch(/Uit te zoeken.*“Ik heb me nooit aangemeld”/)
    const other = mainOf(await desk.get('/today', marketer))
    expect(other).toContain('“Ik heb me nooit aangemeld”: 1 keer, nog niet bekeken')
    expect(other).not.toContain('Uit te zoeken')
    expect((await desk.post('/today/seen', { alert: id }, marketer)).status).toBe(403)
    const done = await desk.post('/today/seen', hiddenFields(page, '/today/seen'), officer)
    expect(done.headers.location).toBe('/today')
    expect(mainOf(await today(officer))).not.toContain('Uit te zoeken')
    const seen = (await listEvidence(hub.db, [row?.key ?? ''])).filter(({ body }) => body.includes('alert_seen'))
    expect(seen.map(({ kind, body }) => [kind, JSON.parse(body).details.object])).toEqual([['staff_act', id]])
  })
})

describe('the live stream', () => {
  const listen = (cookie: string) =>
    desk.send('GET', '/today/live', { cookie, accept: 'text/event-stream', 'accept-language': 'fr' })

  it('tells the same as the page, in the reader’s language', async () => {
    const stream = await listen(marketer)
    expect(stream.headers['content-type']).toBe('text/event-stream')
    expect(stream.text).toMatch(/^event: state\ndata: <section.*Les refus d’aujourd’hui.*<\/section>.*\n\n/)
  })

  it('is no page, and not for everybody', async () => {
    expect((await desk.send('GET', '/today/live', { cookie: marketer, accept: 'text/html' })).status).toBe(406)
    expect((await listen((await desk.member('agent@acme.example', 'agent')).cookie)).status).toBe(403)
  })

  it('ends when its reader is signed out or may no longer', async () => {
    const { cookie } = await desk.member('leaver@acme.example', 'marketer')
    const token = cookie.split('=')[1] ?? ''
    expect(await mayGoOn(desk.hub, token, 'today')).toBe(true)
    await changeStaff(desk.hub, 'leaver@acme.example', { roles: ['agent'] }, 'test')
    expect(await mayGoOn(desk.hub, token, 'today')).toBe(false)
    expect(await mayGoOn(desk.hub, 'x'.repeat(43), 'today')).toBe(false)
  })
})
