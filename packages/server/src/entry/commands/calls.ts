import { offers } from '@verzet/core'
import { type Command, Option } from 'commander'
import { type CallColumns, type CallReading, readCallLine } from '../../adapters/csv/call-row.ts'
import { findColumn } from '../../adapters/csv/column-guess.ts'
import type { OpenedCsv } from '../../adapters/csv/open-csv.ts'
import { type CallToRecord, recordCalls } from '../../services/calls/record-calls.ts'
import { countryFor } from '../../services/country-for.ts'
import { hubCommand, jsonOption, withHub } from '../command-frame.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { usageProblem } from '../exit-codes.ts'
import { importFile, pooledRandom } from '../import-frame.ts'
import { columnsOf, type ImportOptions, openList } from '../import-plan.ts'
import { assertScopeExists } from '../scope-options.ts'

type Options = Pick<
  ImportOptions,
  | 'data'
  | 'databaseUrl'
  | 'brand'
  | 'topic'
  | 'source'
  | 'header'
  | 'delimiter'
  | 'encoding'
  | 'rejects'
  | 'strict'
  | 'restart'
  | 'batch'
  | 'json'
  | 'phone'
> & {
  campaign?: string
  offers?: string[]
  at?: string
  outcome?: string
  offered?: string
  answer?: string
  comment?: string
}

/** How such columns are called when no flag names them. */
const titles = {
  at: ['at', 'date', 'called at', 'datum', 'moment'],
  outcome: ['outcome', 'result', 'resultaat', 'résultat', 'ergebnis'],
  offered: ['offered', 'right offered', 'recht aangeboden'],
  answer: ['answer', 'antwoord', 'réponse', 'antwort'],
  comment: ['comment', 'words', 'note', 'opmerking'],
} as const

export function addCallsCommand(program: Command): void {
  const command = hubCommand(
    'calls',
    'bring in what a dialler knows of its calls: the noes, and that the right was offered',
    [
      'verzet calls outcomes.csv --brand shop --topic news --offers all,channel',
      'verzet calls outcomes.csv --brand shop --answer "key pressed" --at "start time"',
    ],
  )
  command
    .argument('<file>', 'CSV with one call a line')
    .requiredOption('--brand <brand>', 'who called')
    .option('--topic <topic>', 'what the calls were about')
    .option('--campaign <campaign>', 'its name')
    .option('--offers <parts>', `what the script offered to refuse: ${offers.join(', ')}`, collect)
    .option('--phone <column>', 'the number that was called', collect)
    .option('--at <column>', 'when')
    .option('--outcome <column>', 'answered (where it is empty), no_answer, busy, failed, dead_number')
    .option('--offered <column>', 'yes or no: whether the right to object was offered')
    .option('--answer <column>', 'objection (also 9, stop, opt-out); anything else that is written is none')
    .option('--comment <column>', "the person's own words")
    .option('--source <system>', 'which system made the file')
    .option('--no-header', 'the first line is a call too; columns then go by number')
    .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
    .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
    .option('--rejects <file>', 'where lines go that cannot be taken (default: FILE.rejected.csv)')
    .option('--strict', 'end with 65 when any line could not be taken')
    .option('--restart', 'begin again instead of going on where an earlier run stopped')
    .addOption(new Option('--batch <rows>').hideHelp())
    .addOption(jsonOption('print the summary as JSON'))
    .action(calls)
  program.addCommand(command)
}

async function calls(path: string, options: Options): Promise<void> {
  if (path === '-') throw usageProblem('an outcome file is read from a file, so that it can go on where it stopped')
  const csv = await openList(path, options)
  const columns = columnsOfCalls(csv, options)
  await withHub(options, async (hub) => {
    const { brand, topic, campaign, source } = options
    assertScopeExists(hub.catalog, { ...(brand && { brand }), ...(topic && { topic }) })
    const country = countryFor(hub.catalog, brand)
    const reading: CallReading = {
      header: csv.header,
      columns,
      offers: (options.offers ?? []).map((part) => oneOf(offers, part, '--offers')),
      ...(brand !== undefined && { brand }),
      ...(topic !== undefined && { topic }),
      ...(campaign !== undefined && { campaign }),
      ...(source !== undefined && { source }),
      ...(country !== undefined && { country }),
    }
    const random = pooledRandom(hub.random)
    return importFile<CallToRecord, readonly CallToRecord[]>({
      path,
      csv,
      options,
      hub,
      columns: columns.phone,
      reading: { kind: 'calls', reading },
      zero: { calls: 0, objections: 0, rightOffered: 0 },
      read(fields, file) {
        const { calls: taken, reasons } = readCallLine(hub.secrets, reading, fields, { file, now: hub.clock() })
        return { taken, reasons }
      },
      prepare: async (batch) => batch,
      write: (batch, close) =>
        recordCalls(hub, batch, { actor: 'command calls', now: hub.clock(), random }, (tx) =>
          close(tx, {
            calls: batch.length,
            objections: batch.filter(({ answer }) => answer === 'objection').length,
            rightOffered: batch.filter(({ rightOffered }) => rightOffered === true).length,
          }),
        ),
    })
  })
}

function columnsOfCalls(csv: OpenedCsv, options: Options): CallColumns {
  const phone = columnsOf(csv, options, ['phone'])
  if (phone.phone === undefined) throw usageProblem('no column with numbers was recognised: name it with --phone')
  const find = (name: keyof typeof titles) => {
    const wanted = options[name]
    const column =
      wanted === undefined
        ? titles[name].map((title) => findColumn(csv.header, title)).find((one) => one !== undefined)
        : findColumn(csv.header, wanted)
    if (wanted !== undefined && column === undefined)
      throw usageProblem(`--${name}: the file has no column "${wanted}"`)
    return column === undefined ? {} : { [name]: column }
  }
  return { phone, ...find('at'), ...find('outcome'), ...find('offered'), ...find('answer'), ...find('comment') }
}
