import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { noteConnection, smsConnection } from '../../../../services/channels/note-connection.ts'
import { addPortal } from '../../../../services/portal/portals.ts'
import { addSmsAccount } from '../../../../services/texts/sms-accounts.ts'
import { findAll, readPage, textOf } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let cookie: string

beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('ann@acme.example', 'administrator')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

const account = {
  brand: 'acme',
  numbers: ['8850'],
  settings: {},
  secrets: { webhook: 'geheim-1', sending: 'geheim-2' },
}

describe('the room of the channels', () => {
  it('says what is not set up, and what that means', async () => {
    const answer = await desk.get('/channels', cookie)
    expect(answer.status).toBe(200)
    const words = mainOf(answer)
    expect(words).toContain('Alles wat is ingesteld, werkt of wacht op een eerste bericht.')
    expect(words).toContain('Niet ingesteld. Bevestigingen wachten tot er een mailserver is (VERZET_SMARTHOST).')
    expect(words).toContain('Er is geen account voor sms of WhatsApp.')
    expect(findAll(readPage(answer.text), 'h2').map(textOf)).toEqual(['E-mail', 'Sms en WhatsApp', 'Klantenportalen'])
  })

  it('says of each account what it last did, in words, and nothing secret', async () => {
    await addSmsAccount(desk.hub, { ...account, id: 'acme-twilio', vendor: 'twilio' })
    await addSmsAccount(desk.hub, { ...account, id: 'acme-operator', vendor: 'smpp' })
    await addPortal(desk.hub, {
      name: 'https://my.acme.example',
      brand: 'acme',
      origins: [],
      key: { kind: 'shared_secret' },
    })
    await noteConnection(desk.hub, smsConnection('acme-twilio'), { kind: 'heard' })
    await noteConnection(desk.hub, smsConnection('acme-operator'), { kind: 'failed', reason: 'refused 14' })
    const answer = await desk.get('/channels', cookie)
    const words = mainOf(answer)
    expect(words).toContain('Eén verbinding vraagt aandacht.')
    expect(words).toMatch(/acme-twilio Werkt\. .*Laatst iets gehoord 21 november 2026 om 10:00/)
    expect(words).toMatch(/acme-operator Vraagt aandacht\. Er is geen verbinding met de operator\. .*refused 14/)
    expect(words).toContain('https://my.acme.example Nog niets gehoord.')
    expect(answer.text).not.toContain('geheim')
  })

  it('says what kind of call was refused', async () => {
    desk.pass(60_000)
    await noteConnection(desk.hub, smsConnection('acme-twilio'), { kind: 'failed', reason: 'forged' })
    expect(mainOf(await desk.get('/channels', cookie))).toContain('de handtekening klopte niet')
  })

  it('is for those who may see it', async () => {
    const agent = await desk.member('an@acme.example', 'agent')
    expect((await desk.get('/channels', agent.cookie)).status).toBe(403)
  })
})
