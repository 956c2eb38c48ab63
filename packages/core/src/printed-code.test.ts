import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  makePrintedCode,
  printedCodeCharacters,
  printedCodeRandomBytes,
  readPrintedCode,
  showPrintedCode,
} from './printed-code.ts'

const signs = '0123456789ACDEFGHJKMNPQRTVWXY'
const codes = fc
  .uint8Array({ minLength: printedCodeRandomBytes, maxLength: printedCodeRandomBytes })
  .map((random) => makePrintedCode(random))

describe('a printed code', () => {
  it('has ten signs of the alphabet and reads back as itself', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(code).toHaveLength(printedCodeCharacters)
        expect([...code].every((sign) => signs.includes(sign))).toBe(true)
        expect(readPrintedCode(code)).toBe(code)
        expect(readPrintedCode(showPrintedCode(code))).toBe(code)
      }),
    )
  })

  it('is printed in two groups of five', () => {
    expect(showPrintedCode('0000000000')).toBe('00000-00000')
  })

  it('has the check sign that its weights ask for', () => {
    expect(makePrintedCode(Buffer.alloc(8))).toBe('0000000000')
    // One at the first place weighs 1: 1 + 10 × 26 = 261 = 9 × 29, and the sign of value 26 is W.
    expect(makePrintedCode(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]))).toBe(`100000000${signs[26]}`)
    fc.assert(
      fc.property(codes, (code) => {
        const sum = [...code].reduce((total, sign, index) => total + signs.indexOf(sign) * (index + 1), 0)
        expect(sum % 29).toBe(0)
      }),
    )
  })

  it('uses every sign at every place', () => {
    const seen = Array.from({ length: printedCodeCharacters }, () => new Set<string>())
    for (let number = 0; number < 2_000; number += 1) {
      const random = Buffer.alloc(8)
      random.writeBigUInt64BE((BigInt(number) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn)
      for (const [index, sign] of [...makePrintedCode(random)].entries()) seen[index]?.add(sign)
    }
    expect(seen.map((set) => set.size)).toEqual(Array.from({ length: printedCodeCharacters }, () => signs.length))
  })
})

describe('reading a printed code', () => {
  it('finds every single wrong sign', () => {
    fc.assert(
      fc.property(codes, (code) => {
        for (let index = 0; index < code.length; index += 1) {
          for (const sign of signs) {
            if (sign === code[index]) continue
            expect(readPrintedCode(`${code.slice(0, index)}${sign}${code.slice(index + 1)}`)).toBeUndefined()
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  it('finds every two neighbours that changed places', () => {
    fc.assert(
      fc.property(codes, (code) => {
        for (let index = 0; index + 1 < code.length; index += 1) {
          const [one, other] = [code[index] ?? '', code[index + 1] ?? '']
          const swapped = `${code.slice(0, index)}${other}${one}${code.slice(index + 2)}`
          expect(readPrintedCode(swapped)).toBe(one === other ? code : undefined)
        }
      }),
    )
  })

  it('finds a sign too many and a sign too few', () => {
    fc.assert(
      fc.property(codes, fc.constantFrom(...signs), fc.nat({ max: 9 }), (code, sign, index) => {
        expect(readPrintedCode(`${code.slice(0, index)}${sign}${code.slice(index)}`)).toBeUndefined()
        expect(readPrintedCode(`${code.slice(0, index)}${code.slice(index + 1)}`)).toBeUndefined()
      }),
    )
  })

  it.each([
    ['O', '0'],
    ['o', '0'],
    ['I', '1'],
    ['l', '1'],
    ['L', '1'],
    ['Z', '2'],
    ['s', '5'],
    ['B', '8'],
    ['u', 'V'],
  ])('reads %s as %s', (lookAlike, sign) => {
    const written = codeWith(sign)
    expect(readPrintedCode(written.replaceAll(sign, lookAlike))).toBe(written)
  })

  it('forgives case, spaces, dashes and other separators', () => {
    const code = codeWith('A')
    const spellings = [
      code.toLowerCase(),
      ` ${code.slice(0, 5)} ${code.slice(5)} `,
      `${code.slice(0, 5)}–${code.slice(5)}`,
      `${code.slice(0, 5)}—${code.slice(5)}`,
      [...code].join('.'),
      [...code].join('_'),
      [...code].join('/'),
      `${code.slice(0, 3)}\u00a0${code.slice(3)}\n`,
    ]
    for (const spelling of spellings) expect(readPrintedCode(spelling)).toBe(code)
  })

  it('forgives any mixture of case, look-alikes and separators', () => {
    const looksLike: Readonly<Record<string, string>> = {
      '0': 'Oo',
      '1': 'IiLl',
      '2': 'Zz',
      '5': 'Ss',
      '8': 'Bb',
      V: 'Uu',
    }
    const spelt = codes.chain((code) =>
      fc
        .tuple(
          ...[...code].map((sign) =>
            fc.tuple(
              fc.constantFrom(sign, sign.toLowerCase(), ...(looksLike[sign] ?? '')),
              fc.constantFrom('', '', ' ', '-', '.', '_', '\u00a0'),
            ),
          ),
        )
        .map((signs) => ({ code, typed: signs.map(([sign, separator]) => sign + separator).join('') })),
    )
    fc.assert(
      fc.property(spelt, ({ code, typed }) => {
        expect(readPrintedCode(typed)).toBe(code)
      }),
    )
  })

  it('refuses other signs and floods', () => {
    const code = codeWith('A')
    for (const sign of ['!', '*', 'é', '🙂', '٣', '０']) expect(readPrintedCode(sign + code.slice(1))).toBeUndefined()
    expect(readPrintedCode(code + ' '.repeat(64 - code.length))).toBe(code)
    expect(readPrintedCode(code + ' '.repeat(65 - code.length))).toBeUndefined()
  })

  it('never throws, and what it reads is a code', () => {
    const typed = fc.oneof(
      fc.string({ maxLength: 80, unit: 'binary' }),
      fc.string({ minLength: 10, maxLength: 10, unit: fc.constantFrom(...signs, 'o', 'ß', 'ı', '\ud800') }),
    )
    fc.assert(
      fc.property(typed, (text) => {
        const code = readPrintedCode(text)
        expect(code === undefined ? undefined : readPrintedCode(code)).toBe(code)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** A code whose payload has this sign, found by trying. */
function codeWith(sign: string): string {
  for (let number = 1; number < 10_000; number += 1) {
    const random = Buffer.alloc(8)
    random.writeBigUInt64BE((BigInt(number) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn)
    const code = makePrintedCode(random)
    if (code.includes(sign)) return code
  }
  throw new Error(`no code with ${sign}`)
}
