import { generateKeyPairSync } from 'node:crypto'
import { exportPKCS8 } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import {
  type KeySetServer,
  keyPair,
  openSharedPortal,
  portalName,
  serveKeySet,
  sha256,
  signed,
} from '../../../test/portal.ts'
import { portalTokens } from '../../adapters/http/portal/portal-tokens.ts'
import { addPortal, PortalDirectory, readPortals, removePortal } from './portals.ts'
import { type TokenParts, verifyPortalToken } from './verify-portal-token.ts'

const clock = { now: Date.UTC(2026, 10, 21, 9) }
let hub: TestHub
let tokens: TokenParts
let sign: Awaited<ReturnType<typeof openSharedPortal>>

beforeAll(async () => {
  hub = await createTestHub({ now: () => clock.now })
  sign = await openSharedPortal(hub)
  tokens = portalTokens(hub)
})
afterAll(() => hub?.[Symbol.asyncDispose]())

const seconds = () => Math.floor(clock.now / 1_000)
const judged = async (token: string) => (await verifyPortalToken(tokens, token)).kind
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token signed with the shared secret', () => {
  it('names the customer, and leaves a digest of itself as proof', async () => {
    const token = await sign({ sub: 'K-1' })
    expect(await verifyPortalToken(tokens, token)).toMatchObject({
      kind: 'verified',
      subject: { type: 'customer', value: 'K-1' },
      proof: { portal: portalName, tokenSha256: sha256(token), issuedAt: '2026-11-21T09:00:00.000Z' },
      expiresAt: clock.now + 300_000,
    })
  })
  it('may name a contact point instead (RFC 9493)', async () => {
    const byMail = await sign({ sub_id: { format: 'email', email: 'jan@voorbeeld.be' } })
    expect(await verifyPortalToken(tokens, byMail)).toMatchObject({
      subject: { type: 'email', value: 'jan@voorbeeld.be' },
    })
    const byPhone = await sign({ sub: 'K-1', sub_id: { format: 'phone_number', phone_number: '+32470123456' } })
    expect(await verifyPortalToken(tokens, byPhone)).toMatchObject({
      subject: { type: 'phone', value: '+32470123456' },
    })
    expect(await judged(await sign({ sub: 'K-1', sub_id: { format: 'opaque', id: '1' } }))).toBe('refused')
  })
  it('is good as often as it is shown, and told apart once it has expired', async () => {
    const token = await sign({ sub: 'K-1' })
    expect([await judged(token), await judged(token)]).toEqual(['verified', 'verified'])
    clock.now += 331_000
    expect(await judged(token)).toBe('expired')
  })
  it('is refused when it was signed for longer than ten minutes, or says nothing about it', async () => {
    const now = seconds()
    expect(await judged(await sign({ sub: 'K-1', iat: now, exp: now + 600 }))).toBe('verified')
    expect(await judged(await sign({ sub: 'K-1', iat: now, exp: now + 601 }))).toBe('refused')
    expect(await judged(await sign({ sub: 'K-1', iat: now - 86_400, exp: now + 300 }))).toBe('expired')
    expect(await judged(await sign({ sub: 'K-1', iat: now + 120, exp: now + 400 }))).toBe('refused')
    expect(await judged(await sign({ sub: 'K-1', exp: undefined }))).toBe('refused')
    expect(await judged(await sign({ sub: 'K-1', iat: undefined }))).toBe('refused')
  })
  it('is refused for another hub, from an unknown portal, of nobody, and with a changed letter', async () => {
    expect(await judged(await sign({ sub: 'K-1', aud: 'https://other.example' }))).toBe('refused')
    expect(await judged(await sign({ sub: 'K-1', aud: undefined }))).toBe('refused')
    expect(await judged(await sign({ sub: 'K-1', aud: ['https://other.example', hub.place.url] }))).toBe('verified')
    expect(await judged(await sign({ sub: 'K-1', iss: 'somebody' }))).toBe('refused')
    expect([await judged(await sign({ sub: '' })), await judged(await sign({}))]).toEqual(['refused', 'refused'])
    const [head, , signature] = (await sign({ sub: 'K-1' })).split('.')
    const other = encoded({ iss: portalName, aud: hub.place.url, sub: 'K-2', iat: seconds(), exp: seconds() + 300 })
    expect(await judged(`${head}.${other}.${signature}`)).toBe('refused')
  })
  it('is refused without a signature, whatever it says its algorithm is', async () => {
    const payload = encoded({ iss: portalName, aud: hub.place.url, sub: 'K-1', iat: seconds(), exp: seconds() + 300 })
    for (const alg of ['none', 'None', 'HS256', 'HS512', 'RS256', 'dir']) {
      expect(await judged(`${encoded({ alg, typ: 'JWT' })}.${payload}.`), alg).toBe('refused')
    }
    expect(await judged(await sign({ sub: 'K-1' }, { alg: 'HS512' }))).toBe('refused')
  })
  it('is refused when it is no token', async () => {
    for (const text of ['', '.', '..', 'a.b.c', 'e30.e30.e30', `${'a'.repeat(5_000)}.b.c`, 'a.b.c.d.e']) {
      expect(await judged(text), text.slice(0, 20)).toBe('refused')
    }
  })
  it('stops holding when its portal is removed, and the name can be given anew', async () => {
    const gone = await openSharedPortal(hub, { name: 'old' })
    clock.now += 2_000
    expect(await judged(await gone({ sub: 'K-1' }))).toBe('verified')
    expect(await addPortal(hub, { name: 'old', brand: 'acme', origins: [], key: { kind: 'shared_secret' } })).toEqual({
      kind: 'name_taken',
    })
    expect([await removePortal(hub, 'old'), await removePortal(hub, 'old')]).toEqual([true, false])
    clock.now += 2_000
    expect(await judged(await gone({ sub: 'K-1' }))).toBe('refused')
    const anew = await openSharedPortal(hub, { name: 'old' })
    clock.now += 2_000
    expect([await judged(await gone({ sub: 'K-1' })), await judged(await anew({ sub: 'K-1' }))]).toEqual([
      'refused',
      'verified',
    ])
  })
  it('lies in the database sealed, and under another pepper is no portal at all', async () => {
    const rows = await hub.db.query<{ sealed: Buffer }>('select sealed_secret as sealed from portals where name = $1', [
      portalName,
    ])
    expect(rows[0]?.sealed.includes(Buffer.from(sign.secret))).toBe(false)
    const other = { ...hub.secrets, pepper: Buffer.alloc(32, 'another pepper ') }
    expect(await readPortals({ db: hub.db, secrets: other })).toEqual([])
  })
})

