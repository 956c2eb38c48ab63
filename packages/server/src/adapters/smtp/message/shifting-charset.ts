import iconv from 'iconv-lite'
import type { ShiftingScheme } from './charset-label.ts'

/** A body that goes in and out of ASCII, one character a byte: what is not ASCII is masked, so that it is no markup. */
export type ShiftedBody = {
  readonly text: string
  /** The bytes of an addition at this place; undefined where the place or the scheme cannot take it. */
  encode(text: string, at: number): Buffer | undefined
  /** In an encoding without shifts; undefined where there is none for all of it. */
  readonly plain: { readonly bytes: Buffer; readonly encoding: string } | undefined
  /** Markup or placeholders are written in what is masked, so that the whole has to be decoded to find them. */
  readonly hidesMarks: boolean
}

/** Neither white space nor markup, nor any part of a byte order mark. */
const masked = 0x80
const escapeByte = 0x1b
const shiftOut = 0x0e
const shiftIn = 0x0f
const lineFeed = 0x0a

/** Undefined for a body that cannot be read as this for certain. */
export function readShifted(body: Buffer, scheme: ShiftingScheme): ShiftedBody | undefined {
  // All of them are of seven bits: a higher byte tells that the label is wrong.
  if (body.some((byte) => byte > 0x7f)) return undefined
  if (scheme === 'hz') return readHz(body)
  return scheme === 'utf-7' ? readUtf7(body) : readIso2022(body, scheme)
}

type Scan = { readonly text: Buffer; readonly isShifted: Uint8Array; readonly plain: number[] }

function startScan(body: Buffer): Scan {
  return { text: Buffer.from(body), isShifted: new Uint8Array(body.length + 1), plain: [] }
}

