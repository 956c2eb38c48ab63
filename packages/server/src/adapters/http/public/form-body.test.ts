import { describe, expect, it } from 'vitest'
import { field, fieldValues, readForm } from './form-body.ts'

const read = (type: string | undefined, body: string) => {
  const form = readForm(type, Buffer.from(body))
  return form && [...form]
}
const multipart = (...lines: string[]) => lines.join('\r\n')

describe('a form', () => {
  it('is read from either encoding, repeated names in order', () => {
    expect(read('application/x-www-form-urlencoded', 'a=1&b=%C3%A9+x&a=2')).toEqual([
      ['a', ['1', '2']],
      ['b', ['é x']],
    ])
    const body = multipart(
      '--x',
      'Content-Disposition: form-data; name="a"',
      '',
      '1',
      '--x',
      'content-disposition: form-data; name="a"',
      '',
      '2',
      '--x--',
    )
    expect(read('multipart/form-data; boundary=x', body)).toEqual([['a', ['1', '2']]])
  })

  it('without a content type is whichever of the two it looks like', () => {
    expect(read(undefined, 'a=1\r\n')).toEqual([['a', ['1']]])
    expect(read(undefined, multipart('--x', 'Content-Disposition: form-data; name="a"', '', '1', '--x--'))).toEqual([
      ['a', ['1']],
    ])
  })

  it('keeps lines of a comment, and what looks like a boundary inside one', () => {
    const body = multipart(
      '--x',
      'Content-Disposition: form-data; name="comment"',
      '',
      'first',
      'a --x b',
      '',
      'last',
      '--x--',
    )
    expect(read('multipart/form-data; boundary=x', body)).toEqual([['comment', ['first\na --x b\n\nlast']]])
  })

  it('has no file in it, nothing before the first part and nothing after the end', () => {
    const file = ['--x', 'Content-Disposition: form-data; name="f"; filename="a.txt"', '', 'secret']
    const named = ['--x', 'Content-Disposition: form-data; name="a"', '', '1']
    const late = ['--x', 'Content-Disposition: form-data; name="b"', '', '2']
    expect(read('multipart/form-data; boundary=x', multipart('before', ...file, ...named, '--x--', ...late))).toEqual([
      ['a', ['1']],
    ])
  })

  it('is not read from another type, without any boundary, or with more fields than a page has', () => {
    expect(read('application/json', '{"a":1}')).toBeUndefined()
    expect(read('multipart/form-data', 'a=1')).toBeUndefined()
    expect(read(`multipart/form-data; boundary=${'x'.repeat(71)}`, 'a=1')).toBeUndefined()
    expect(read('application/x-www-form-urlencoded', 'a=1&'.repeat(2_001))).toBeUndefined()
  })

  it('has no NUL in it, which no database would keep', () => {
    expect(read('application/x-www-form-urlencoded', 'comment=te%00veel')).toEqual([['comment', ['teveel']]])
  })

  it('without a body has no fields', () => {
    const form = readForm('application/x-www-form-urlencoded', undefined) ?? new Map()
    expect([field(form, 'a'), fieldValues(form, 'a')]).toEqual([undefined, []])
  })
})
