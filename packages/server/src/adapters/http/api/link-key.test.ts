import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealRing } from '@verzet/core'
import { createGate, type Gate, type GateOptions, LinkMinter, type LinksAbout, parseLinkKey } from '@verzet/gate'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, type TestApi } from '../../../../test/api.ts'
import { ask, email, keyed, phone, saveTestRelation } from '../../../../test/people.ts'
import { texts } from '../../../../test/public-pages.ts'
import type { Hub } from '../../../services/hub.ts'
import { linkKeyTerms } from '../../../services/link-key-terms.ts'
import { sealMailLinks } from '../../../services/mint-links.ts'
import { registerPublicPages } from '../public/register.ts'
import { createHttpServer } from '../server.ts'

let api: TestApi
let pages: Awaited<ReturnType<typeof openPages>>
let url: string
let directory: string
const gates: Gate[] = []

beforeEach(async () => {
  api = await createTestApi()
  pages = await openPages(api.hub)
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  directory = mkdtempSync(join(tmpdir(), 'verzet-links-'))
})
afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.close()))
  await pages.close()
  api.app.server.closeAllConnections()
  await api[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

const about = { brand: 'acme', channel: 'email', topic: 'news' } as const satisfies LinksAbout

async function openGate(options: Partial<GateOptions> = {}): Promise<Gate> {
  const gate = createGate({ url, key: api.key, linkKey: 'hub', ...options })
  gates.push(gate)
  await gate.ready
  return gate
}

/** The public pages of a hub. */
function openPages(hub: Hub) {
  const register = (app: FastifyInstance) => registerPublicPages(app, { hub, texts, wakeMail: () => {} })
  return createHttpServer(hub, { logger: false, version: '0.0.0', register })
}

/** What looking at a page, and then the one click of a mail client (RFC 8058), are answered with. */
async function lookAndLeave(page: string, at = pages): Promise<number[]> {
  const url = new URL(page).pathname
  const looked = await at.inject({ method: 'GET', url })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const left = await at.inject({ method: 'POST', url, headers, payload: 'List-Unsubscribe=One-Click' })
  return [looked.statusCode, left.statusCode]
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isTrue, { timeout: 10_000, interval: 20 }).toBe(true)
}

