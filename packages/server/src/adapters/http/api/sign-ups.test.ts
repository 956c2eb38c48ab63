import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { sendParts } from '../../../../test/mail.ts'
import { ask, email, type Point, say } from '../../../../test/people.ts'
import { sendDueMails } from '../../../services/send-due-mails.ts'
import { confirmSignUp } from '../../../services/sign-up/confirm-sign-up.ts'
import { DemoMailbox } from '../../mail/demo-mailbox.ts'

const hourMs = 3_600_000
const textShown = 'Yes, send me the news of Acme.'
let now = Date.UTC(2026, 10, 21, 9)
let api: TestApi
let anna: Point
let people = 0

beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => {
  await api.app.close()
  await api.hub[Symbol.asyncDispose]()
})
beforeEach(() => {
  now += 25 * hourMs
  people += 1
  anna = email(`anna${people}@voorbeeld.be`)
})

const body = (more: Record<string, unknown> = {}) => ({
  contactPoint: anna,
  brand: 'acme',
  topics: ['news', 'offers'],
  language: 'en',
  source: 'shop, checkout',
  textShown,
  ...more,
})
/** Read in the published term lists of DPV, its PD and its EU-GDPR extension: in 2.0, 2.1 and 2.3 alike. */
const knownTerms = new Set(
  [
    'ConsentRequested ConsentGiven ConsentWithdrawn ConsentRevoked ConsentRequestDeferred ExpressedConsent',
    'ConsentRecord ConsentNotice PrivacyNotice DataSubject DataController Process Purpose DirectMarketing',
    'StorageDuration WithdrawConsent hasDataSubject hasConsentStatus hasNotice hasProcess hasStatus hasContact',
    'hasPurpose hasLegalBasis hasPersonalData hasService hasDataController hasJurisdiction hasDataSource',
    'hasRecipient hasStorageCondition hasConsentControl hasRight hasName hasAddress isIndicatedBy',
    'hasIndicationMethod',
  ]
    .flatMap((line) => line.split(' ').map((term) => `dpv:${term}`))
    .concat('pd:EmailAddress', 'pd:TelephoneNumber', 'pd:PhysicalAddress', 'pd:UID')
    .concat('eu-gdpr:A6-1-a', 'eu-gdpr:A7-3', 'eu-gdpr:A21'),
)
const signUp = (more: Record<string, unknown> = {}) => api.ask('POST', '/v1/sign-ups', { body: body(more) })

async function confirm(): Promise<void> {
  const mailbox = new DemoMailbox()
  while ((await sendDueMails(sendParts(api.hub, mailbox))).leased > 0);
  const own = mailbox.list().filter(({ to }) => to === anna.value)
  const token = own.flatMap(({ text }) => /\/s\/([\w-]+)/.exec(text)?.[1] ?? [])[0]
  now += 1_000
  expect((await confirmSignUp(api.hub, token ?? '')).kind).toBe('confirmed')
  now += 1_000
}

async function records(point = anna): Promise<readonly unknown[]> {
  const answer = await api.ask('POST', '/v1/consents/search', { body: { contactPoint: point } })
  expect(answer.status).toBe(200)
  const graph = at(JSON.parse(answer.text), '@graph')
  return Array.isArray(graph) ? graph : []
}

const statesOf = (record: unknown): unknown => {
  const events = at(record, 'dpv:hasStatus')
  return Array.isArray(events) ? events.map((event) => at(event, '@type')) : []
}

describe('POST /v1/sign-ups', () => {
  it('asks and opens nothing before the address confirmed', async () => {
    const answer = await signUp()
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ state: 'asked', expiresAt: new Date(now + 72 * hourMs).toISOString() })
    expect((await ask(api.hub, anna, 'email')).decision).toBe('deny')
    await confirm()
    expect((await ask(api.hub, anna, 'email')).reason).toBe('consent')
  })

  it('takes the same again as the same', async () => {
    const first = await signUp()
    const again = await signUp()
    expect([at(again.body, 'id'), at(again.body, 'repeated')]).toEqual([at(first.body, 'id'), true])
  })

  it('stops at three mails a day to one address', async () => {
    for (const topics of [['news'], ['offers'], ['news', 'offers']]) expect((await signUp({ topics })).status).toBe(202)
    const fourth = await signUp({ language: 'nl' })
    expect([fourth.status, at(fourth.body, 'code')]).toEqual([429, 'asked_often'])
  })

  it.each([
    ['unknown_brand', { brand: 'nobody' }],
    ['unknown_topic', { topics: ['orders'] }],
    ['unknown_topic', { topics: ['news', 'gone'] }],
    ['channel_mismatch', { channel: 'sms' }],
    ['cannot_confirm', { contactPoint: { type: 'customer', value: 'K-1' } }],
    ['no_consent_text', { textShown: undefined }],
  ])('refuses with %s what cannot be', async (code, more) => {
    const answer = await signUp(more)
    expect(answer.status).toBe(422)
    expect(at(answer.body, 'code')).toBe(code)
  })

  it('owes a number a text, and nothing by mail', async () => {
    const number = { type: 'phone', value: '+32470998877' }
    expect((await signUp({ contactPoint: number })).status).toBe(202)
    const [row] = await api.hub.db.query<{ kind: string }>('select kind from outbound_texts')
    expect(row?.kind).toBe('confirm_sign_up')
  })

  it('needs a key that may record choices', async () => {
    expect((await api.ask('POST', '/v1/sign-ups', { body: body(), key: await api.keyFor('gate:read') })).status).toBe(
      403,
    )
  })
})

