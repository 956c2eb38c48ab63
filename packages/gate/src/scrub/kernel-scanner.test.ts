import { contactPointTypes, normaliseContactPoint } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fingerprinter } from '../fingerprinter.ts'
import { KernelScanner } from './kernel-scanner.ts'
import { rowMarks, rowsMax } from './row-marks.ts'
import { PlainScanner, type RowLayout, type RowScanner } from './row-scanner.ts'
import { fingerprintKey } from './testing/list-fixtures.ts'

function kernelFor(layout: RowLayout, key = fingerprintKey): KernelScanner {
  const kernel = KernelScanner.create(layout, key)
  if (kernel === undefined) throw new Error('this machine has no SIMD in WebAssembly')
  return kernel
}

function scanned(scanner: RowScanner, from: number, to: number, first: number) {
  const count = scanner.scan(from, to, first)
  const rows = Array.from({ length: count - first }, (_, index) => {
    const row = first + index
    const mark = scanner.rows.marks[row]
    const pair = scanner.rows.fingerprints.slice(2 * row, 2 * row + 2)
    return { end: scanner.rows.ends[row], mark, pair: mark === rowMarks.fingerprint ? [...pair] : [] }
  })
  return { count, rows, stoppedAt: scanner.stoppedAt, isExactNeeded: scanner.isExactNeeded }
}

const piece = fc.oneof(
  fc.constantFrom(',', ';', '\t', '\n', '\r\n', '\r', '"', '""', '",', '"\n', '@', '.', '-', '--', 'xn--', ' ', '\0'),
  fc.constantFrom(
    'jan@x.be',
    'Jan.De+Smet_1@Mail-1.Example.Museum',
    '"an@x.be"',
    'a@b.c1',
    'a@-b.be',
    'é@x.be',
    'a@x.be.',
    'a@b.c,--',
    'a@b.cd,---',
  ),
  fc.emailAddress(),
  fc.string({ maxLength: 5 }),
  fc.string({ minLength: 60, maxLength: 70, unit: fc.constantFrom('a', 'Z', '0', '.', '-') }),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
)
const layout = fc.record({
  delimiter: fc.constantFrom(44, 59, 9, 124, 32),
  columns: fc.integer({ min: 1, max: 4 }),
  column: fc.integer({ min: -1, max: 3 }),
})

describe('the kernel', () => {
  it('finds what the scanner in TypeScript finds, on any bytes', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        layout,
        fc.nat(40),
        fc.nat(80),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (pieces, shape, from, cut, key) => {
          const bytes = Buffer.from(pieces.join(''), 'latin1')
          const to = Math.max(from, bytes.length - cut)
          const kernel = kernelFor(shape, key)
          kernel.bytes.set(bytes)
          const plain = new PlainScanner(new Uint8Array([...bytes, ...new Uint8Array(100)]), shape, key)
          expect(scanned(kernel, from, to, 3)).toEqual(scanned(plain, from, to, 3))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('finds the same on rows as lists have them', () => {
    const cell = fc.oneof(
      fc.emailAddress(),
      fc.emailAddress().map((text) => `"${text}"`),
      fc.stringMatching(/^[ -!#-+.-~]{0,20}$/),
    )
    const row = fc.tuple(cell, cell, cell).map((cells) => cells.join(','))
    const list = fc.array(row, { maxLength: 40 })
    fc.assert(
      fc.property(list, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const bytes = Buffer.from(rows.map((text) => text + end).join(''))
        const shape = { delimiter: 44, columns: 3, column: 1 }
        const kernel = kernelFor(shape)
        kernel.bytes.set(bytes)
        const found = scanned(kernel, 0, bytes.length, 0)
        expect(found).toEqual(
          scanned(new PlainScanner(Uint8Array.from(bytes), shape, fingerprintKey), 0, bytes.length, 0),
        )
        expect(found.count).toBe(rows.length)
      }),
      { numRuns: 500 },
    )
  })

  it('gives an address the fingerprint the hub keeps beside it', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const kernel = kernelFor({ delimiter: 44, columns: 1, column: 0 })
        kernel.bytes.set(Buffer.from(`${address}\n`))
        const read = normaliseContactPoint({ type: contactPointTypes[0] ?? 'email', value: address })
        const [row] = scanned(kernel, 0, address.length + 1, 0).rows
        if (row?.mark !== rowMarks.fingerprint || read.kind !== 'ok') return
        const fingerprinter = new Fingerprinter(fingerprintKey)
        fingerprinter.take('email', read.contactPoint.normalised)
        expect(row.pair).toEqual([fingerprinter.low, fingerprinter.high])
      }),
      { numRuns: 1_000 },
    )
  })

  it('stops when there is no more room to note rows', () => {
    const shape = { delimiter: 44, columns: 1, column: 0 }
    const bytes = Buffer.alloc(3 * rowsMax, 'a@\n')
    const kernel = kernelFor(shape)
    kernel.bytes.set(bytes)
    const found = scanned(kernel, 0, bytes.length, 10)
    expect(found).toEqual(scanned(new PlainScanner(Uint8Array.from(bytes), shape, fingerprintKey), 0, bytes.length, 10))
    expect([found.count, found.stoppedAt]).toEqual([rowsMax, 3 * (rowsMax - 10)])
  })
})
