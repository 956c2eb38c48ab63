import { hashSecrets } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { type ObjectionReading, readObjectionLine } from './objection-row.ts'

const secrets = hashSecrets(Buffer.alloc(32, 'pepper'))
const now = Date.UTC(2026, 10, 21)
const reading: ObjectionReading = {
  header: ['nr', 'mail', 'gsm', 'datum', 'kanaal', 'thema'],
  columns: { externalId: [0], email: [1], phone: [2], saidAt: [3] },
  scopeColumns: { channel: 4, topic: 5 },
  scope: { brand: 'acme' },
  country: 'BE',
  file: 'file one',
  isBrand: (id) => id === 'acme',
  isTopic: (id) => id === 'news',
}
const read = (cells: string[], other: Partial<ObjectionReading> = {}) =>
  readObjectionLine(secrets, { ...reading, ...other }, cells, now)

describe('reading a line about a no', () => {
  it('makes one objection for each contact point and for the customer', () => {
    const { objections, reasons } = read(['K1', 'a@b.be', '0470123456', '', '', ''])
    expect(objections.map(({ keyed }) => keyed.contactPoint.type)).toEqual(['email', 'phone', 'customer'])
    expect(objections.every(({ scope, saidAt }) => scope.brand === 'acme' && saidAt === null)).toBe(true)
    expect(reasons).toEqual([])
  })

  it('takes the readable half of a line and names the other', () => {
    const { objections, reasons } = read(['', 'a@b.be', '12', '', '', ''])
    expect(objections).toHaveLength(1)
    expect(reasons).toHaveLength(1)
  })

  it('reads a day as its end, so that a consent of that day does not undo it', () => {
    expect(read(['', 'a@b.be', '', '2024-05-01', '', '']).objections[0]?.saidAt).toBe(Date.UTC(2024, 4, 2) - 1)
  })

  it('counts a no with an unreadable date from its arrival', () => {
    const { objections, reasons } = read(['', 'a@b.be', '', '31/31/2024', '', ''])
    expect(objections[0]?.saidAt).toBeNull()
    expect(reasons).toEqual(['datum: this date cannot be read; the no counts from now'])
  })

  it('counts a no from its arrival where its date only stands for none, as where there is none at all', () => {
    const { objections, reasons } = read(['', 'a@b.be', '', '1900-01-01', '', ''])
    expect(reasons).toEqual([])
    expect(objections).toEqual(read(['', 'a@b.be', '', '', '', '']).objections)
  })

  it('narrows by its columns, and never by a word it does not know', () => {
    expect(read(['', 'a@b.be', '', '', 'Email', 'news']).objections[0]?.scope).toEqual({
      brand: 'acme',
      channel: 'email',
      topic: 'news',
    })
    const { objections, reasons } = read(['', 'a@b.be', '', '', 'fax', 'nothing'])
    expect(objections[0]?.scope).toEqual({ brand: 'acme' })
    expect(reasons).toHaveLength(2)
  })

  it('takes a dated no for the same in any file, and an undated one for a new no in a new file', () => {
    const idOf = (date: string, file: string) => read(['', 'a@b.be', '', date, '', ''], { file }).objections[0]?.id
    expect(idOf('2024-05-01', 'file one')).toBe(idOf('2024-05-01', 'file two'))
    expect(idOf('', 'file one')).toBe(idOf('', 'file one'))
    expect(idOf('', 'file one')).not.toBe(idOf('', 'file two'))
  })
})
