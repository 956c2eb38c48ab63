import { hashSecrets, makePrintedCode, showPrintedCode } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { type ReturnReading, readReturnLine, readReturnMark } from './return-row.ts'

const secrets = hashSecrets(Buffer.alloc(32, 'pepper of the tests '))
const now = Date.UTC(2026, 10, 21)
const code = makePrintedCode(Buffer.from('a code 1'))
const reading: ReturnReading = {
  header: ['code', 'remark', 'address', 'number', 'date'],
  contacts: { post: [2], externalId: [3], saidAt: [4] },
  codeColumn: 0,
  markColumn: 1,
  mark: 'silent',
  country: 'BE',
}
const read = (...fields: string[]) => readReturnLine(secrets, reading, fields, now)

describe('a line of return post', () => {
  it('names a person by code, address or number, and says when it came', () => {
    const { taken, reasons } = read(
      showPrintedCode(code).toLowerCase(),
      'Alles!',
      'Kerkstraat 12, 9000 Gent',
      'K-1',
      '2026-11-20',
    )
    expect(reasons).toEqual([])
    expect(taken[0]).toMatchObject({ code, mark: 'all', words: 'Alles!', cameBackAt: Date.UTC(2026, 10, 21) - 1 })
    expect(taken[0]?.points.map(({ contactPoint }) => contactPoint.type)).toEqual(['post', 'customer'])
  })

  it('has no date where its date only stands for none', () => {
    const { taken, reasons } = read(showPrintedCode(code), 'Alles', '', '', '0000-00-00')
    expect(reasons).toEqual([])
    expect(taken[0]?.cameBackAt).toBeNull()
  })

  it('takes what the QR code says for the code', () => {
    expect(read(`https://verzet.example/c/${code}`, '', '', '', '').taken[0]).toMatchObject({ code, mark: 'silent' })
  })

  it('that can be read by half is taken by half, and named', () => {
    const half = read('12345', '', 'Kerkstraat 12, 9000 Gent', '', '31/02/2026')
    expect(half.taken).toHaveLength(1)
    expect(half.taken[0]).toMatchObject({ mark: 'silent', cameBackAt: null })
    expect(half.reasons).toEqual([
      'code: this is no code; read it again',
      'date: this date cannot be read; the no counts from now',
    ])
    expect(read('', 'alles', '', '', '')).toEqual({
      taken: [],
      reasons: ['there is no code, no address and no customer number in this line'],
    })
  })

  it('with a yes on the letterbox refuses nothing', () => {
    expect(read('', 'ja/ja', 'Kerkstraat 12, 9000 Gent', '', '')).toEqual({ taken: [], reasons: [] })
  })
})

describe('what is written on it', () => {
  it.each([
    ['', 'silent'],
    ['  Tout ', 'all'],
    ['Geen post', 'post'],
    ['ce sujet', 'topic'],
    ['Ménage', 'household'],
    ['dit adres', 'address'],
    ['Nee/Nee', 'sticker'],
    ['STOP PUB', 'sticker'],
    ['N’habite plus', 'moved'],
    ['Unzustellbar.', 'moved'],
    ['Retour à l’expéditeur', 'moved'],
    ['bel mij eens terug', 'unclear'],
    ['constructor', 'unclear'],
  ])('"%s" is %s', (words, mark) => {
    expect(readReturnMark(words)).toBe(mark)
  })
})