describe('PUT /v1/brands/{brand}/consent-texts', () => {
  it('keeps every version, adds none for what stands, and is what a sign-up without words is given under', async () => {
    const put = (texts: Record<string, string>) =>
      api.ask('PUT', '/v1/brands/acme/consent-texts', { body: { texts, privacyUrl: 'https://acme.example/privacy' } })
    const statuses = [await put({ nl: 'Ja.' }), await put({ nl: 'Ja.' }), await put({ nl: 'Ja, graag.', en: 'Yes.' })]
    expect(statuses.map(({ status, body: saved }) => [status, at(saved, 'version')])).toEqual([
      [201, 1],
      [200, 1],
      [201, 2],
    ])
    const all = await api.ask('GET', '/v1/brands/acme/consent-texts')
    expect(all.body).toMatchObject({
      versions: [{ texts: { nl: 'Ja.' } }, { texts: { nl: 'Ja, graag.', en: 'Yes.' } }],
    })
    expect((await signUp({ textShown: undefined })).status).toBe(202)
    expect((await records())[0]).toMatchObject({
      'dpv:hasNotice': { 'dct:description': 'Yes.', 'dct:hasVersion': '2', 'dct:language': 'en' },
    })
    const refused = await api.hub.db.execute(`update consent_texts set body = 'x'`).catch(() => 'refused')
    expect(refused).toBe('refused')
  })

  it('refuses an unknown brand and an empty set', async () => {
    expect((await api.ask('PUT', '/v1/brands/gone/consent-texts', { body: { texts: { nl: 'Ja' } } })).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/gone/consent-texts')).status).toBe(404)
    expect((await api.ask('PUT', '/v1/brands/acme/consent-texts', { body: { texts: {} } })).status).toBe(400)
  })
})

describe('consent records', () => {
  it('carry the fields of ISO/IEC TS 27560, with the words and without the address', async () => {
    const { body: asked } = await signUp()
    await confirm()
    const [record, ...others] = await records()
    expect(others).toEqual([])
    expect(record).toMatchObject({
      '@type': 'dpv:ConsentRecord',
      'dct:identifier': at(asked, 'id'),
      'dct:conformsTo': { '@id': 'https://w3id.org/dpv/schema/dpv-27560#record' },
      'dpv:hasConsentStatus': { '@id': 'dpv:ConsentGiven' },
      'dpv:hasNotice': { 'dct:description': textShown, 'dct:language': 'en' },
    })
    expect(String(at(asked, 'id'))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/)
    const processes = at(record, 'dpv:hasProcess')
    expect(Array.isArray(processes) && processes.map((one) => at(at(one, 'dpv:hasPurpose'), 'dct:title'))).toEqual([
      'News',
      'Offers',
    ])
    expect(statesOf(record)).toEqual(['dpv:ConsentRequested', 'dpv:ConsentGiven'])
    expect(JSON.stringify(record)).not.toContain(anna.value)
  })

  it('use no term that the vocabularies lack', async () => {
    await signUp()
    await confirm()
    await say(api.hub, anna, { kind: 'objection', author: 'controller' })
    const used = JSON.stringify(await records()).match(/\b(?:dpv|pd|eu-gdpr):[\w-]+/g)
    expect([...new Set(used)].filter((term) => !knownTerms.has(term))).toEqual([])
  })

  it('tell what was withdrawn, in part and whole', async () => {
    await signUp()
    await confirm()
    await say(api.hub, anna, { kind: 'objection', scope: { brand: 'acme', topic: 'news' } })
    const [inPart] = await records()
    expect(at(inPart, 'dpv:hasConsentStatus')).toEqual({ '@id': 'dpv:ConsentGiven' })
    expect(statesOf(inPart)).toEqual(['dpv:ConsentRequested', 'dpv:ConsentGiven', 'dpv:ConsentWithdrawn'])
    now += hourMs
    await say(api.hub, anna, { kind: 'objection' })
    expect(at((await records())[0], 'dpv:hasConsentStatus')).toEqual({ '@id': 'dpv:ConsentWithdrawn' })
  })

  it('show what nobody answered as asked, then as deferred', async () => {
    await signUp()
    expect(at((await records())[0], 'dpv:hasConsentStatus')).toEqual({ '@id': 'dpv:ConsentRequested' })
    now += 73 * hourMs
    expect(at((await records())[0], 'dpv:hasConsentStatus')).toEqual({ '@id': 'dpv:ConsentRequestDeferred' })
  })

  it('of a relation hold those of its addresses and those the organisation brought along', async () => {
    const externalId = `C-${people}`
    await api.ask('PUT', `/v1/relations/${externalId}`, { body: { contactPoints: [anna] } })
    await say(api.hub, anna, { kind: 'consent', author: 'controller', saidAt: null, scope: { channel: 'email' } })
    now += hourMs
    await signUp()
    await confirm()
    const answer = await api.ask('GET', `/v1/relations/${externalId}/consents`)
    const graph = at(JSON.parse(answer.text), '@graph')
    expect(Array.isArray(graph) && graph.map((one) => at(at(one, 'dpv:hasConsentStatus'), '@id'))).toEqual([
      'dpv:ConsentGiven',
      'dpv:ConsentGiven',
    ])
    await api.ask('DELETE', `/v1/relations/${externalId}`)
    expect((await api.ask('GET', `/v1/relations/${externalId}/consents`)).status).toBe(404)
    expect(await records()).toEqual([])
  })
})
