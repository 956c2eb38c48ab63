import type { Units } from './row-scanner.ts'

export const listEncodings = ['utf8', 'latin1', 'utf16le', 'utf16be'] as const
export type ListEncoding = (typeof listEncodings)[number]

const marks: readonly { readonly encoding: ListEncoding; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf16be', bytes: [0xfe, 0xff] },
]

/** The byte order mark a list begins with. */
export function byteOrderMark(
  head: Uint8Array,
): { readonly encoding: ListEncoding; readonly bytes: number } | undefined {
  const mark = marks.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  return mark && { encoding: mark.encoding, bytes: mark.bytes.length }
}

export function bytesPerUnit(encoding: ListEncoding): 1 | 2 {
  return encoding === 'utf8' || encoding === 'latin1' ? 1 : 2
}

/** The text between two places; undefined when it is none in this encoding. */
export function textOf(units: Units, start: number, end: number, encoding: ListEncoding): string | undefined {
  const part = units.subarray(start, end)
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
  switch (encoding) {
    case 'utf8': {
      const text = bytes.toString('utf8')
      // A replacement character in the list itself means that it was damaged before it came here.
      return text.includes('\uFFFD') ? undefined : text
    }
    case 'latin1':
      return bytes.toString('latin1')
    default: {
      // Units are in the order of this machine by now.
      const text = bytes.toString('utf16le')
      return text.isWellFormed() ? text : undefined
    }
  }
}

/** Text as bytes of the list. */
export function bytesOf(text: string, encoding: ListEncoding): Buffer {
  if (encoding === 'utf16be') return Buffer.from(text, 'utf16le').swap16()
  return Buffer.from(text, encoding)
}
