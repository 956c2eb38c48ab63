import { domainToASCII } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emailAddressBytesMax, emailLocalPartBytesMax, normaliseEmailAddress } from './email-address.ts'

function normalised(value: string): string {
  const result = normaliseEmailAddress(value)
  return result.kind === 'ok' ? result.normalised : result.reason
}

describe('normaliseEmailAddress', () => {
  it('keeps every ordinary address but for its case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(normalised(address)).toBe(address.toLowerCase())
      }),
    )
  })

  it('takes an address and its wrapped, quoted and capitalised forms for one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]+([.+-][a-z0-9]+){0,3}$/), (localPart) => {
        const address = `${localPart.slice(0, 60)}@voorbeeld.be`
        const [local] = address.split('@')
        const forms = [
          `<${address}>`,
          `mailto:${address}`,
          ` ${address}\n`,
          `"${local}"@voorbeeld.be`,
          address.toUpperCase(),
        ]
        expect(new Set(forms.map(normalised))).toEqual(new Set([address]))
      }),
    )
  })

  it('never takes two local parts for one, but for their case', () => {
    const localPart = fc.stringMatching(/^[a-z0-9.+_-]{1,20}$/)
    fc.assert(
      fc.property(localPart, localPart, (one, other) => {
        expect(normalised(`${one}@voorbeeld.be`) === normalised(`${other}@voorbeeld.be`)).toBe(one === other)
      }),
    )
  })

  it('maps domains as the URL standard does', () => {
    for (const domain of ['BÜCHER.example', '例え.テスト', 'fußball.de', 'ÉTÉ.fr', 'ελλάδα.gr']) {
      expect(normalised(`a@${domain}`)).toBe(`a@${domainToASCII(domain)}`)
    }
  })

  it('never goes beyond the limits of RFC 5321', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), (localPart) => {
        const result = normaliseEmailAddress(`${localPart}@${'voorbeeld.'.repeat(19)}be`)
        if (result.kind !== 'ok') return
        expect(Buffer.byteLength(result.normalised)).toBeLessThanOrEqual(emailAddressBytesMax)
        const at = result.normalised.lastIndexOf('@')
        expect(Buffer.byteLength(result.normalised.slice(0, at))).toBeLessThanOrEqual(emailLocalPartBytesMax)
      }),
    )
  })
})
