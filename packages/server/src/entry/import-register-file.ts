import { readContactPoints } from '../adapters/csv/contact-fields.ts'
import { identifyFile } from '../adapters/csv/file-identity.ts'
import type { OpenedCsv } from '../adapters/csv/open-csv.ts'
import type { ColumnMap } from '../adapters/csv/relation-columns.ts'
import { brandSettings } from '../services/brand-settings.ts'
import type { Hub } from '../services/hub.ts'
import type { KeyedContactPoint } from '../services/ports.ts'
import {
  beginSnapshot,
  clearOutdated,
  finishSnapshot,
  listBatch,
  type Snapshot,
} from '../services/registers/import-register.ts'
import type { KnownRegister } from '../services/registers/known-registers.ts'
import { transact } from '../storage/database.ts'
import { findImportProgress } from '../storage/import-progress.ts'
import { interruption, note } from './command-frame.ts'
import { dataProblem, type ExitCode, exitCodes, usageProblem } from './exit-codes.ts'
import { importFile } from './import-frame.ts'
import { columnsOf, type ImportOptions, openList } from './import-plan.ts'

export type RegisterImportOptions = Pick<
  ImportOptions,
  | 'data'
  | 'databaseUrl'
  | 'header'
  | 'delimiter'
  | 'encoding'
  | 'rejects'
  | 'restart'
  | 'batch'
  | 'json'
  | 'phone'
  | 'post'
> & { trust?: boolean }

type Work = {
  readonly register: KnownRegister
  readonly takenAt: number
  readonly path: string
  readonly options: RegisterImportOptions
}

const whyRefused = {
  in_the_future: '--taken-at lies in the future',
  older: 'a newer snapshot of this list is in force: nothing was read',
  another_file: 'another file of that moment is or was being read; give --taken-at with a time',
} as const
const whyDoubtful = {
  empty: 'it names nobody',
  shrunk: 'it names less than half of those that the snapshot before it named',
  unreadable: 'more than 1 % of its lines could not be read',
} as const

/** `verzet registers import`: read, put in force, clear; the same command goes on wherever it was broken off. */
export async function importRegisterFile(hub: Hub, { register, takenAt, path, options }: Work): Promise<ExitCode> {
  const snapshot: Snapshot = { register: register.id, takenAt }
  const csv = await openNumbers(path, options)
  const columns = columnOf(csv, register, options)
  const reading = { kind: 'register', snapshot, columns }
  const { file, run } = await identifyFile(path, reading)
  const begun = await beginSnapshot(hub.db, snapshot, file, hub.clock())
  if (begun.kind === 'refused') throw dataProblem(`${path}: ${whyRefused[begun.reason]}.`)
  if (begun.kind === 'reading') {
    const ended = await importFile<KeyedContactPoint, readonly KeyedContactPoint[]>({
      path,
      csv,
      options,
      hub,
      columns,
      reading,
      zero: { newlyListed: 0 },
      read(fields) {
        const { points, problems } = readContactPoints(hub.secrets, csv.header, columns, fields, register.country)
        const isEmpty = points.length === 0 && problems.length === 0
        return { taken: points, reasons: isEmpty ? ['there is nothing in this line'] : problems }
      },
      prepare: async (points) => points,
      write: (points, close) =>
        transact(hub.db, async (tx) => close(tx, { newlyListed: await listBatch(tx, snapshot, points, hub.clock()) })),
    })
    if (ended !== exitCodes.ok) return ended
    const progress = await findImportProgress(hub.db, run)
    const read = { rows: progress?.rowsDone ?? 0, unreadable: progress?.counts.rejected ?? 0 }
    const outcome = await finishSnapshot(hub.db, snapshot, { ...read, isTrusted: options.trust === true }, hub.clock())
    if (outcome.kind === 'doubtful') {
      const remedy = outcome.reason === 'empty' ? '' : ' Look at the file; --trust puts it in force all the same.'
      throw dataProblem(`${path} was not put in force: ${whyDoubtful[outcome.reason]}.${remedy}`)
    }
    await hub.catalog.reload()
    note(`In force: ${outcome.entries} entries of ${register.id}, taken ${new Date(takenAt).toISOString()}.`)
    const isPledged = hub.catalog.brands().some((brand) => brandSettings(brand).pledgedRegisters?.includes(register.id))
    if (register.isVoluntary && !isPledged)
      note('No brand holds itself to this list yet (its setting pledgedRegisters): nobody is refused for it.')
  } else note('This snapshot is in force already.')
  using interrupted = interruption()
  const cleared = await clearOutdated(hub.db, snapshot, hub.clock, interrupted.signal)
  if (cleared > 0) note(`${cleared} are on the list no longer.`)
  if (!interrupted.signal.aborted) return exitCodes.ok
  note('verzet: stopped; run the same command again to take off who is on the list no longer.')
  return exitCodes.interrupted
}

/** A plain list has no first line of titles: where that line is an entry itself, it is read as one. */
async function openNumbers(path: string, options: RegisterImportOptions): Promise<OpenedCsv> {
  const csv = await openList(path, options)
  const looksLikeEntry = csv.hasHeader && csv.header.some((title) => /^\+?[\d\s./()-]{6,}$/.test(title))
  if (!looksLikeEntry) return csv
  for await (const _ of csv.rows()) break
  return openList(path, { ...options, header: false })
}

function columnOf(csv: OpenedCsv, register: KnownRegister, options: RegisterImportOptions): ColumnMap {
  const { type } = register
  if (options[type === 'phone' ? 'post' : 'phone'] !== undefined)
    throw usageProblem(`${register.id} lists ${type === 'phone' ? 'phone numbers' : 'postal addresses'}`)
  const columns = columnsOf(csv, options, [type])
  if (columns[type] !== undefined) return columns
  if (csv.header.length === 1) return { [type]: [0] }
  throw usageProblem(
    `name the column with --${type}: the file has ${csv.header.map((title) => `"${title}"`).join(', ')}`,
  )
}
