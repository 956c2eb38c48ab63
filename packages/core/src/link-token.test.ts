import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Channel, channels } from './channel.ts'
import { uuidFromHex } from './keys.ts'
import {
  type LinkClaims,
  linkFromMail,
  linkFromPath,
  linkMailToken,
  linkPathToken,
  linkTokenCharacters,
  mailTokenCharacters,
  type Offer,
  offers,
  openLink,
  sealLink,
} from './link-token.ts'
import { type SealRing, seal, sealRing } from './seal.ts'

type TokenFile = {
  version: 1
  purpose: string
  cases: {
    name: string
    secrets: { id: number; secret: string }[]
    claims: Omit<LinkClaims, 'mintedAt'> & { mintedAt: string }
    path: string
    mail: string
  }[]
  refused: { name: string; secrets: { id: number; secret: string }[]; path?: string; mail?: string }[]
}
const file: TokenFile = JSON.parse(readFileSync(new URL('../../../conformance/tokens.json', import.meta.url), 'utf8'))

function ringOf(secrets: TokenFile['cases'][number]['secrets'], purpose = file.purpose): SealRing {
  return sealRing(
    secrets.map(({ id, secret }) => ({ id, secret: Buffer.from(secret, 'hex') })),
    purpose,
  )
}

function openPath(ring: SealRing, text: string): LinkClaims | undefined {
  const sealed = linkFromPath(text)
  return sealed && openLink(ring, sealed)
}

function openMail(ring: SealRing, text: string): LinkClaims | undefined {
  const sealed = linkFromMail(text)
  return sealed && openLink(ring, sealed)
}

const secret = Buffer.alloc(32, 'a secret of the tests')
const ring = sealRing([{ id: 3, secret }], 'link')
const minute = 60_000
const epoch = Date.UTC(2026, 0, 1)

const claimsOf: fc.Arbitrary<LinkClaims> = fc.record({
  contactPointKey: fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => uuidFromHex(Buffer.from(bytes).toString('hex'))),
  brandNumber: fc.integer({ min: 0, max: 0xffff }),
  topicNumber: fc.integer({ min: 0, max: 0xffff }),
  campaignNumber: fc.integer({ min: 0, max: 0xffffff }),
  channel: fc.constantFrom<Channel>(...channels),
  offered: fc.subarray<Offer>([...offers]),
  mintedAt: fc.integer({ min: 0, max: 0xffffff }).map((minutes) => epoch + minutes * minute),
})
const example: LinkClaims = {
  contactPointKey: '01234567-89ab-cdef-0123-456789abcdef',
  brandNumber: 1,
  topicNumber: 2,
  campaignNumber: 3,
  channel: 'email',
  offered: ['all', 'topic'],
  mintedAt: Date.UTC(2026, 10, 15, 12, 0),
}
const sealed = sealLink(ring, example)

describe('the tokens that every implementation shares', () => {
  it.each(file.cases.map((one) => [one.name, one] as const))('%s', (_, { secrets, claims, path, mail }) => {
    const given = { ...claims, mintedAt: Date.parse(claims.mintedAt) }
    const shared = ringOf(secrets)
    expect(openPath(shared, path)).toEqual(given)
    expect(openMail(shared, mail)).toEqual(given)
    const sealedBy = secrets.find(({ id }) => id === Buffer.from(path, 'base64url')[0])
    const made = sealLink(ringOf(sealedBy === undefined ? [] : [sealedBy]), given)
    expect(linkPathToken(made)).toBe(path)
    expect(linkMailToken(made)).toBe(mail)
  })

  it.each(file.refused.map((one) => [one.name, one] as const))('%s', (_, { secrets, path, mail }) => {
    expect(path === undefined).not.toBe(mail === undefined)
    if (path !== undefined) expect(openPath(ringOf(secrets), path)).toBeUndefined()
    if (mail !== undefined) expect(openMail(ringOf(secrets), mail)).toBeUndefined()
  })
})

