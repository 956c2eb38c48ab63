import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskContactPoint } from './mask.ts'

describe('maskContactPoint', () => {
  it.each([
    ['email', 'jaan@voorbeeld.be', 'j•••n@v•••d.be'],
    ['email', 'jan@ab.be', 'j•••@a•••.be'],
    ['email', 'j@x.be', '•••@•••.be'],
    ['email', '"jan peeters"@voorbeeld.be', '•••@v•••d.be'],
    ['email', 'jan.peeters@[192.0.2.1]', 'j•••s@[•••]'],
    ['email', '用户名字@voorbeeld.co.uk', '用•••字@v•••o.uk'],
    ['phone', '+32475123412', '+32 4•• •• •• 12'],
    ['phone', '+12125550123', '+1 2•• •• •• 23'],
    ['phone', '+35212345', '+352 •• •• ••'],
    ['post', 'BE|9000|kerkstraat|12|3', 'BE 9000 •••'],
    ['post', 'NL|1234AB|12|a', 'NL 1234AB •••'],
    ['customer', 'K-00123', 'K•••3'],
    ['customer', 'K1', 'K•••'],
    ['customer', '7', '•••'],
    ['push', 'dQw4w9WgXcQ', '•••'],
  ] as const)('shows of %s %s only %s', (type, normalised, masked) => {
    expect(maskContactPoint({ type, normalised })).toBe(masked)
  })

  it('does not show how long the hidden part is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,30}$/), (middle) => {
        expect(maskContactPoint({ type: 'email', normalised: `j${middle}n@v${middle}d.be` })).toBe('j•••n@v•••d.be')
        expect(maskContactPoint({ type: 'customer', normalised: `1${middle}2` })).toBe('1•••2')
      }),
    )
  })
})
