import { type Channel, type ContactPointType, channels, channelsServedBy, offers } from '@verzet/core'
import { type Command, Option } from 'commander'
import type { ColumnField } from '../../adapters/csv/column-guess.ts'
import type { OpenedCsv } from '../../adapters/csv/open-csv.ts'
import type { ColumnMap } from '../../adapters/csv/relation-columns.ts'
import type { Hub } from '../../services/hub.ts'
import type { Mailing } from '../../services/mint-link-rows.ts'
import { hubCommand, jsonOption, type PlaceOptions, withHub } from '../command-frame.ts'
import { collect, oneOf } from '../contact-argument.ts'
import { usageProblem } from '../exit-codes.ts'
import { columnsOf, type ImportOptions, openList } from '../import-plan.ts'
import { noteOutsideUrl } from '../note-outside-url.ts'
import { noteSmsFooter } from '../note-sms-footer.ts'
import { assertScopeExists } from '../scope-options.ts'
import { writeLinks } from '../write-links.ts'

export type LinksOptions = PlaceOptions &
  Pick<ImportOptions, 'header' | 'delimiter' | 'encoding' | 'rejects' | 'email' | 'phone' | 'post' | 'externalId'> & {
    brand: string
    topic: string
    campaign?: string
    channel: string
    offered?: string[]
    out?: string
    mark?: boolean
    summary?: string
    json?: boolean
  }

export function addLinksCommand(program: Command): void {
  const command = hubCommand(
    'links',
    'add personal opt-out links to a mailing list, and leave out whom the gate refuses',
    [
      'verzet links customers.csv --brand shop --topic news --campaign may-2026 --out may-2026.csv',
      'verzet links customers.csv --brand shop --topic news --channel post --post street,number,postcode,town --mark > print.csv',
    ],
  )
  command
    .argument('<file>', 'CSV with one recipient a line, or - for stdin')
    .requiredOption('--brand <brand>', 'who sends the message')
    .requiredOption('--topic <topic>', 'what it is about')
    .option('--campaign <campaign>', 'its name, to learn later which campaigns drive people away')
    .option('--channel <channel>', 'how it travels', 'email')
    .option('--offered <parts>', `what its text offers besides the links: ${offers.join(', ')}`, collect)
    .option('--out <file>', 'where the list goes (default: stdout)')
    .option('--mark', 'keep refused lines and say so in a column optout_decision')
    .option('--external-id <column>', 'your own number of the person, where there is no address')
    .option('--email <column>', 'e-mail address', collect)
    .option('--phone <column>', 'phone number', collect)
    .option('--post <column>', 'postal address; several columns are read as its parts', collect)
    .option('--no-header', 'the first line is a recipient too; columns then go by number')
    .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
    .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
    .option('--rejects <file>', 'where lines go that cannot be read (default: FILE.rejected.csv)')
    .option('--summary <file>', 'write the summary there as JSON')
    .addOption(jsonOption('print the summary as JSON, on stderr: stdout carries the list'))
    .addOption(new Option('--batch <rows>').hideHelp())
    .addHelpText('after', '\nThe columns it adds and what to put where in a message: docs/operate/links.md\n')
    .action(links)
  program.addCommand(command)
}

async function links(path: string, options: LinksOptions): Promise<void> {
  const csv = await openList(path, options)
  await withHub(options, async (hub, config) => {
    const mailing = await planMailing(hub, options)
    // With --json the summary stands alone on stderr.
    if (options.json !== true) noteOutsideUrl(config)
    if (mailing.channel === 'sms' && options.json !== true) await noteSmsFooter(hub, mailing.brand)
    return writeLinks(hub, { path, csv, mailing, columns: recipientColumn(csv, mailing.channel, options), options })
  })
}

/** What the flags of `verzet links` and `verzet cards` say about the mailing; refuses what does not exist. */
export async function planMailing(hub: Hub, options: LinksOptions): Promise<Mailing> {
  assertScopeExists(hub.catalog, { brand: options.brand, topic: options.topic })
  const brand = hub.catalog.brand(options.brand)
  const topic = hub.catalog.topic(options.brand, options.topic)
  if (brand === undefined || topic === undefined) throw usageProblem('there is no such brand or topic')
  const channel = oneOf(channels, options.channel, '--channel')
  const offered = (options.offered ?? []).map((part) => oneOf(offers, part, '--offered'))
  const { campaign } = options
  if (campaign !== undefined && !/^[\w.-]{1,64}$/.test(campaign)) {
    throw usageProblem('--campaign takes letters, digits, dot, dash and underscore, at most 64')
  }
  const number = campaign === undefined ? 0 : (await hub.catalog.campaign(brand.id, campaign, hub.clock())).number
  return { brand, topic, channel, offered, campaignNumber: number }
}

function columnFlags({ externalId, email, phone, post }: LinksOptions) {
  return {
    ...(externalId !== undefined && { externalId }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(post !== undefined && { post }),
  }
}

/** One contact point a line: the one the message goes to. */
export function recipientColumn(csv: OpenedCsv, channel: Channel, options: LinksOptions): ColumnMap {
  const serving: readonly ContactPointType[] = ['email', 'phone', 'post', 'customer']
  const fields = serving
    .filter((type) => channelsServedBy(type).includes(channel))
    .map((type): ColumnField & keyof LinksOptions =>
      type === 'customer' ? 'externalId' : type === 'push' ? 'email' : type,
    )
  const named = fields.filter((field) => options[field] !== undefined)
  const columns = columnsOf(csv, columnFlags(options), named.length > 0 ? named : fields.slice(0, 1))
  const [field] = Object.keys(columns)
  if (field === undefined)
    throw usageProblem(
      `name the column the ${channel} goes to, with ${fields.map((one) => `--${one === 'externalId' ? 'external-id' : one}`).join(' or ')}`,
    )
  if (Object.keys(columns).length > 1) throw usageProblem('name one column: a message goes to one address')
  if (field !== 'post' && (columns[fields.find((one) => one === field) ?? 'email']?.length ?? 0) > 1) {
    throw usageProblem(`more than one column could be meant by --${field}: name one`)
  }
  return columns
}
