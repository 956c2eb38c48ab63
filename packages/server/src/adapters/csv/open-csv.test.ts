import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CsvUnreadable, guessDelimiter, openCsv } from './open-csv.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-csv-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let files = 0
function fileOf(content: string | Buffer): string {
  files += 1
  const path = join(directory, `${files}.csv`)
  writeFileSync(path, content)
  return path
}

async function readAll(content: string | Buffer, options: Parameters<typeof openCsv>[1] = {}) {
  const csv = await openCsv(fileOf(content), options)
  const rows = []
  for await (const batch of csv.rows()) rows.push(...batch)
  return { csv, rows: rows.map((row) => (row.kind === 'row' ? row.fields : row.reason)) }
}

describe('opening a list', () => {
  it('finds the delimiter in the first line, outside quotes', () => {
    expect(guessDelimiter('naam;"adres, met komma";mail\n')).toBe(';')
    expect(guessDelimiter('a\tb\tc\n')).toBe('\t')
    expect(guessDelimiter('a|b\n')).toBe('|')
    expect(guessDelimiter('mail\n')).toBe(',')
  })

  it('reads UTF-8 with and without a byte order mark', async () => {
    const { csv, rows } = await readAll('\uFEFFnaam,mail\nZoë,z@x.be\n')
    expect(csv.header).toEqual(['naam', 'mail'])
    expect(csv.hasByteOrderMark).toBe(true)
    expect(rows).toEqual([['Zoë', 'z@x.be']])
  })

  it('reads UTF-16 as spreadsheets write it', async () => {
    const { csv, rows } = await readAll(Buffer.from('\uFEFFnaam;mail\r\nZoë;z@x.be\r\n', 'utf16le'))
    expect(csv.encoding).toBe('utf16le')
    expect(rows).toEqual([['Zoë', 'z@x.be']])
  })

  it('reads Latin-1 when it is told to', async () => {
    const { rows } = await readAll(Buffer.from('naam,mail\nZoë,z@x.be\n', 'latin1'), { encoding: 'latin1' })
    expect(rows).toEqual([['Zoë', 'z@x.be']])
  })

  it('names a row that is not UTF-8 and reads on', async () => {
    const bytes = Buffer.concat([Buffer.from('naam,mail\nZo'), Buffer.of(0xeb), Buffer.from(',z@x.be\nJan,j@x.be\n')])
    const { rows } = await readAll(bytes)
    expect(rows[0]).toMatch(/not valid UTF-8/)
    expect(rows[1]).toEqual(['Jan', 'j@x.be'])
  })

  it('names a row with more or fewer columns than the header', async () => {
    const { rows } = await readAll('a,b\n1\n1,2,3\n1,2\n')
    expect(rows).toEqual([
      'has 1 columns where the first line has 2',
      'has 3 columns where the first line has 2',
      ['1', '2'],
    ])
  })

  it('goes by number when the first line is a person', async () => {
    const { csv, rows } = await readAll('Jan,j@x.be\n', { header: false })
    expect(csv.header).toEqual(['1', '2'])
    expect(rows).toEqual([['Jan', 'j@x.be']])
  })

  it('refuses an empty file with a sentence', async () => {
    await expect(readAll('')).rejects.toThrow(new CsvUnreadable('the file is empty'))
  })

  it('reads a list larger than one chunk whole', async () => {
    const { rows } = await readAll(
      `n,mail\n${Array.from({ length: 20_000 }, (_, index) => `${index},jan${index}@x.be`).join('\n')}`,
    )
    expect(rows).toHaveLength(20_000)
    expect(rows.at(-1)).toEqual(['19999', 'jan19999@x.be'])
  })
})
