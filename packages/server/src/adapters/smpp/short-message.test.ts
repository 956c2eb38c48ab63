import { describe, expect, it } from 'vitest'
import { PduReader, PduUnreadable, readReceipt, readShortMessage, tags, writePdu, writeShortMessage } from './pdu.ts'
import {
  decodeGsm,
  decodeText,
  decodeUcs2,
  encodeGsm,
  encodeText,
  encodeUcs2,
  readHeader,
  writeHeader,
} from './short-message.ts'

describe('the alphabets of text messages', () => {
  it('GSM 03.38 has its own order, and an extension table behind an escape', () => {
    expect(decodeGsm(Buffer.from([0x53, 0x54, 0x4f, 0x50]))).toBe('STOP')
    expect(decodeGsm(Buffer.from([0x00, 0x05, 0x1b, 0x65, 0x1b, 0x3c, 0x7e]))).toBe('@é€[ü')
    expect(decodeGsm(Buffer.from([0x1b]))).toBe(' ')
    const every = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€'
    expect(decodeGsm(encodeGsm(every) ?? Buffer.alloc(0))).toBe(every)
    expect(encodeGsm('arrêt')).toBeUndefined()
  })

  it('UCS-2 carries arrêt, Greek and pairs for emoji, and forgives a cut octet', () => {
    expect(decodeUcs2(Buffer.from('0061007200720EA0074'.replace('0EA', '00EA'), 'hex'))).toBe('arrêt')
    expect(decodeUcs2(encodeUcs2('arrêt 🛑'))).toBe('arrêt 🛑')
    expect(decodeUcs2(Buffer.concat([encodeUcs2('stop'), Buffer.from([0])]))).toBe('stop')
  })

  it('is named by the data coding, whose 0 is the operator’s choice', () => {
    const latin = Buffer.from('arrêt', 'latin1')
    expect(decodeText(latin, 3, 'gsm')).toBe('arrêt')
    expect(decodeText(latin, 0, 'latin1')).toBe('arrêt')
    expect(decodeText(Buffer.from('STOP'), 0, 'gsm')).toBe('STOP')
    expect(decodeText(encodeUcs2('stöp'), 8, 'gsm')).toBe('stöp')
    expect(decodeText(encodeUcs2('stop'), 0x18, 'gsm')).toBe('stop')
    expect(decodeText(Buffer.from('STOP'), 0xf1, 'gsm')).toBe('STOP')
  })
})

describe('a long text', () => {
  it('is cut between signs, in 153 places of GSM or 67 of UCS-2', () => {
    expect(encodeText('a'.repeat(160)).parts.map(({ length }) => length)).toEqual([160])
    expect(encodeText('a'.repeat(161)).parts.map(({ length }) => length)).toEqual([153, 8])
    expect(encodeText(`${'a'.repeat(152)}€${'b'.repeat(20)}`).parts[0]).toHaveLength(152)
    expect(encodeText(`${'ê'.repeat(66)}🛑ê`.repeat(2)).parts[0]).toHaveLength(132)
  })

  it('says which part it is, counting in 8 or 16 bits, among other elements', () => {
    expect(readHeader(writeHeader({ reference: 0x1a7, part: 2, parts: 3 }))).toEqual({
      length: 6,
      concat: { reference: 0xa7, part: 2, parts: 3 },
    })
    expect(readHeader(Buffer.from('060804012c0201', 'hex'))).toMatchObject({
      concat: { reference: 300, part: 1, parts: 2 },
    })
    expect(readHeader(Buffer.from('0b05040b8423f0000300ff0201'.slice(0, 26), 'hex')).length).toBe(12)
    expect(readHeader(Buffer.from('0a0504000000000003aa0203'.slice(0, 24), 'hex')).concat).toBeUndefined()
    expect(readHeader(Buffer.from('STOP'))).toEqual({ length: 0 })
  })
})

describe('a PDU', () => {
  const body = writeShortMessage({
    source: '+32470112233',
    destination: '8850',
    esmClass: 0,
    coding: 0,
    octets: Buffer.from('STOP'),
  })

  it('is cut out of a stream, however it arrives', () => {
    const stream = Buffer.concat([1, 2].map((sequence) => writePdu({ command: 5, status: 0, sequence, body })))
    const reader = new PduReader()
    const found = [...stream].flatMap((octet) => reader.push(Buffer.from([octet])))
    expect(found.map(({ sequence }) => sequence)).toEqual([1, 2])
    expect(readShortMessage(found[0]?.body ?? Buffer.alloc(0))).toMatchObject({
      source: '32470112233',
      sourceTon: 1,
      destination: '8850',
      octets: Buffer.from('STOP'),
    })
  })

  it('of an impossible length ends the reading', () => {
    expect(() => new PduReader().push(Buffer.from('0000000500000005000000000000000001', 'hex'))).toThrow(PduUnreadable)
    expect(() => new PduReader().push(Buffer.from('7fffffff000000050000000000000001', 'hex'))).toThrow(PduUnreadable)
  })

  it('that is cut short is no message, and one without a short message has its payload', () => {
    for (let length = 0; length < body.length - 1; length += 1)
      expect(readShortMessage(body.subarray(0, length))).toBeUndefined()
    const empty = writeShortMessage({ source: '1', destination: '2', esmClass: 0, coding: 0, octets: Buffer.alloc(0) })
    const payload = Buffer.from([tags.payload >> 8, tags.payload & 0xff, 0, 4, ...Buffer.from('STOP')])
    expect(readShortMessage(Buffer.concat([empty, payload]))?.octets.toString()).toBe('STOP')
  })

  it('may be a receipt', () => {
    const text = 'id:42 sub:001 dlvrd:000 submit date:2611210900 done date:2611210901 stat:UNDELIV err:027 text:x'
    expect(readReceipt(text)).toEqual({ id: '42', state: 'UNDELIV', error: '027' })
    expect(readReceipt('stop')).toBeUndefined()
  })
})