describe('an opt-out link', () => {
  it('carries its claims through a web address and a mail address', () => {
    fc.assert(
      fc.property(claimsOf, (claims) => {
        const token = sealLink(ring, claims)
        expect(openPath(ring, linkPathToken(token))).toEqual(claims)
        expect(openMail(ring, linkMailToken(token))).toEqual(claims)
      }),
    )
  })

  it('is short enough for a path of 90 characters and for a local part of 64', () => {
    fc.assert(
      fc.property(claimsOf, (claims) => {
        const token = sealLink(ring, claims)
        expect(linkPathToken(token)).toMatch(/^[\w-]{52}$/)
        expect(`/u/${linkPathToken(token)}`.length).toBeLessThanOrEqual(90)
        expect(linkMailToken(token)).toMatch(/^[a-z0-9]{1,64}$/)
      }),
    )
    expect([linkTokenCharacters, mailTokenCharacters]).toEqual([52, 63])
  })

  it('survives a mail system that changes the case', () => {
    expect(openMail(ring, linkMailToken(sealed).toUpperCase())).toEqual(example)
  })

  it('does not survive a change of case in the web address', () => {
    const path = linkPathToken(sealed)
    expect(openPath(ring, path.toLowerCase())).toBeUndefined()
  })

  it('does not open with any one bit changed', () => {
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(openLink(ring, changed)).toBeUndefined()
    }
  })

  it('does not open with any one character of the path changed', () => {
    const path = linkPathToken(sealed)
    for (let index = 0; index < path.length; index += 1) {
      const changed = `${path.slice(0, index)}${path[index] === 'A' ? 'B' : 'A'}${path.slice(index + 1)}`
      expect(openPath(ring, changed)).toBeUndefined()
    }
  })

  it('does not open for another purpose or under another secret', () => {
    expect(openLink(sealRing([{ id: 3, secret }], 'confirmation'), sealed)).toBeUndefined()
    expect(openLink(sealRing([{ id: 3, secret: Buffer.alloc(32, 1) }], 'link'), sealed)).toBeUndefined()
  })

  it('goes on opening after the keys have rotated many times', () => {
    const later = sealRing(
      [3, 4, 5, 6].map((id) => ({ id, secret: id === 3 ? secret : Buffer.alloc(32, id) })),
      'link',
    )
    expect(openLink(later, sealed)).toEqual(example)
    expect(sealLink(later, example)[0]).toBe(6)
  })

  it('goes on opening when it was made long ago: it carries no end', () => {
    const old = { ...example, mintedAt: epoch }
    expect(openLink(ring, sealLink(ring, old))).toEqual(old)
  })

  it('keeps the moment to the minute, and nothing before 2026', () => {
    const half = { ...example, mintedAt: epoch + 90_000 }
    expect(openLink(ring, sealLink(ring, half))?.mintedAt).toBe(epoch + 60_000)
    expect(openLink(ring, sealLink(ring, { ...example, mintedAt: 0 }))?.mintedAt).toBe(epoch)
  })

  it('lists what was offered once each, in one order', () => {
    const offered: Offer[] = ['topic', 'all', 'topic']
    expect(openLink(ring, sealLink(ring, { ...example, offered }))?.offered).toEqual(['all', 'topic'])
  })

  it('refuses numbers that do not fit rather than cut them', () => {
    expect(() => sealLink(ring, { ...example, brandNumber: 0x10000 })).toThrow(RangeError)
    expect(() => sealLink(ring, { ...example, topicNumber: -1 })).toThrow(RangeError)
    expect(() => sealLink(ring, { ...example, campaignNumber: 0x1000000 })).toThrow(RangeError)
  })

  it('refuses a sealed text of another length or with a channel nobody knows', () => {
    expect(openLink(ring, seal(ring, Buffer.alloc(26)))).toBeUndefined()
    expect(openLink(ring, seal(ring, Buffer.alloc(28)))).toBeUndefined()
    const claims = Buffer.alloc(27)
    expect(openLink(ring, seal(ring, claims))?.channel).toBe('email')
    claims[23] = 7
    expect(openLink(ring, seal(ring, claims))).toBeUndefined()
  })

  it('reads no other text as a token', () => {
    const path = linkPathToken(sealed)
    for (const text of [
      '',
      path.slice(1),
      `${path}A`,
      `${path.slice(1)}=`,
      `${path.slice(1)}+`,
      `${path.slice(1)}/`,
      `${path.slice(1)} `,
    ]) {
      expect(linkFromPath(text)).toBeUndefined()
    }
    const mail = linkMailToken(sealed)
    for (const text of ['', mail.slice(1), `${mail}a`, `0${mail.slice(1)}`, `${mail.slice(0, -1)}-`]) {
      expect(linkFromMail(text)).toBeUndefined()
    }
  })

  it('never throws on what strangers send', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 52, maxLength: 63, unit: 'binary' }), (text) => {
        expect(openPath(ring, text)).toBeUndefined()
        expect(openMail(ring, text)).toBeUndefined()
      }),
    )
  })
})
