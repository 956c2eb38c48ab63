import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findColumn, guessColumns } from '../adapters/csv/column-guess.ts'
import { joinFields } from '../adapters/csv/fields.ts'
import type { CsvRow, OpenedCsv } from '../adapters/csv/open-csv.ts'
import { ListOutput } from '../adapters/csv/output-file.ts'
import { ProgressLine, rowsPerSecond } from '../adapters/csv/progress-line.ts'
import { RejectsFile } from '../adapters/csv/rejects-file.ts'
import type { ColumnMap } from '../adapters/csv/relation-columns.ts'
import { type Language, languages, loadTexts, type Texts } from '../adapters/http/pages/text.ts'
import { printedCard } from '../adapters/kit/card-text.ts'
import { CardFiles } from '../adapters/print/card-files.ts'
import type { PrintedCard } from '../adapters/print/card-sheets.ts'
import type { Hub } from '../services/hub.ts'
import { chooseMailLanguage } from '../services/mail-language.ts'
import type { Mailing } from '../services/mint-link-rows.ts'
import { closePrintBatch, mintCards, openPrintBatch } from '../services/print/batch.ts'
import { interruption, note, print, printJson } from './command-frame.ts'
import type { CardsOptions, QrForm } from './commands/cards.ts'
import { type ExitCode, exitCodes, usageProblem } from './exit-codes.ts'
import { pooledRandom } from './import-frame.ts'
import { packageDirectory } from './package-directory.ts'
import { batchesOf, readRecipient, textOf } from './write-links.ts'

export type CardsWork = {
  readonly path: string
  readonly csv: OpenedCsv
  readonly mailing: Mailing
  readonly columns: ColumnMap
  readonly options: CardsOptions
  readonly printedAt: number
  readonly qr: readonly QrForm[]
}

const addedColumns = ['optout_code', 'optout_url', 'optout_text', ...languages.map((one) => `optout_text_${one}`)]

type Counts = { rows: number; written: number; unreadable: number; refused: Record<string, number> }
type Run = {
  readonly hub: Hub
  readonly work: CardsWork
  readonly batch: string
  readonly texts: Texts
  readonly languageOf: (row: CsvRow) => Language
  readonly files: CardFiles
  readonly rejects: RejectsFile
  readonly counts: Counts
}

/** Streams the list through the gate into a directory that gets its name only when it is whole. */
export async function writeCards(hub: Hub, work: CardsWork): Promise<ExitCode> {
  const { csv, options, path, mailing } = work
  if (existsSync(options.out)) throw usageProblem(`${options.out} is there already: name a directory that is not`)
  if (csv.header.some((title) => addedColumns.includes(title.toLowerCase()))) {
    throw usageProblem('the list has such columns already: give the list as it was before "verzet cards"')
  }
  const languageOf = languageReader(work)
  const directory = `${options.out}.part`
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  using interrupted = interruption()
  using rejects = new RejectsFile(options.rejects ?? (path === '-' ? 'cards.rejected.csv' : `${path}.rejected.csv`), {
    bytes: csv.headerBytes,
    delimiter: csv.delimiter,
    byteOrderMark: csv.hasByteOrderMark,
  })
  rejects.resume(0)
  const quick = { ...hub, random: pooledRandom(hub.random) }
  const { campaign } = options
  const batch = await openPrintBatch(quick, mailing, { printedAt: work.printedAt, ...(campaign && { campaign }) })
  const title = `${mailing.brand.name}: ${campaign ?? mailing.topic.id}`
  const files = new CardFiles({ directory, title, language: 'nl', qr: work.qr, sheets: options.sheets })
  const counts: Counts = { rows: 0, written: 0, unreadable: 0, refused: {} }
  const texts = loadTexts(join(packageDirectory(), 'locales'))
  const run = { hub: quick, work, batch, texts, languageOf, files, rejects, counts }
  const startedAt = hub.clock()
  const isWhole = await writeAll(run, directory, interrupted.signal)
  if (!isWhole) {
    note(`verzet: stopped after ${counts.rows} rows; nothing was kept, begin again.`)
    return exitCodes.interrupted
  }
  summarise(run, rowsPerSecond(counts.rows, hub.clock() - startedAt))
  return exitCodes.ok
}