describe('a token signed with a private key', () => {
  it.each(['ES256', 'RS256'] as const)('holds against the %s public key that was given', async (alg) => {
    const { pair, pem } = await keyPair(alg)
    const name = `key-${alg}`
    const key = { kind: 'public_key' as const, pem }
    expect((await addPortal(hub, { name, brand: 'acme', origins: [], key })).kind).toBe('added')
    clock.now += 2_000
    expect(await judged(await signed(hub, { sub: 'K-1' }, { alg }, pair.privateKey, name))).toBe('verified')
    const { pair: other } = await keyPair(alg)
    expect(await judged(await signed(hub, { sub: 'K-1' }, { alg }, other.privateKey, name))).toBe('refused')
    // The public key is known to everybody: as the secret of an HMAC it proves nothing (RFC 8725 §2.1).
    expect(await judged(await signed(hub, { sub: 'K-1' }, { alg: 'HS256' }, Buffer.from(pem), name))).toBe('refused')
  })
  it('is not taken from a key that is too weak, private, or no key', async () => {
    const { pair } = await keyPair('ES256')
    const wish = { name: 'weak', brand: 'acme', origins: [] }
    const spki = { type: 'spki', format: 'pem' } as const
    const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
    const weak = generateKeyPairSync('rsa', {
      modulusLength: 1_024,
      publicKeyEncoding: spki,
      privateKeyEncoding: pkcs8,
    })
    const curve = generateKeyPairSync('ec', {
      namedCurve: 'secp384r1',
      publicKeyEncoding: spki,
      privateKeyEncoding: pkcs8,
    })
    for (const pem of [weak.publicKey, curve.publicKey, await exportPKCS8(pair.privateKey), 'no key']) {
      expect((await addPortal(hub, { ...wish, key: { kind: 'public_key', pem } })).kind).toBe('refused')
    }
  })
  it('is taken from no origin and no name that a browser or a token would not say', async () => {
    const key = { kind: 'shared_secret' as const }
    for (const origins of [['https://a.example/'], ['http://a.example'], ['*'], ['null']]) {
      expect((await addPortal(hub, { name: 'x', brand: 'acme', origins, key })).kind, origins[0]).toBe('refused')
    }
    expect((await addPortal(hub, { name: 'a b', brand: 'acme', origins: [], key })).kind).toBe('refused')
  })
})

