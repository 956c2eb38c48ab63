import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseEmailAddress } from './email-address.ts'
import { isPlainEmail } from './plain-email.ts'

describe('an address that needs no normalising', () => {
  it.each(['jan@voorbeeld.be', 'jan.de-vries+nieuws@mail.voorbeeld.co.uk', 'a_b@x-1.nl', '1@2.be'])(
    'is seen at a glance: %s',
    (address) => {
      expect(isPlainEmail(address)).toBe(true)
    },
  )

  it.each([
    'Jan@voorbeeld.be',
    'jan@voorbeeld',
    'jan@-voorbeeld.be',
    'jan@voorbeeld..be',
    'jan@xn--caf-dma.be',
    'jan@127.0.0.1',
    ' jan@voorbeeld.be',
    'jan@@voorbeeld.be',
    '"jan"@voorbeeld.be',
    'josé@voorbeeld.be',
    '@voorbeeld.be',
    `${'a'.repeat(65)}@voorbeeld.be`,
    `jan@${'a'.repeat(64)}.be`,
    '',
  ])('is never guessed: %s', (address) => {
    expect(isPlainEmail(address)).toBe(false)
  })

  it('is its own normal form, for anything that looks like an address', () => {
    const character = fc.constantFrom(...'abzAZ019.-_+@%" é\u00ad')
    const text = fc.oneof(
      fc.string({ unit: character, maxLength: 30 }),
      fc
        .tuple(fc.string({ unit: character, maxLength: 8 }), fc.domain())
        .map(([local, domain]) => `${local}@${domain}`),
      fc.emailAddress(),
    )
    fc.assert(
      fc.property(text, (value) => {
        if (!isPlainEmail(value)) return
        expect(normaliseEmailAddress(value)).toEqual({ kind: 'ok', normalised: value })
      }),
      { numRuns: 20_000 },
    )
  })
})