describe('links made by a gate', () => {
  it('are those of the hub, open its page, and take the no back to every gate', async () => {
    const jan = email('jan@voorbeeld.be')
    await saveTestRelation(api.hub, 'K-1', [jan], { customerSince: '2024-01-01' })
    const gate = await openGate()
    await gate.nameCampaign('acme', 'may-2026')
    const offered = ['all', 'topic'] as const
    const made = gate.links(email('JAN@Voorbeeld.be'), { ...about, campaign: 'may-2026', offered })
    const { catalog, linkRing, place } = api.hub
    const [brand, topic] = [catalog.brand('acme'), catalog.topic('acme', 'news')]
    const { number: campaignNumber } = await catalog.campaign('acme', 'may-2026', Date.now())
    if (brand === undefined || topic === undefined) throw new Error('the test has lost its brand')
    const link = { keyed: keyed(api.hub, jan), brand, topic, campaignNumber, channel: 'email', offered } as const
    // A minute may have ended between the two.
    const own = [0, 60_000].map((ago) => sealMailLinks(linkRing, place, link, Date.now() - ago))
    expect(own).toContainEqual(made)

    expect(gate.decide(jan, about).decision).toBe('allow')
    expect(await lookAndLeave(made.page)).toEqual([200, 200])
    expect(await ask(api.hub, jan, 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
    await until(() => gate.decide(jan, about).reason === 'objection')
  })

  it('tell the hub of whom it did not know, also when the no came first', async () => {
    const { body } = await api.ask('GET', '/v1/links/key')
    const [first, second] = [email('eerst@voorbeeld.be'), phone('+32470123456')]
    const elsewhere = new LinkMinter(parseLinkKey(body)).links(first, about, Date.now())
    expect(await lookAndLeave(elsewhere.page)).toEqual([200, 200])
    const gate = await openGate()
    // The hub knows the no by its key; a replica cannot, before somebody names the address.
    expect(await ask(api.hub, first, 'email')).toMatchObject({ reason: 'objection' })
    expect(gate.decide(first, about).reason).toBe('no_basis')
    gate.links(first, about)
    gate.links(second, { ...about, channel: 'sms' })
    await gate.linksTold()
    await until(() => gate.decide(first, about).reason === 'objection')
    const { rows } = await api.hub.db.pool.query('select key, value from contact_points order by value')
    expect(rows).toEqual([second, first].map((point) => ({ key: keyed(api.hub, point).key, value: point.value })))
  })

  it('are opened after a rotation, with the old key and the new one', async () => {
    const old = parseLinkKey(linkKeyTerms(api.hub))
    const keys = [
      { id: 1, secret: Buffer.alloc(32, 'link secret of the tests ') },
      { id: 2, secret: Buffer.alloc(32, 'another secret of the tests ') },
    ]
    const rotated = { ...api.hub, linkRing: sealRing(keys, 'link') }
    const app = await openPages(rotated)
    try {
      const minters = [new LinkMinter(old), new LinkMinter(parseLinkKey(linkKeyTerms(rotated)))]
      expect(minters.map(({ keyId }) => keyId)).toEqual([1, 2])
      for (const [index, minter] of minters.entries()) {
        const point = email(`p${index}@voorbeeld.be`)
        const { page } = minter.links(point, about, Date.now())
        expect(await lookAndLeave(page, app)).toEqual([200, 200])
        expect(await ask(api.hub, point, 'email')).toMatchObject({ reason: 'objection' })
      }
    } finally {
      await app.close()
    }
  })

  it('come from a file where the API key may not read the link key, and from nothing without one', async () => {
    const file = join(directory, 'link-key.json')
    writeFileSync(file, JSON.stringify(linkKeyTerms(api.hub)))
    const key = await api.keyFor('changes:read')
    const errors: Error[] = []
    const gate = await openGate({ key, linkKey: { file } })
    const list = [email('jan@voorbeeld.be'), email('geen adres'), email('piet@voorbeeld.be')]
    const made = gate.linksMany(list, about)
    expect(made.map((links) => links !== undefined)).toEqual([true, false, true])
    expect(() => gate.linksMany(list, { ...about, topic: 'none' })).toThrow('no topic none')
    const without = await openGate({ key, onError: (error) => errors.push(error) })
    expect(() => without.links(email('jan@voorbeeld.be'), about)).toThrow(
      expect.objectContaining({ code: 'no_link_key' }),
    )
    expect(errors.map(({ message }) => message)).toContain('the hub answered 403 to GET /v1/links/key')
  })
})

describe('the link key', () => {
  it('is for keys that may mint alone, and is not read again while it is the same', async () => {
    const key = await api.keyFor('links:mint')
    const { status, headers, body } = await api.ask('GET', '/v1/links/key', { key })
    expect([status, headers['cache-control'], body]).toEqual([200, 'no-store', linkKeyTerms(api.hub)])
    const again = { authorization: `Bearer ${key}`, 'if-none-match': String(headers.etag) }
    const { statusCode, payload } = await api.app.inject({ method: 'GET', url: '/v1/links/key', headers: again })
    expect([statusCode, payload]).toEqual([304, ''])
    const other = await api.keyFor('links:write', 'changes:read')
    expect((await api.ask('GET', '/v1/links/key', { key: other })).status).toBe(403)
  })

  it('holds neither the pepper, nor a key that confirms, nor that of the fingerprints', () => {
    const text = JSON.stringify(linkKeyTerms(api.hub))
    const { secrets, confirmationRing } = api.hub
    const { macKey, cipherKey } = confirmationRing.current
    for (const secret of [secrets.pepper, secrets.hmacBlocks.inner, secrets.fingerprintKey, macKey, cipherKey]) {
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replaceAll('=', ''))
    }
  })
})

describe('what a link made elsewhere needs of the hub', () => {
  it('is the number of a campaign, the same for the same name', async () => {
    const name = (campaign: string, brand = 'acme') =>
      api.ask('POST', '/v1/links/campaigns', { body: { brand, campaign } })
    const [first, again, other] = [await name('may'), await name('may'), await name('june')]
    expect(again.body).toEqual(first.body)
    expect(other.body).not.toEqual(first.body)
    expect(await name('may', 'none')).toMatchObject({ status: 422, body: { code: 'unknown_brand' } })
  })

  it('is to know contact points, each once', async () => {
    const take = (...contactPoints: object[]) =>
      api.ask('POST', '/v1/links/contact-points', { body: { contactPoints } })
    expect((await take(email('a@b.be'), email('a@b.be'), phone('+32470123456'))).body).toEqual({ contactPoints: 2 })
    expect((await take(email('a@b.be'))).body).toEqual({ contactPoints: 1 })
    expect(await take(email('a@b.be'), email('nobody'))).toMatchObject({
      status: 422,
      body: { code: 'invalid_contact_point', errors: [{ pointer: '/contactPoints/1/value' }] },
    })
  })
})