describe('a portal that publishes its keys', () => {
  let keys: KeySetServer
  const portal = 'publisher'
  const by = (pair: Awaited<ReturnType<typeof keyPair>>['pair'], kid: string, alg = 'ES256') =>
    signed(hub, { sub: 'K-1' }, { alg, kid }, pair.privateKey, portal)

  beforeAll(async () => {
    keys = await serveKeySet()
    await addPortal(hub, { name: portal, brand: 'acme', origins: [], key: { kind: 'jwks', url: keys.url } })
    clock.now += 2_000
  })
  afterAll(() => keys?.[Symbol.asyncDispose]())

  it('is asked once for many tokens, and again for a key it published since', async () => {
    const one = await keyPair('ES256')
    const two = await keyPair('RS256')
    await keys.publish({ kid: '1', pair: one.pair })
    const token = await by(one.pair, '1')
    expect(await Promise.all([judged(token), judged(token), judged(token)])).toEqual(Array(3).fill('verified'))
    expect(keys.asked()).toBe(1)
    await keys.publish({ kid: '1', pair: one.pair }, { kid: '2', pair: two.pair })
    clock.now += 31_000
    expect(await judged(await by(two.pair, '2', 'RS256'))).toBe('verified')
    expect(keys.asked()).toBe(2)
  })
  it('is not asked for every unknown key that a token names', async () => {
    const stranger = await keyPair('ES256')
    const before = keys.asked()
    for (let kid = 0; kid < 5; kid += 1) expect(await judged(await by(stranger.pair, `unknown-${kid}`))).toBe('refused')
    expect(keys.asked() - before).toBeLessThanOrEqual(1)
  })
  it('goes on with what is kept while it does not answer, for a day', async () => {
    const one = await keyPair('ES256')
    await keys.publish({ kid: 'a', pair: one.pair })
    clock.now += 11 * 60_000
    expect(await judged(await by(one.pair, 'a'))).toBe('verified')
    keys.answer(500)
    clock.now += 11 * 60_000
    expect(await judged(await by(one.pair, 'a'))).toBe('verified')
    clock.now += 24 * 3_600_000
    expect(await judged(await by(one.pair, 'a'))).toBe('keys_unavailable')
  })
  it('is followed nowhere, and not read without end', async () => {
    const fresh = { ...tokens, ...portalTokens(hub), portals: new PortalDirectory(hub) }
    const { pair } = await keyPair('ES256')
    for (const [status, headers, body] of [
      [302, { location: 'http://127.0.0.1:9/' }, ''],
      [200, {}, '{"keys":'],
      [200, {}, '{"keys":{}}'],
      [200, {}, `{"keys":[],"x":"${'x'.repeat(300_000)}"}`],
    ] as const) {
      keys.answer(status, headers, body)
      const parts = { ...fresh, keySets: portalTokens(hub).keySets }
      expect((await verifyPortalToken(parts, await by(pair, 'a'))).kind, body.slice(0, 20)).toBe('keys_unavailable')
    }
  })
  it('is asked over https only, but for this very machine', async () => {
    for (const url of [
      'http://keys.example/',
      'ftp://keys.example/',
      'https://a:b@keys.example/',
      'file:///etc/passwd',
      '//x',
    ]) {
      const wish = { name: 'y', brand: 'acme', origins: [], key: { kind: 'jwks' as const, url } }
      expect((await addPortal(hub, wish)).kind, url).toBe('refused')
    }
  })
})
