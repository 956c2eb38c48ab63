import { type Command, Option } from 'commander'
import { joinFields } from '../../adapters/csv/fields.ts'
import { ListOutput } from '../../adapters/csv/output-file.ts'
import { StandingParquet } from '../../adapters/parquet/standing-parquet.ts'
import {
  type ExportedStanding,
  type ExportSummary,
  exportStanding,
  NothingToExport,
} from '../../services/export-standing.ts'
import { hubCommand, interruption, jsonOption, note, type PlaceOptions, print, withHub } from '../command-frame.ts'
import { channelOption, oneOf } from '../contact-argument.ts'
import { dataProblem, exitCodes, usageProblem } from '../exit-codes.ts'
import { keyFunctionSql, sqlDialects } from '../key-function-sql.ts'
import { packageVersion } from '../package-version.ts'
import { writePrivateFile } from '../private-file.ts'

type StandingOptions = PlaceOptions & {
  brand: string
  channel: string
  topic: string
  format: string
  out?: string
  json?: boolean
}

const formats = ['csv', 'parquet'] as const

/** A way of writing the rows: what each call gives is written next. */
type Sheet = {
  add(rows: readonly ExportedStanding[]): Buffer
  finish(summary: ExportSummary): Buffer
}

const columns = ['contact_key', 'fingerprint', 'type', 'decision', 'reason', 'until', 'choice_id', 'rule_pack']

export function exportStandingCommand(): Command {
  return hubCommand('standing', "write the gate's answer about everybody it knows, for a warehouse", [
    'verzet export standing --brand shop --channel email --topic news --out standing.csv',
    'verzet export standing --brand shop --channel email --topic news --format parquet --out standing.parquet',
  ])
    .requiredOption('--brand <brand>', 'who sends')
    .requiredOption('--channel <channel>', 'email, sms, whatsapp, phone, post or push')
    .requiredOption('--topic <topic>', 'what the messages are about')
    .addOption(new Option('--format <format>', 'csv or parquet').default('csv'))
    .option('--out <file>', 'where to write it (default: stdout)')
    .addOption(jsonOption('print the summary as JSON on stderr'))
    .action(standing)
}

export function exportKeyFunctionCommand(): Command {
  return hubCommand('key-function', 'write the SQL that turns an address into its key, with the secret it takes', [
    'verzet export key-function verzet.sql --for postgresql',
  ])
    .argument('<file>', 'where to write it (mode 0600)')
    .requiredOption('--for <dialect>', sqlDialects.join(' or '))
    .action(keyFunction)
}

async function standing(options: StandingOptions): Promise<void> {
  const format = oneOf(formats, options.format, '--format')
  if (format === 'parquet' && options.out === undefined && process.stdout.isTTY) {
    throw usageProblem('Parquet is not for a terminal: say --out FILE, or pipe it on')
  }
  const { brand, topic } = options
  const about = { brand, topic, channel: channelOption(options.channel) }
  await withHub(options, async (hub) => {
    using stop = interruption()
    const output = new ListOutput(options.out, process.stdout)
    let isWhole = false
    try {
      const sheet: Sheet = format === 'csv' ? csvSheet() : new StandingParquet(about, `verzet ${packageVersion()}`)
      await output.write(sheet.add([]), stop.signal)
      const summary = await exportStanding(hub, about, hub.clock(), async (rows) => {
        stop.signal.throwIfAborted()
        await output.write(sheet.add(rows), stop.signal)
      })
      await output.write(sheet.finish(summary), stop.signal)
      isWhole = true
      const { decision, reason } = summary.others
      if (options.json) note(JSON.stringify(summary))
      else note(`${summary.rows} rows. About who is not in it: ${decision} ${reason}.`)
    } catch (error) {
      if (stop.signal.aborted) return exitCodes.interrupted
      if (error instanceof NothingToExport) throw dataProblem(error.message)
      throw error
    } finally {
      await output.finish(isWhole)
    }
    return exitCodes.ok
  })
}

async function keyFunction(file: string, options: PlaceOptions & { for: string }): Promise<void> {
  const dialect = oneOf(sqlDialects, options.for, '--for')
  await withHub(options, async ({ secrets }) => {
    writePrivateFile(file, keyFunctionSql(secrets, dialect), { replace: true })
    print(`Wrote ${file}. It holds the pepper: keep it as you keep the secrets file.`)
    return exitCodes.ok
  })
}

function csvSheet(): Sheet {
  let isBegun = false
  return {
    add(rows) {
      const written = rows.map(fieldsOf)
      const whole = isBegun ? written : [columns, ...written]
      isBegun = true
      return lines(whole)
    },
    finish: () => Buffer.alloc(0),
  }
}

function fieldsOf({ key, fingerprint, type, decision }: ExportedStanding): string[] {
  const until = decision.until === undefined ? '' : new Date(decision.until).toISOString()
  return [key, fingerprint, type, decision.decision, decision.reason, until, decision.choiceId ?? '', decision.rulePack]
}

function lines(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(rows.map((row) => `${joinFields(row, ',')}\n`).join(''))
}
