import { describe, expect, it } from 'vitest'
import {
  confirmationFromPath,
  confirmationPathToken,
  confirmationTokenCharacters,
  openConfirmation,
  sealConfirmation,
} from './confirmation-token.ts'
import { linkFromPath, openLink, sealLink } from './link-token.ts'
import { sealRing } from './seal.ts'

const secret = Buffer.alloc(32, 'one secret')
const ring = sealRing([{ id: 1, secret }], 'confirmation')
const claims = {
  subjectKey: '0b2ad8c1-91c0-43ee-9e6c-4a70c1d9e733',
  confirmationId: '019d0b3e-7a00-7c11-8d22-3344556677ff',
  expiresAt: Date.UTC(2026, 10, 28, 9, 30, 15),
}

describe('a confirmation token', () => {
  it('carries its claims through a URL path of 64 characters', () => {
    const path = confirmationPathToken(sealConfirmation(ring, claims))
    expect(path).toHaveLength(confirmationTokenCharacters)
    expect(confirmationTokenCharacters).toBe(64)
    expect(openConfirmation(ring, confirmationFromPath(path) ?? Buffer.alloc(0))).toEqual(claims)
  })

  it('keeps its expiry to the second and refuses one that does not fit', () => {
    const sealed = sealConfirmation(ring, { ...claims, expiresAt: claims.expiresAt + 999 })
    expect(openConfirmation(ring, sealed)?.expiresAt).toBe(claims.expiresAt)
    expect(() => sealConfirmation(ring, { ...claims, expiresAt: -1 })).toThrow(RangeError)
  })

  it('still opens under an older key of the ring', () => {
    const rotated = sealRing(
      [
        { id: 1, secret },
        { id: 2, secret: Buffer.alloc(32, 'another secret') },
      ],
      'confirmation',
    )
    expect(openConfirmation(rotated, sealConfirmation(ring, claims))).toEqual(claims)
    expect(openConfirmation(ring, sealConfirmation(rotated, claims))).toBeUndefined()
  })

  it('does not open with any single bit changed, cut short or made longer', () => {
    const sealed = sealConfirmation(ring, claims)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(openConfirmation(ring, changed)).toBeUndefined()
    }
    expect(openConfirmation(ring, sealed.subarray(0, -1))).toBeUndefined()
    expect(openConfirmation(ring, Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined()
  })

  it('is useless for leaving, and a link for leaving is useless here', () => {
    const linkRing = sealRing([{ id: 1, secret }], 'link')
    const link = sealLink(linkRing, {
      contactPointKey: claims.subjectKey,
      brandNumber: 1,
      topicNumber: 1,
      campaignNumber: 0,
      channel: 'email',
      offered: [],
      mintedAt: claims.expiresAt,
    })
    expect(openConfirmation(ring, link)).toBeUndefined()
    expect(openLink(linkRing, sealConfirmation(ring, claims))).toBeUndefined()
    expect(openConfirmation(linkRing, sealConfirmation(ring, claims))).toBeUndefined()
    expect(linkFromPath(confirmationPathToken(sealConfirmation(ring, claims)))).toBeUndefined()
  })

  it.each(['', 'x'.repeat(63), 'x'.repeat(65), `${'x'.repeat(63)}=`, `${'x'.repeat(63)}é`])(
    'is not read from %j',
    (text) => {
      expect(confirmationFromPath(text)).toBeUndefined()
    },
  )
})
