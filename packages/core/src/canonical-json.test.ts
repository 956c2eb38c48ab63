import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type JsonValue } from './canonical-json.ts'

const jsonValues = fc.jsonValue({ depthSize: 'small' }).map((value): JsonValue => JSON.parse(JSON.stringify(value)))

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 section 3.2.2', () => {
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001]
    const string = '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/'
    expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts members as RFC 8785 section 3.2.3 shows, by UTF-16 code units', () => {
    const members = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const order = [...canonicalJson(members).matchAll(/":"([^"]+)"/g)].map((match) => match[1])
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s of RFC 8785 appendix B as %s', (bits, written) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE(0))).toBe(written)
  })

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value)
      }),
    )
  })

  it('is the same in whatever order the members were added, at every depth', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(canonicalJson(backwards(value))).toBe(canonicalJson(value))
      }),
    )
    expect(canonicalJson({ b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] })).toBe('{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}')
  })

  it('keeps the order of a list', () => {
    expect(canonicalJson([3, 1, 2])).toBe('[3,1,2]')
  })

  it('leaves out members that are undefined and keeps those that are null', () => {
    expect(canonicalJson({ gone: undefined, kept: null })).toBe('{"kept":null}')
    expect(canonicalJson({ gone: undefined })).toBe('{}')
  })

  it('has no space and no escape that is not needed', () => {
    expect(canonicalJson({ é: '\u2028\u007f/' })).toBe('{"é":"\u2028\u007f/"}')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (number) => {
    expect(() => canonicalJson({ number })).toThrow(TypeError)
  })

  it('refuses lone surrogates in strings and in names', () => {
    expect(() => canonicalJson('\ud800')).toThrow(TypeError)
    expect(() => canonicalJson(['a\udc00b'])).toThrow(TypeError)
    expect(() => canonicalJson({ '\ud800': 1 })).toThrow(TypeError)
    expect(canonicalJson('\u{1f600}')).toBe('"\u{1f600}"')
  })
})

/** The same value with the members of every object in the opposite order. */
function backwards(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(backwards)
  const members = Object.entries(value).reverse()
  return Object.fromEntries(members.map(([name, member]) => [name, member === undefined ? member : backwards(member)]))
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
