import { readFileSync } from 'node:fs'
import {
  type Channel,
  type ContactPoint,
  type ContactPointType,
  channels,
  contactPointKey,
  hashSecrets,
  type LinkClaims,
  linkMailToken,
  linkPathToken,
  normaliseContactPoint,
  type Offer,
  offers,
  openLink,
  sealLink,
  sealRing,
} from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashStateAfter } from './links-keyed-hash.ts'
import { LinkSealer, type SealedAbout } from './links-sealer.ts'

type Secret = { id: number; secret: string }
type TokenFile = {
  purpose: string
  cases: {
    name: string
    secrets: Secret[]
    claims: Omit<LinkClaims, 'mintedAt'> & { mintedAt: string }
    path: string
    mail: string
  }[]
}
const file: TokenFile = JSON.parse(readFileSync(new URL('../../../conformance/tokens.json', import.meta.url), 'utf8'))

const pepper = hashSecrets(Buffer.alloc(32, 'pepper of the tests'))
const ring = sealRing([{ id: 9, secret: Buffer.alloc(32, 'link secret of the tests') }], 'link')
const states = {
  contactPointInner: hashStateAfter(pepper.hmacBlocks.inner),
  contactPointOuter: hashStateAfter(pepper.hmacBlocks.outer),
}
const sealer = new LinkSealer({ keyId: 9, ...ring.current, ...states })

function normal(type: ContactPointType, value: string): ContactPoint {
  const read = normaliseContactPoint({ type, value }, { country: 'BE' })
  if (read.kind !== 'ok') throw new Error(read.hint)
  return read.contactPoint
}

describe('the tokens that every implementation shares, made without the hub', () => {
  it.each(file.cases.map((one) => [one.name, one] as const))('%s', (_, { secrets, claims, path, mail }) => {
    const sealedBy = secrets.find(({ id }) => id === Buffer.from(path, 'base64url')[0])
    const keys = sealedBy === undefined ? [] : [{ id: sealedBy.id, secret: Buffer.from(sealedBy.secret, 'hex') }]
    const { current } = sealRing(keys, file.purpose)
    const own = new LinkSealer({ keyId: current.id, ...current, ...states })
    own.prepare(claims)
    own.stageKey(0, claims.contactPointKey, Date.parse(claims.mintedAt))
    own.encipher(1)
    own.take(0)
    expect([own.path(), own.mail()]).toEqual([path, mail])
  })
})

describe('a sealer', () => {
  const about: fc.Arbitrary<SealedAbout> = fc.record({
    brandNumber: fc.integer({ min: 0, max: 0xffff }),
    topicNumber: fc.integer({ min: 0, max: 0xffff }),
    campaignNumber: fc.integer({ min: 0, max: 0xffffff }),
    channel: fc.constantFrom<Channel>(...channels),
    offered: fc.subarray<Offer>([...offers]),
  })
  const points = fc.constantFrom(
    normal('email', 'jan@voorbeeld.be'),
    normal('email', 'Ján.Ünï@MÜLLER.example'),
    normal('email', `${'lang'.repeat(16)}@${'een-heel-lang-woord.'.repeat(8)}example`),
    normal('phone', '0470 12 34 56'),
    normal('post', 'Kerkstraat 12, 9000 Gent, BE'),
    normal('customer', 'K-ë-1'),
  )
  const moments = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2080, 0, 1) })

  it('makes the very tokens the hub makes, whatever came before', () => {
    fc.assert(
      fc.property(about, points, moments, (given, point, now) => {
        const claims = { ...given, contactPointKey: contactPointKey(pepper, point), mintedAt: now }
        const sealed = sealLink(ring, claims)
        sealer.prepare(given)
        sealer.stage(0, point.type, point.normalised, now)
        sealer.encipher(1)
        sealer.take(0)
        expect([sealer.path(), sealer.mail()]).toEqual([linkPathToken(sealed), linkMailToken(sealed)])
        expect(openLink(ring, Buffer.from(sealer.path(), 'base64url'))?.contactPointKey).toBe(claims.contactPointKey)
      }),
      { numRuns: 500 },
    )
  })
})