/** What ISO 2022 calls into view: ASCII, Roman letters that differ in two signs, or signs of one or two bytes. */
type Called = 'ascii' | 'roman' | 'other'
/** After the escape byte. */
const escapeSequence = /(?:\(([BHIJ])|\$(\([ACD@BOPQ]|[@AB])|\$[)*+][A-M]|\.[AF]|[NO][!-~]{1,2})/y

type Iso2022 = 'iso-2022-jp' | 'iso-2022-kr' | 'iso-2022-cn'

function readIso2022(body: Buffer, scheme: Iso2022): ShiftedBody | undefined {
  const scan = startScan(body)
  const source = body.toString('latin1')
  let called: Called = 'ascii'
  let isOut = false
  for (let position = 0; position < body.length; ) {
    scan.isShifted[position] = called === 'other' || isOut ? 1 : 0
    const byte = body[position] ?? 0
    if (byte === escapeByte) {
      escapeSequence.lastIndex = position + 1
      const match = escapeSequence.exec(source)
      if (match === null) return undefined
      const [sequence, single, double] = match
      const length = 1 + sequence.length
      if (single !== undefined) called = single === 'B' ? 'ascii' : single === 'J' ? 'roman' : 'other'
      else if (double !== undefined) called = 'other'
      scan.text.fill(masked, position, position + length)
      scan.isShifted.fill(1, position + 1, position + length)
      position += length
      continue
    }
    if (byte === shiftOut || byte === shiftIn) isOut = byte === shiftOut
    else scan.plain.push(isOut ? byte | 0x80 : byte)
    if ((called === 'other' || isOut || byte === shiftOut || byte === shiftIn) && byte !== lineFeed && byte !== 0x0d) {
      scan.text[position] = masked
    }
    position++
  }
  scan.isShifted[body.length] = called === 'other' || isOut ? 1 : 0
  const encode = (text: string, at: number) =>
    scan.isShifted[at] === 1 || /[^\x20-\x7d\t\r\n]|\\/.test(text) ? undefined : Buffer.from(text, 'latin1')
  return { text: scan.text.toString('latin1'), encode, plain: plainOf(body, scan, scheme), hidesMarks: false }
}

function plainOf(body: Buffer, scan: Scan, scheme: Iso2022): ShiftedBody['plain'] {
  if (scheme === 'iso-2022-jp') return { bytes: body, encoding: 'iso-2022-jp' }
  // Each of these has its signs in the same places as an encoding without shifts; other Chinese sets have none.
  const [encoding, designator] = scheme === 'iso-2022-kr' ? ['euc-kr', '$)C'] : ['gbk', '$)A']
  const sequences = body.toString('latin1').split('\x1b').slice(1)
  if (!sequences.every((rest) => rest.startsWith(designator))) return undefined
  return { bytes: Buffer.from(scan.plain), encoding }
}

/** RFC 1843: `~{` and `~}` around pairs of GB 2312, `~~` for the tilde, a tilde before a line end for a line that goes on. */
function readHz(body: Buffer): ShiftedBody {
  const scan = startScan(body)
  let isPaired = false
  for (let position = 0; position < body.length; position++) {
    scan.isShifted[position] = isPaired ? 1 : 0
    const [byte = 0, next = 0] = [body[position], body[position + 1]]
    if (byte === lineFeed) isPaired = false
    const isMark =
      byte === 0x7e && (next === (isPaired ? 0x7d : 0x7b) || (!isPaired && (next === 0x7e || next === 0x0a)))
    if (isMark) {
      scan.text.fill(masked, position, position + (next === 0x0a ? 1 : 2))
      scan.isShifted[position + 1] = 1
      if (next === 0x7e) scan.plain.push(0x7e)
      else if (next !== 0x0a) isPaired = !isPaired
      position++
      continue
    }
    scan.plain.push(isPaired ? byte | 0x80 : byte)
    if (isPaired && byte !== 0x0d) scan.text[position] = masked
  }
  scan.isShifted[body.length] = isPaired ? 1 : 0
  const encode = (text: string, at: number) =>
    scan.isShifted[at] === 1 || /[^\x20-\x7e\t\r\n]/.test(text)
      ? undefined
      : Buffer.from(text.replaceAll('~', '~~'), 'latin1')
  const plain = { bytes: Buffer.from(scan.plain), encoding: 'gbk' }
  return { text: scan.text.toString('latin1'), encode, plain, hidesMarks: false }
}

const base64Run = /\+[A-Za-z0-9+/]*-?/g
/** Markup and placeholders written in base64 would not be found by looking at the bytes. */
const hiddenMarks = /[<>{}%_&"'=]/
/** RFC 2152, rule 2: a run without a hyphen goes on with any character of base64, and swallows a hyphen. */
const unclosed = 2

function readUtf7(body: Buffer): ShiftedBody | undefined {
  const scan = startScan(body)
  const source = body.toString('latin1')
  let hidesMarks = false
  for (const { 0: run, index } of source.matchAll(base64Run)) {
    // RFC 2152, rule 2: what opens a run and is followed by nothing of one is ill-formed.
    if (run === '+') return undefined
    scan.text.fill(masked, index, index + run.length)
    scan.isShifted.fill(1, index + 1, index + run.length)
    if (!run.endsWith('-')) scan.isShifted[index + run.length] = unclosed
    hidesMarks ||= hiddenMarks.test(decodeUtf7(Buffer.from(run, 'latin1')))
  }
  const encode = (text: string, at: number) => {
    const bytes = iconv.encode(text, 'utf-7')
    const state = scan.isShifted[at]
    const wouldGoOn = state === unclosed && /^[A-Za-z0-9+/-]/.test(bytes.toString('latin1', 0, 1))
    return state === 1 || wouldGoOn ? undefined : bytes
  }
  const plain = { bytes: Buffer.from(decodeUtf7(body), 'utf8'), encoding: 'utf-8' }
  return { text: scan.text.toString('latin1'), encode, plain, hidesMarks }
}

function decodeUtf7(bytes: Buffer): string {
  return iconv.decode(bytes, 'utf-7', { stripBOM: false })
}
