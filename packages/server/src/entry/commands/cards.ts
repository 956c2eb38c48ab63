import { offers } from '@verzet/core'
import { type Command, Option } from 'commander'
import { readDay } from '../../adapters/http/public/read-day.ts'
import { CardTooSmall } from '../../adapters/print/card-sheets.ts'
import { brandSettings } from '../../services/brand-settings.ts'
import type { Hub } from '../../services/hub.ts'
import type { Mailing } from '../../services/mint-link-rows.ts'
import { hubCommand, jsonOption, withHub } from '../command-frame.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { dataProblem, type ExitCode, usageProblem } from '../exit-codes.ts'
import { openList } from '../import-plan.ts'
import { noteOutsideUrl } from '../note-outside-url.ts'
import { writeCards } from '../write-cards.ts'
import { writeDrop } from '../write-drop.ts'
import { type LinksOptions, planMailing, recipientColumn } from './links.ts'

const qrForms = ['svg', 'png'] as const
export type QrForm = (typeof qrForms)[number]

export type CardsOptions = LinksOptions & {
  out: string
  drop?: string
  printDate?: string
  language?: string
  qr?: string[]
  sheets: boolean
}

export function addCardsCommand(program: Command): void {
  const command = hubCommand(
    'cards',
    'give each addressee of a letter a code and a QR code, as a list and as sheets to print',
    [
      'verzet cards customers.csv --brand shop --topic news --campaign may-2026 --post street,number,postcode,town --out may',
      'verzet cards customers.csv --brand shop --topic news --external-id klantnr --print-date 2026-05-04 --qr svg --no-sheets --out may',
      'verzet cards --drop flyer-ghent --brand shop --topic flyers --campaign may-2026 --out flyer',
    ],
  )
  command
    .argument('[file]', 'CSV with one addressee a line, or - for stdin')
    .requiredOption('--brand <brand>', 'who sends it')
    .requiredOption('--topic <topic>', 'what it is about')
    .requiredOption('--out <dir>', 'a directory that does not exist yet')
    .option('--campaign <campaign>', 'its name: people who say no later are told that it was printed')
    .option('--print-date <day>', 'when it is printed, such as 2026-05-04 (default: today)')
    .option('--drop <name>', 'unaddressed print instead of a list: one code for all of it')
    .option('--language <language>', 'nl, fr, de or en, or the column that says it (default: a column of that name)')
    .option('--qr <forms>', 'also a picture for each code: svg, png', collect)
    .option('--no-sheets', 'no PDF sheets')
    .option('--offered <parts>', `what the print offers besides the code: ${offers.join(', ')}`, collect)
    .option('--external-id <column>', 'your own number of the person; the no is then theirs, wherever they live')
    .option('--post <column>', 'postal address; several columns are read as its parts', collect)
    .option('--no-header', 'the first line is an addressee too; columns then go by number')
    .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
    .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
    .option('--rejects <file>', 'where lines go that cannot be read (default: FILE.rejected.csv)')
    .addOption(jsonOption('print the summary as JSON'))
    .addOption(new Option('--batch <rows>').hideHelp())
    .addHelpText('after', '\nWhat it makes and how to print it: docs/operate/print.md\n')
    .action(cards)
  program.addCommand(command)
}

async function cards(path: string | undefined, given: Omit<CardsOptions, 'channel'>): Promise<void> {
  const options = { ...given, channel: 'post' }
  const qr = (options.qr ?? []).map((form) => oneOf(qrForms, form, '--qr'))
  const { drop } = options
  if ((drop === undefined) === (path === undefined)) throw usageProblem('name a list of addressees, or --drop NAME')
  if (drop !== undefined) {
    if (!/^[\w.-]{1,64}$/.test(drop))
      throw usageProblem('--drop takes letters, digits, dot, dash and underscore, at most 64')
    return withHub(options, async (hub, config) => {
      const mailing = await planMailing(hub, options)
      noteOutsideUrl(config)
      return sayingWhatFits(writeDrop(hub, mailing, drop, options))
    })
  }
  const file = path ?? '-'
  const csv = await openList(file, options)
  await withHub(options, async (hub, config) => {
    const mailing = await planMailing(hub, options)
    const printedAt = printDay(hub, mailing, options.printDate)
    const columns = recipientColumn(csv, 'post', options)
    noteOutsideUrl(config)
    return sayingWhatFits(writeCards(hub, { path: file, csv, mailing, columns, options, printedAt, qr }))
  })
}

/** A name or an address of the brand that fits on no card is for the operator to shorten. */
function sayingWhatFits(work: Promise<ExitCode>): Promise<ExitCode> {
  return work.catch((error: unknown) => {
    throw error instanceof CardTooSmall ? dataProblem(error.message) : error
  })
}

function printDay(hub: Hub, { brand }: Mailing, day: string | undefined): number {
  if (day === undefined) return hub.clock()
  const at = readDay(day, brandSettings(brand).timeZone)
  if (at === undefined) throw usageProblem('--print-date takes a day such as 2026-05-04')
  return at
}
