import { hashSecrets, linkFromPath, openLink, sealRing } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { LinkMinter, LinkRefused, type LinksAbout } from './links.ts'
import { LinkKeyUnreadable, parseLinkKey } from './links-key.ts'
import { hashStateAfter } from './links-keyed-hash.ts'

const { hmacBlocks } = hashSecrets(Buffer.alloc(32, 'pepper of the tests'))
const ring = sealRing([{ id: 4, secret: Buffer.alloc(32, 'link secret of the tests') }], 'link')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const written = {
  keyId: 4,
  macKey: base64(ring.current.macKey),
  cipherKey: base64(ring.current.cipherKey),
  contactPointInner: base64(hashStateAfter(hmacBlocks.inner)),
  contactPointOuter: base64(hashStateAfter(hmacBlocks.outer)),
  url: 'https://optout.example',
  mailDomain: 'in.optout.example',
  brands: [
    {
      id: 'acme',
      number: 1,
      country: 'BE',
      topics: [
        { id: 'news', number: 2, listId: 'news.acme.in.optout.example' },
        { id: 'all', number: 3, listId: 'all.acme.in.optout.example' },
      ],
      campaigns: [{ id: 'may', number: 70_000 }],
    },
    {
      id: 'globex',
      number: 5,
      country: 'NL',
      topics: [{ id: 'all', number: 1, listId: 'all.globex.in.optout.example' }],
      campaigns: [],
    },
  ],
}
const minter = new LinkMinter(parseLinkKey(written))
const now = Date.UTC(2026, 10, 22, 2, 30)
const jan = { type: 'email', value: ' JAN@voorbeeld.be' } as const
const about: LinksAbout = { brand: 'acme', channel: 'email', topic: 'news' }

function claimsOf(page: string) {
  const sealed = linkFromPath(page.slice('https://optout.example/u/'.length))
  return sealed && openLink(ring, sealed)
}

function refusalOf(make: () => unknown): unknown {
  try {
    return make()
  } catch (error) {
    return error instanceof LinkRefused ? error.code : error
  }
}

describe('links made from a link key', () => {
  it('carry the names by their numbers, and what the message offered', () => {
    const made = minter.links(jan, { ...about, campaign: 'may', offered: ['all', 'topic'] }, now)
    expect(claimsOf(made.page)).toMatchObject({
      brandNumber: 1,
      topicNumber: 2,
      campaignNumber: 70_000,
      channel: 'email',
      offered: ['all', 'topic'],
      mintedAt: now,
    })
    expect(made).toMatchObject({ stopAll: `${made.page}#stop`, preferences: `${made.page}#preferences` })
    expect(made.headers).toEqual({
      'List-Unsubscribe': `<${made.page}>, <${made.mailto}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Id': '<news.acme.in.optout.example>',
    })
    expect(made.mailto).toMatch(/^mailto:[a-z2-7]{63}@in\.optout\.example$/)
  })

  it('find the brand of a topic that only one has, and keep kinds of message apart', () => {
    const kinds: LinksAbout[] = [
      { channel: 'email', topic: 'news' },
      { brand: 'globex', channel: 'email', topic: 'all' },
      { ...about, offered: ['all'] },
      about,
      { brand: 'acme', channel: 'email', topic: 'all', campaign: 'may' },
    ]
    const numbers = kinds.map((kind) => {
      const claims = claimsOf(minter.links(jan, kind, now).page)
      return [claims?.brandNumber, claims?.topicNumber, claims?.campaignNumber, claims?.offered.join()]
    })
    expect(numbers).toEqual([
      [1, 2, 0, ''],
      [5, 1, 0, ''],
      [1, 2, 0, 'all'],
      [1, 2, 0, ''],
      [1, 3, 70_000, ''],
    ])
  })

  it('are refused for names the key does not have, for another channel and for what is no contact point', () => {
    const refused = (changed: Partial<LinksAbout>, given: Parameters<typeof minter.links>[0] = jan) =>
      refusalOf(() => minter.links(given, { ...about, ...changed }, now))
    expect(refused({ brand: 'none' })).toBe('unknown_brand')
    expect(refused({ topic: 'none' })).toBe('unknown_topic')
    expect(refused({ campaign: 'june' })).toBe('unknown_campaign')
    expect(refused({ channel: 'sms' })).toBe('channel_mismatch')
    expect(refused({}, { type: 'email', value: 'jan at voorbeeld' })).toBe('invalid_contact_point')
    expect(refusalOf(() => minter.links(jan, { channel: 'email', topic: 'all' }, now))).toBe('brand_required')
    expect(refusalOf(() => minter.links(jan, { channel: 'email', topic: 'none' }, now))).toBe('unknown_topic')
    // And the next one is made as if nothing had been asked.
    expect(claimsOf(minter.links(jan, about, now).page)).toMatchObject({ brandNumber: 1, topicNumber: 2 })
  })

  it('are the same in a list of any length, with nothing where a value is no contact point', () => {
    const list = Array.from({ length: 1_100 }, (_, index) => {
      return { type: 'email', value: index % 100 === 7 ? 'nobody' : `p${index}@voorbeeld.be` } as const
    })
    const singly = list.map((given, index) => (index % 100 === 7 ? undefined : minter.links(given, about, now)))
    expect(minter.linksMany(list, about, now)).toEqual(singly)
    expect(minter.linksMany([], about, now)).toEqual([])
    expect(refusalOf(() => minter.linksMany(list, { ...about, channel: 'sms' }, now))).toBe('channel_mismatch')
  })

  it('say where a contact point is told of, in its normal form', () => {
    const seen: string[] = []
    minter.links(jan, about, now, ({ normalised }) => seen.push(normalised))
    minter.links({ type: 'phone', value: '0470 12 34 56' }, { ...about, channel: 'sms' }, now, (point) =>
      seen.push(point.normalised),
    )
    expect(seen).toEqual(['jan@voorbeeld.be', '+32470123456'])
  })

  it('need a key of this version', () => {
    const broken: unknown[] = [
      null,
      [],
      {},
      { ...written, macKey: 'c2hvcnQ=' },
      { ...written, keyId: 256 },
      { ...written, brands: [{ ...written.brands[0], number: '1' }] },
      { ...written, url: '' },
    ]
    for (const value of broken) expect(() => parseLinkKey(value)).toThrow(LinkKeyUnreadable)
  })
})