async function writeAll(run: Run, directory: string, signal: AbortSignal): Promise<boolean> {
  const { hub, work, files, counts, batch } = run
  const list = new ListOutput(join(directory, 'cards.csv'), process.stdout)
  const progress = new ProgressLine(process.stderr, work.path, undefined, hub.clock())
  let isWhole = false
  try {
    await list.write(headOf(work.csv), signal)
    for await (const rows of batchesOf(work.csv)) {
      if (signal.aborted) break
      await list.write(await writeBatch(run, rows), signal)
      progress.show(counts.rows, 0, hub.clock())
    }
    await files.finish()
    isWhole = !signal.aborted
  } finally {
    progress.end()
    await list.finish(isWhole)
    await closePrintBatch(hub, batch, counts.written, isWhole)
    if (isWhole) renameSync(directory, work.options.out)
    else rmSync(directory, { recursive: true, force: true })
  }
  return isWhole
}

function headOf(csv: OpenedCsv): Buffer {
  if (!csv.hasHeader) return Buffer.alloc(0)
  const mark = csv.hasByteOrderMark ? '\uFEFF' : ''
  return Buffer.from(
    `${mark}${textOf(csv, csv.headerBytes)}${csv.delimiter}${joinFields(addedColumns, csv.delimiter)}\n`,
  )
}

async function writeBatch(run: Run, rows: readonly CsvRow[]): Promise<Buffer> {
  const { hub, work, counts, rejects } = run
  const recipients = rows.map((row) => readRecipient(hub, work, row))
  const readable = recipients.flatMap(({ keyed }) => keyed ?? [])
  const answers = await mintCards(hub, work.mailing, run.batch, readable)
  const answerOf = new Map(readable.map((keyed, index) => [keyed, answers[index]]))
  const lines: string[] = []
  for (const { row, keyed, reasons } of recipients) {
    counts.rows += 1
    const answer = keyed && answerOf.get(keyed)
    if (answer === undefined) {
      counts.unreadable += 1
      rejects.add(row.bytes, reasons)
    } else if (answer.links === undefined) {
      const { reason } = answer.decision
      counts.refused[reason] = (counts.refused[reason] ?? 0) + 1
    } else {
      counts.written += 1
      lines.push(await writeCard(run, row, answer.links.code.replace('-', '')))
    }
  }
  return Buffer.from(lines.join(''))
}

async function writeCard({ hub, work, texts, languageOf, files }: Run, row: CsvRow, code: string): Promise<string> {
  const { csv, mailing } = work
  const inLanguage = (language: Language): PrintedCard => printedCard(texts, hub.place, mailing.brand, language, code)
  const card = inLanguage(languageOf(row))
  await files.add(card)
  const all = languages.map((language) => inLanguage(language).texts[0] ?? '')
  const added = joinFields([card.code, card.url, card.texts[0] ?? '', ...all], csv.delimiter)
  return `${textOf(csv, row.bytes)}${csv.delimiter}${added}\n`
}

/** One language for all, or a column; whose language is unknown gets that of the brand's country. */
function languageReader({ csv, options, mailing }: CardsWork): (row: CsvRow) => Language {
  const wanted = options.language
  const fixed = languages.find((language) => language === wanted?.toLowerCase())
  if (fixed !== undefined) return () => fixed
  const column =
    wanted === undefined ? guessColumns(csv.header).columns.get('language')?.[0] : findColumn(csv.header, wanted)
  if (wanted !== undefined && column === undefined) {
    throw usageProblem(`--language takes ${languages.join(', ')} or a column; the file has no column "${wanted}"`)
  }
  return (row) =>
    chooseMailLanguage([row.kind === 'row' ? row.fields[column ?? -1]?.trim() : undefined], mailing.brand.country)
}

function summarise({ counts, work, files, rejects, batch }: Run, rate: number): void {
  const refusedTotal = Object.values(counts.refused).reduce((sum, count) => sum + count, 0)
  const rejected = counts.unreadable > 0 ? rejects.path : null
  const { out, json } = work.options
  const printedOn = new Date(work.printedAt).toISOString()
  if (json) {
    const kept = counts.written > 0 ? batch : null
    printJson({
      ...counts,
      refusedTotal,
      rejects: rejected,
      out,
      sheetFiles: files.files,
      batch: kept,
      printedOn,
      rowsPerSecond: rate,
    })
    return
  }
  print(`${counts.rows} rows, ${counts.written} cards in ${out} (${rate} rows/s).`)
  if (refusedTotal > 0) {
    const reasons = Object.entries(counts.refused).map(([reason, count]) => `${count} ${reason}`)
    print(`${refusedTotal} refused and left out: ${reasons.join(', ')}.`)
  }
  if (rejected !== null) print(`${counts.unreadable} could not be read: see ${rejected}`)
}
